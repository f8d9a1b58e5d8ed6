"""How does a price level move, month by month, by every deflator that has one, and how far do methods disagree?

Grain: segment x method x output x window_months x splice x period. Each deflator brings its rows
(pipelines/marts/deflators); here is what a row must hold.

Not here: yearly factors (price_deflation.py), the deflators.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import Column, Schema, columns, count, day, label, number
from pipelines.panels.deflators import deflators, inputs, marts

INPUTS = inputs()
MARTS = marts()

KEY_OF_METHOD: tuple[Column, ...] = columns(
    label("segment", "What is priced: family/item or zone/terms.", enumerated=True),
    label("method", "Index method.", enumerated=True),
    label("output", "fixed, chained, multilateral or trend.", enumerated=True),
    count("window_months", "Months the multilateral window spans; 0 is all months at once.", unit="month"),
    label("splice", "How windows are joined; none where there is one.", enumerated=True),
)

SCHEMA = Schema(
    table="price_index",
    kind="answer",
    description=(
        "One row per segment, method, output, window_months, splice and period. The price level of a segment, its "
        "first month 1.0: of matched items, or by another deflator. Months without a defined level have no row."
    ),
    key=(*(column.name for column in KEY_OF_METHOD), "period"),
    columns=columns(
        KEY_OF_METHOD,
        day("period", "First day of the month."),
        label("deflator", "What is held constant.", enumerated=True),
        number("index_level", "dimensionless", "Price level, first month 1.0.", minimum=0),
        count("matched_items", "Items priced in this month and in the one it is linked to (multilateral: the last)."),
        number("coverage_pct", "percent", "Matched items of the items of this month.", minimum=0, maximum=100),
        count("items_in_period", "Items priced in this month."),
        count("observed_items", "Of these, seen in this month or later; the others are not yet stale.", nullable=True),
        count("entered_items", "Items of this month that the segment's month before lacks.", nullable=True),
        count("exited_items", "Items of the segment's month before that this one lacks.", nullable=True),
        count("excluded_items", "Items left out of this month for a price of zero or below.", nullable=True),
        count(
            "link_gap_months",
            "Calendar months a chained link spans, 1 without a gap; 0 for other outputs.",
            nullable=True,
        ),
        number(
            "ratio_to_geks",
            "dimensionless",
            "Level over the level of GEKS-Jevons over all months: of a chained index, its drift.",
            nullable=True,
            minimum=0,
        ),
    ),
    rules=(
        holds("no more items match than are priced", "matched_items <= items_in_period"),
        holds("no more items are seen than are priced", "observed_items <= items_in_period"),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: the rows of every deflator that has levels."""
    made = [module.index(core).with_columns(deflator=pl.lit(module.DEFLATOR)) for module in deflators().values()]
    return table(pl.concat([SCHEMA.empty(), *made], how="diagonal_relaxed"))


def table(rows: pl.DataFrame) -> pl.DataFrame:
    """A deflator's rows as the table; columns it does not give are null."""
    return SCHEMA.conform(pl.concat([SCHEMA.empty(), rows], how="diagonal_relaxed"))
