"""Which segments of the price indices an item of marts.price_panel is in, and who sets its price.

Grain: segment x item. Only segments with enough items and months to have an index are listed. An item without a
price in the segment's months (it came before, or costs nothing) is listed with none.

Not here: prices (price_panel.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import Schema, columns, count, day, flag, label
from pipelines.panels.price_panel import INPUTS as PANEL_INPUTS
from pipelines.panels.price_panel import segment_panel, segment_prices
from pipelines.panels.quotes import TERMS

INPUTS = PANEL_INPUTS

SCHEMA = Schema(
    table="price_panel_item",
    kind="panel",
    description="One row per segment and item. What each price index is made of.",
    key=("segment", "item"),
    columns=columns(
        label("segment", "What is priced: family/item or zone/terms.", enumerated=True),
        label("item", "The thing and its terms, as in price_panel."),
        label("seller", "Who asks its price; null for zones and markets.", nullable=True),
        label("gpu", "Its GPU; null where it is none.", nullable=True),
        label("form_factor", "The GPU's form; null where it is no GPU.", nullable=True),
        label("region", "The seller's region; null where it is no GPU.", nullable=True),
        label("unit", "Who sets its price; intervals draw these whole: seller, model, zone or market."),
        count("months", "Months of the segment in which it has a price.", unit="month"),
        flag("is_returning", "Whether these are two or more: only then it says anything about change."),
        day("first_month", "First month of the segment's index."),
        day("last_month", "Last month of the segment's index."),
    ),
    rules=(
        holds("two priced months make an item return", "is_returning = (months >= 2)"),
        holds("the first month comes before the last", "first_month < last_month"),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart."""
    parts = []
    for segment, rows in segment_prices(core):
        found = segment_panel(segment, rows)
        if found is None:
            continue
        months = pl.DataFrame({"item": found.items, "months": found.panel.present.sum(axis=1).astype(int)})
        parts.append(
            rows.select("segment", "item", *TERMS, "unit")
            .unique("item", keep="first", maintain_order=True)
            .join(months, on="item", how="left")
            .with_columns(first_month=pl.lit(found.months[0]), last_month=pl.lit(found.months[-1]))
        )
    made = pl.concat([SCHEMA.empty(), *parts], how="diagonal_relaxed").with_columns(pl.col("months").fill_null(0))
    return SCHEMA.conform(made.with_columns((pl.col("months") >= 2).alias("is_returning")))
