"""Which segments an item belongs to: whole families, and their parts by what a buyer can choose.

Names are listed with a description in dbt_project/models/core/enumeration.sql, which makes them the same way.

Not here: which segments have enough items (price_panel.py), prices.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.panels.index_rules import rule

BASKETS = ("global_16", "us_primary", "us_secondary")
"""Averages over markets: segments of their own, never items beside their own members."""

FORM_OR_MEMORY = r" (SXM|PCIe|NVL|NVL72|\(unspecified\)|[0-9]+GB)$"
"""What a GPU's name says beyond its family."""


def gpu_segments(rows: pl.DataFrame, core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """By GPU, by family of GPUs and over all, each on its terms; within that by provider tier and part of the world.

    Forms stay items of their own in a family's segment: only the average runs over them.
    """
    tiers = core["dim_provider"].select("provider", pl.col("tier").fill_null("unspecified").alias("provider_tier"))
    named = rows.join(tiers, on="provider", how="left").join(
        core["region_group"].select("region", "region_group"), on="region", how="left"
    )
    name = pl.col("gpu").str.replace(FORM_OR_MEMORY, "")
    family = pl.when(pl.col("gpu").n_unique().over(name) > 1).then(pl.concat_str(name, pl.lit(" family")))
    whats = (pl.col("gpu"), family, pl.lit("all"))
    by = (None, pl.col("provider_tier").fill_null("unspecified"), pl.col("region_group"))
    return named.with_columns(
        _listed(
            *[
                _path(pl.lit("gpu_rental"), what, pl.col("commitment"), *([part] if part is not None else []))
                for what in whats
                for part in by
            ]
        )
    )


def token_segments(rows: pl.DataFrame, core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """By kind of token, and within that by provider tier, by open or closed weights, and by stated size."""
    tiers = core["dim_provider"].select("provider", pl.col("tier").alias("provider_tier"))
    models = core["dim_model"].select("model", "weights", "parameters_b")
    named = rows.join(tiers, on="provider", how="left").join(models, on="model", how="left")
    size = pl.col("parameters_b")
    sized = (
        pl.when(size < rule(core, "small_model_below_b"))
        .then(pl.lit("small_models"))
        .when(size < rule(core, "large_model_from_b"))
        .then(pl.lit("medium_models"))
        .when(size.is_not_null())
        .then(pl.lit("large_models"))
    )
    weights = pl.concat_str(pl.col("weights"), pl.lit("_weights"))
    parts = (pl.lit("all"), pl.col("provider_tier").fill_null("unspecified"), weights, sized)
    return named.with_columns(_listed(*[_path(pl.lit("tokens"), pl.col("token_kind"), part) for part in parts]))


def power_segments(rows: pl.DataFrame) -> pl.DataFrame:
    """Each zone, and the US states together; their derived total and Puerto Rico are no states."""
    state = pl.col("zone").str.starts_with("US-") & (pl.col("zone") != "US-PR") & ~pl.col("is_derived")
    zone = pl.when(state).then(pl.lit("US states"))
    return rows.with_columns(
        _listed(*[_path(pl.lit("power"), what, pl.col("sector")) for what in (pl.col("zone"), zone)])
    )


def colo_segments(rows: pl.DataFrame) -> pl.DataFrame:
    """Each market, and all single markets together."""
    single = pl.when(~pl.col("market").is_in(BASKETS)).then(pl.lit("all"))
    return rows.with_columns(_listed(*[_path(pl.lit("colo"), what) for what in (pl.col("market"), single)]))


def _path(*parts: pl.Expr) -> pl.Expr:
    """The parts joined; null where one is null."""
    return pl.concat_str(parts, separator="/")


def _listed(*paths: pl.Expr) -> pl.Expr:
    return pl.concat_list(paths).list.drop_nulls().alias("segments")
