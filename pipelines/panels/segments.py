"""Which segments an item belongs to: whole families, and their parts by what a buyer can choose.

Their names are patterns of the seed segment_name, which core.enumeration describes them from as well.

Not here: which segments have enough items (price_panel.py), prices.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from types import MappingProxyType

import polars as pl

from pipelines.home.packaged import seed_rows
from pipelines.panels.index_rules import rule

BASKETS = ("global_16", "us_primary", "us_secondary")
"""Averages over markets: segments of their own, never items beside their own members."""


def segment(series: str, **given: pl.Expr) -> pl.Expr:
    """The one name each item of the series has, from columns named as its placeholders, or from expressions given."""
    (made,) = _names(series, given)
    return made.alias("segment")


def segment_of(series: str, **parts: str) -> str:
    """The same for given values."""
    (pattern,) = _patterns(series)
    return pattern.format(**parts)


def gpu_segments(rows: pl.DataFrame, core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """By GPU, by family of GPUs and over all, each on its terms; within that by provider tier and part of the world.

    Forms stay items of their own in a family's segment: only the average runs over them.
    """
    tiers = core["dim_provider"].select("provider", pl.col("tier").fill_null("unspecified").alias("provider_tier"))
    several = pl.col("gpu").n_unique().over("gpu_family") > 1
    return (
        rows.join(tiers, on="provider", how="left")
        .join(core["region_group"].select("region", "region_group"), on="region", how="left")
        .join(core["dim_gpu"].select("gpu", "gpu_family"), on="gpu", how="left")
        .with_columns(
            pl.col("provider_tier").fill_null("unspecified"), gpu_family=pl.when(several).then(pl.col("gpu_family"))
        )
        .with_columns(_segments("gpu_rental"))
    )


def token_segments(rows: pl.DataFrame, core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """By kind of token, and within that by provider tier, by open or closed weights, and by stated size."""
    tiers = core["dim_provider"].select("provider", pl.col("tier").alias("provider_tier"))
    models = core["dim_model"].select("model", "weights", "parameters_b")
    named = rows.join(tiers, on="provider", how="left").join(models, on="model", how="left")
    size = pl.col("parameters_b")
    size_class = (
        pl.when(size < rule(core, "small_model_below_b"))
        .then(pl.lit("small_models"))
        .when(size < rule(core, "large_model_from_b"))
        .then(pl.lit("medium_models"))
        .when(size.is_not_null())
        .then(pl.lit("large_models"))
    )
    return named.with_columns(pl.col("provider_tier").fill_null("unspecified"), size_class=size_class).with_columns(
        _segments("tokens")
    )


def power_segments(rows: pl.DataFrame) -> pl.DataFrame:
    """Each zone, and the US states together; their derived total and Puerto Rico are no states."""
    state = pl.col("zone").str.starts_with("US-") & (pl.col("zone") != "US-PR") & ~pl.col("is_derived")
    return rows.with_columns(zone_group=pl.when(state).then(pl.lit("US states"))).with_columns(_segments("power"))


def colo_segments(rows: pl.DataFrame) -> pl.DataFrame:
    """Each market, and all single markets together."""
    single = ~pl.col("market").is_in(BASKETS)
    return rows.with_columns(market_group=pl.when(single).then(pl.lit("all"))).with_columns(_segments("colo"))


def _segments(series: str) -> pl.Expr:
    """Every name of the series whose attributes an item has."""
    return pl.concat_list(_names(series)).list.drop_nulls().alias("segments")


def _names(series: str, given: Mapping[str, pl.Expr] = MappingProxyType({})) -> list[pl.Expr]:
    """The names of the series; null where an attribute is."""
    return [
        pl.concat_str(
            [
                part
                for text, column, _, _ in Formatter().parse(pattern)
                for part in (pl.lit(text), *([given.get(column, pl.col(column))] if column else []))
            ]
        )
        for pattern in _patterns(series)
    ]


def _patterns(series: str) -> list[str]:
    return [row["pattern"] for row in seed_rows("segment_name") if row["series"] == series]
