"""How far is each deflator from the price of the same thing on the same terms, and what lies between them?

Grain: matched_segment x compared_with x segment x method x output x window_months x splice. A frontier, a hedonic
index or an average level falls faster than a matched index; by how much a year, and by what, is said here. The
matched side is GEKS-Jevons over all periods, read between the months the other one speaks of, or the part of them it
has. In logarithms the matched change and the gap are the whole of the other deflator.

Not here: the parts of an average in its own segment (deflation_reconciliation), which of two deflators is right: they
answer two questions.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import formulas
from pipelines.economics.index_numbers.deflation import DAYS_PER_YEAR
from pipelines.mart_kit.carry import aliased, because, carry
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, count, day, figure, label, number
from pipelines.panels.yearly_falls import AVERAGES, OF_OURS, OF_STUDY, TOKEN_SEGMENTS, WHOLE, yearly_averages

INPUTS: tuple[str, ...] = ()
MARTS = ("deflation_reconciliation", "price_deflation", "price_index")
PLOT = ("gap_annual_log_pct",)
KEY = ("matched_segment", "compared_with", "segment", "method", "output", "window_months", "splice")

FIGURES = ("measured_annual_log_pct", "matched_annual_log_pct", "gap_annual_log_pct")
FORMULAS = formulas()

RENTED = ("on_demand", "reserved_1y", "reserved_3y", "spot")
GPU_SEGMENTS = tuple(f"gpu_rental/all/{commitment}" for commitment in RENTED)
OTHER_INDICES = pl.col("method").is_in(["jevons"])
BY_QUALITY = ("tdh", "pflop_hour", "pflop_hour_cheapest")
"""Of the hedonic deflators and those per unit of compute those beside the matched index; the rest are sensitivity."""

SCHEMA = Schema(
    table="deflator_gap",
    kind="audit",
    description=(
        "One row per matched_segment, compared_with, segment, method, output, window_months and splice. A deflator's "
        "yearly change beside that of the same items over the same span; the gap is what it counts beyond them."
    ),
    key=KEY,
    columns=columns(
        label("matched_segment", "The segment whose matched index it is held against.", enumerated=True),
        label("compared_with", "What kind of deflator is held against it.", enumerated=True),
        label("segment", "Its segment.", enumerated=True),
        label("method", "Its method.", enumerated=True),
        label("output", "What of it.", enumerated=True),
        count("window_months", "Months of a rolling window; 0 for none.", unit="month"),
        label("splice", "How windows are joined; none where there is none.", enumerated=True),
        number("measured_annual_factor", "1/year", "Its yearly factor; above 1 = falling.", minimum=0),
        *[figure(FORMULAS, name) for name in FIGURES],
        label("adds", "What it counts that the matched index does not.", enumerated=True),
        count("n", "Observations behind it."),
        day("first_period", "Its first period."),
        day("last_period", "Its last period."),
        day("matched_from", "Month from which the matched index is read."),
        day("matched_to", "Month to which it is read."),
    ),
    rules=(
        equal(
            "the gap is measured less matched", "measured_annual_log_pct - matched_annual_log_pct", "gap_annual_log_pct"
        ),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: every deflator of tokens and of rented GPUs that is not the matched one itself."""
    others = pl.concat([_tokens(core), _gpus(core), _same_segment(core)], how="diagonal_relaxed")
    if others.is_empty():
        return SCHEMA.empty()
    return SCHEMA.conform(compute(_over_its_span(others, core["marts.price_index"]), FIGURES))


def _tokens(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What a score costs, beside the same models' list prices of input and of output."""
    rows = _rows(core["marts.price_deflation"].filter(OF_STUDY | OF_OURS))
    anchors = pl.DataFrame({"matched_segment": TOKEN_SEGMENTS})
    return anchors.join(rows, how="cross").with_columns(pl.lit("new_models_at_a_score").alias("adds"))


def _gpus(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """What compute, memory and bandwidth cost, beside the same machines' rents on the same terms."""
    parts = pl.col("segment").str.split("/").list
    of_quality = parts.get(1).is_in(["hedonic", "pflop_hour"]) & parts.get(0).eq("gpu_rental")
    rows = _rows(
        core["marts.price_deflation"].filter(
            of_quality, pl.col("method").is_in(BY_QUALITY), pl.col("window_months") == 0
        )
    )
    hedonic = pl.col("method") == "tdh"
    return rows.with_columns(
        pl.format("gpu_rental/all/{}", parts.last()).alias("matched_segment"),
        pl.when(hedonic)
        .then(pl.lit("machines_at_their_characteristics"))
        .otherwise(pl.lit("machines_by_their_compute"))
        .alias("adds"),
    ).filter(pl.col("matched_segment").is_in(GPU_SEGMENTS))


def _same_segment(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Averages of the segment itself, and its direct and chained indices."""
    segments = (*TOKEN_SEGMENTS, *GPU_SEGMENTS)
    own = pl.col("segment").is_in(segments)
    indices = _rows(core["marts.price_deflation"].filter(own, OTHER_INDICES)).with_columns(
        pl.lit("items_at_both_ends_or_links").alias("adds")
    )
    averages = (
        yearly_averages(core["marts.deflation_reconciliation"], segments, AVERAGES)
        .rename({"measured_from": "first_period", "measured_to": "last_period"})
        .with_columns(pl.lit("entry_and_exit").alias("adds"))
    )
    both = pl.concat([indices, averages], how="diagonal_relaxed")
    return both.with_columns(pl.col("segment").alias("matched_segment"))


def _rows(deflators: pl.DataFrame) -> pl.DataFrame:
    return deflators.select(
        pl.col("deflator").alias("compared_with"),
        *KEY[2:],
        *aliased({"annual_factor": "measured_annual_factor"}, ends=False),
        "n",
        "first_period",
        "last_period",
    )


def _over_its_span(others: pl.DataFrame, index: pl.DataFrame) -> pl.DataFrame:
    """With the matched level of the months the deflator speaks of: the first in its span that has one, and the last."""
    whole = [pl.col(name) == value for name, value in WHOLE.items()]
    levels = index.filter(*whole).select(
        pl.col("segment").alias("matched_segment"), "period", *carry("index_level", ends=False)
    )
    keyed = others.with_columns(
        pl.col("first_period").dt.month_start().alias("start"), pl.col("last_period").dt.month_start().alias("end")
    )
    inside = keyed.select(*KEY, "start", "end").join(levels, on="matched_segment")
    inside = inside.filter(pl.col("period").is_between("start", "end")).drop("start", "end").sort("period")
    opened = inside.unique(KEY, keep="first", maintain_order=True).select(
        *KEY,
        pl.col("period").alias("matched_from"),
        *aliased({"index_level": "matched_level_from"}, ends=False),
    )
    closed = inside.unique(KEY, keep="last", maintain_order=True).select(
        *KEY,
        pl.col("period").alias("matched_to"),
        *aliased({"index_level": "matched_level_to"}, ends=False),
    )
    joined = keyed.join(opened, on=KEY).join(closed, on=KEY).filter(pl.col("matched_from") < pl.col("matched_to"))
    years = (pl.col("matched_to") - pl.col("matched_from")).dt.total_days() / DAYS_PER_YEAR
    return joined.with_columns(
        years.alias("matched_span_years"), *because("matched_span_years", "days between the two months over 365")
    )
