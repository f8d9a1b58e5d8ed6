"""What no price index sees, and why: corrections, other readings of the same thing, what is no price of a market.

Grain: family x source_id x exclusion x detail. Prices are counted as a source states them (a price and how long it held
is one), except where another source speaks for the item: there months of the item are counted. Quarantined prices
count by the rule they broke, in `detail`.

Not here: the rules (price_quotes.py, price_doubts.py, price_voices.py; thresholds in core.rules_index).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import Schema, columns, count, label
from pipelines.panels.index_rules import rule
from pipelines.panels.price_panel import quotes_by_month
from pipelines.panels.quotes import INPUTS as QUOTE_INPUTS
from pipelines.panels.quotes import quotes
from pipelines.panels.voices import voiced

INPUTS = (*QUOTE_INPUTS, "quarantined_price")

SCHEMA = Schema(
    table="price_index_exclusion",
    kind="audit",
    description="One row per family, source_id, exclusion and detail. How much of it the price indices leave out.",
    key=("family", "source_id", "exclusion", "detail"),
    columns=columns(
        label("family", "Family of prices: gpu_rental, tokens, power or colo."),
        label("source_id", "Who stated them; see dim_source."),
        label("exclusion", "Why they are left out.", enumerated=True),
        label("detail", "The rule a quarantined price broke; else none."),
        count("items", "Different items concerned."),
        count("observations", "Prices left out; months of items where another source speaks."),
        label("example", "One item concerned, the first by name.", nullable=True),
    ),
    rules=(holds("every item has an observation", "items <= observations"),),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart."""
    every = quotes(core)
    cut = every.filter("is_cut").with_columns(left_out=pl.lit("jump_unconfirmed"))
    corrected = every.filter(pl.col("left_out").is_null() & pl.col("is_corrected")).with_columns(
        left_out=pl.lit("corrected_here")
    )
    left_out = _counted(pl.concat([every.filter(pl.col("left_out").is_not_null()), cut, corrected]), "left_out")
    months = quotes_by_month(every, core)
    spoken = voiced(months, rule(core, "same_price_pct") / 100.0)
    silent = months.join(spoken, on=["quote", "part", "month", "thing"], how="anti")
    silenced = _counted(silent.with_columns(left_out=pl.lit("another_source_speaks")), "left_out")
    quarantined = core["quarantined_price"].rename({"reason": "detail"}).with_columns(exclusion=pl.lit("quarantined"))
    return SCHEMA.conform(
        pl.concat([SCHEMA.empty(), left_out, silenced, quarantined], how="diagonal_relaxed").with_columns(
            pl.col("detail").fill_null("none")
        )
    )


def _counted(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    return rows.group_by("family", "source_id", pl.col(reason).alias("exclusion")).agg(
        pl.col("item").n_unique().alias("items"), pl.len().alias("observations"), pl.col("item").min().alias("example")
    )
