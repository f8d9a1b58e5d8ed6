"""Quotes: what one source says one item costs, from when until when, and which of them no index may use.

An item is the same thing on the same terms (docs/index_numbers.md): for GPU rental provider x sku x gpu x form factor x
commitment x region x GPU count; for tokens provider x model and version x terms of the offer (region, quantisation,
route) x kind x processing x tier; for power zone x sector; for colo market x size band x facility type x rate type.
Several sources, or several labels of one source, may state one item: each is a quote of its own, and price_voices.py
decides who speaks. A reseller's route is the reseller's item, never the lab's.

Left out, with the reason in `left_out`: documents and estimates (grade C), fractions of a GPU, labels that point at
whichever model is newest, processing other than standard, statements a later one replaced, prices announced but not
yet in force, token prices from before they were recorded, routers' prices of models that many host (`_routed`), and
what price_doubts.py takes for a correction of the list and no change of the price.

Not here: months, indices, what is in quarantine already (core.quarantined_price).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from pipelines.economics.trace import HOW, current
from pipelines.mart_kit.carry import aliased, carry
from pipelines.panels.doubts import CORRECTIONS, doubted
from pipelines.panels.index_rules import rule
from pipelines.panels.segments import colo_segments, gpu_segments, power_segments, token_segments

INPUTS = (
    "calendar",
    "dim_gpu",
    "dim_model",
    "dim_provider",
    "dim_source",
    "fct_colo_rate",
    "fct_gpu_rental_rate",
    "fct_power_price",
    "fct_token_price",
    "region_group",
    "rules",
    "rules_index",
)

ALIAS = r"^~|-latest($|[:@])"
"""Labels that name whichever model is newest: when it changes, another thing's price shows (docs/index_numbers.md)."""

TERMS = ("seller", "gpu", "form_factor", "region")
"""What an item's name says, as columns: null where the family knows no such thing."""

OFFER_TERMS = {"snapshot": "unspecified", "region": "unspecified", "quantisation": "unspecified", "route": "standard"}
"""What an offer of tokens may name beside the model, and the value that says it names nothing."""

_COLUMNS = (
    *TERMS,
    "family",
    "item",
    "quote",
    "source_id",
    "preference",
    "segments",
    "unit",
    "price_unit",
    "valid_from",
    "valid_to",
    "last_observed",
    "left_out",
    "is_list",
    "may_jump",
    "is_corrected",
)


def quotes(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Every quote, used or not: item, its terms, quote, part, segments, unit, price, days, left_out and more.

    `preference` sorts the quotes of an item, best first; `part` counts the pieces a quote is cut into where its price
    jumps as a price does not; `left_out` is null for what indices use.
    """
    judged = _judged(pl.concat([_gpu(core), _tokens(core), _power(core), _colo(core)]), core)
    nothing = pl.when(pl.col("price") <= 0).then(pl.lit("zero_or_negative"))
    return judged.with_columns(pl.coalesce("left_out", nothing))


def corrected_token_prices(core: Mapping[str, pl.DataFrame]) -> pl.Series:
    """observation_id of every token price that price_doubts.py takes for an error of its list: left out wherever prices
    are compared over time, not in matched indices alone. Routers' prices are judged too: a buyer can pay them.
    """
    facts = core["fct_token_price"].with_columns(is_routed=pl.lit(False))
    judged = _judged(_token_statements(facts), core)
    return judged.filter(pl.col("left_out").is_in(CORRECTIONS))["observation_id"]


def _judged(stated: pl.DataFrame, core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """With what is announced and what is doubted in `left_out`."""
    as_of: dt.date = core["calendar"]["as_of_date"].max()  # type: ignore[assignment]
    announced = pl.when(pl.col("valid_from") > as_of).then(pl.lit("announced"))
    return doubted(
        stated.with_columns(pl.coalesce("left_out", announced)),
        same=rule(core, "same_price_pct") / 100.0,
        jump=rule(core, "jump_multiple"),
        first_days=rule(core, "first_days"),
        reversal_days=rule(core, "reversal_days"),
    )


def _terms(**known: pl.Expr) -> list[pl.Expr]:
    """The columns TERMS; those nobody names here are null."""
    return [known.get(name, pl.lit(None, dtype=pl.String)).alias(name) for name in TERMS]


def _joined(name: str, *parts: str) -> pl.Expr:
    return pl.concat_str([pl.col(part).cast(pl.String) for part in parts], separator="|", ignore_nulls=True).alias(name)


def _reason(**when: pl.Expr) -> pl.Expr:
    """The first reason that holds."""
    return pl.coalesce(*[pl.when(holds).then(pl.lit(name)) for name, holds in when.items()]).alias("left_out")


def _preferred(rows: pl.DataFrame, core: Mapping[str, pl.DataFrame], *own: pl.Expr) -> pl.DataFrame:
    """With `preference`: the better grade, the better standing, the one that looks more often, then by name.

    These do not change from month to month, so that no source takes over and gives back for looking a day later.
    """
    known = core["dim_source"].select("source_id", "cadence_days", "standing")
    place = [pl.col(name).cast(pl.String).str.zfill(6) for name in ("standing", "cadence_days")]
    return rows.join(known, on="source_id", how="left").with_columns(
        pl.concat_str([pl.col("grade"), *place, *own, pl.col("quote")], separator=" ", ignore_nulls=True).alias(
            "preference"
        )
    )


def _agreed(rows: pl.DataFrame, local: pl.Expr, own: str, converted: str) -> list[pl.Expr]:
    """`price` in the currency it is agreed in, with its reference: an exchange rate is no price of the thing."""
    return [
        pl.when(local).then(pl.col(start + own)).otherwise(pl.col(start + converted)).alias(start + "price")
        for start in ("", HOW)
        if start + converted in rows.columns
    ]


def _rate(local: pl.Expr, column: str | None) -> list[pl.Expr]:
    """`usd_per_currency` of what is agreed in another currency, with its reference under tracing."""
    return [
        pl.when(local)
        .then(pl.lit(None) if column is None else pl.col(start + column))
        .cast(dtype)
        .alias(start + "usd_per_currency")
        for start, dtype in (("", pl.Float64), (HOW, pl.String))
        if not start or current()
    ]


def _gpu(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """A seller sets the prices of all its machines, in the currency of its list."""
    facts = core["fct_gpu_rental_rate"]
    local = pl.col("list_currency") != "USD"
    unnamed_term = pl.when(pl.col("commitment") == "reserved").then(pl.col("term_months"))
    rows = facts.with_columns(bound=unnamed_term).with_columns(
        pl.col("correction_ids").is_not_null().alias("is_corrected"),
        _joined("item", "provider", "sku", "gpu", "form_factor", "commitment", "bound", "region", "gpu_count"),
        pl.col("source_id").alias("quote"),
        pl.lit("gpu_rental").alias("family"),
        pl.col("provider").alias("seller"),
        pl.col("provider").alias("unit"),
        pl.concat_str("list_currency", pl.lit("/GPU-hour")).alias("price_unit"),
        *_rate(local, "list_currency_usd"),
        _reason(
            grade_c=pl.col("grade") == "C",
            partial_gpu=pl.col("form_factor") == "partial",
            replaced_by_later_statement=pl.col("known_to").is_not_null(),
        ),
        pl.lit(False).alias("is_list"),
        (pl.col("commitment") == "spot").alias("may_jump"),
        *_agreed(facts, local, "list_price_per_gpu_hour", "price_usd_per_gpu_hour"),
    )
    return _preferred(gpu_segments(rows, core), core).select(*_COLUMNS, *carry("price", "usd_per_currency", ends=False))


def _tokens(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Token prices with their standing and their segments."""
    rows = _preferred(token_segments(_token_statements(_routed(core["fct_token_price"], core)), core), core)
    return rows.select(*_COLUMNS, *carry("price", "usd_per_currency", ends=False))


def _token_statements(facts: pl.DataFrame) -> pl.DataFrame:
    """A model's maker or cheapest host sets what all who resell it ask: the model is the unit, not the listing.

    A price counts from the day it was recorded. What a list tells afterwards about the past it tells mostly of prices
    that changed (genai-prices 0.2.3: 167 of 235 input prices it dates back, where one in eight changes): a sample
    chosen by its outcome. Terms of the offer are named in the item where it has any: versions, regions, number formats
    and routes stay apart, however lists spell them.
    """
    label = pl.coalesce("model_label", "model")
    terms = [pl.when(pl.col(column) != plain).then(pl.col(column)) for column, plain in OFFER_TERMS.items()]
    told = pl.max_horizontal("valid_from", "known_from")
    return facts.with_columns(
        pl.col("correction_ids").is_not_null().alias("is_corrected"),
        pl.concat_str([pl.col("model"), *terms], separator="|", ignore_nulls=True).alias("offer"),
        pl.concat_str([pl.col("source_id"), pl.col("provider_label"), label], separator="|").alias("quote"),
        pl.lit("tokens").alias("family"),
        *_terms(seller=pl.col("provider")),
        pl.col("model").alias("unit"),
        pl.lit("USD/Mtok").alias("price_unit"),
        *_rate(pl.lit(False), None),
        _reason(
            grade_c=pl.col("grade") == "C",
            moving_alias=label.str.contains(ALIAS),
            not_standard_processing=pl.col("processing") != "standard",
            replaced_by_later_statement=pl.col("known_to").is_not_null(),
            told_afterwards=pl.col("valid_to") <= told,
            route_may_change=pl.col("is_routed"),
        ),
        pl.lit(True).alias("is_list"),
        pl.lit(False).alias("may_jump"),
        *aliased({"price_usd_per_mtok": "price"}, ends=False),
    ).with_columns(
        _joined("item", "provider", "offer", "token_kind", "processing", "tier"),
        pl.when(pl.col("left_out").is_null()).then(told).otherwise("valid_from").alias("valid_from"),
    )


def _routed(rows: pl.DataFrame, core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """With `is_routed`: a reseller's price of a model whose weights are not known to be closed: many may host it.

    mixtral-8x22b at OpenRouter rose from 0.65 to 6 as hosts left it to the maker: no seller raised a price.
    """
    reseller = core["dim_provider"].filter(pl.col("tier") == "reseller")["provider"].implode()
    closed = core["dim_model"].filter(pl.col("weights") == "closed")["model"].implode()
    routed = pl.col("provider").is_in(reseller) & ~pl.col("model").is_in(closed)
    return rows.with_columns(routed.fill_null(False).alias("is_routed"))


def _power(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The zone is the unit. Prices are in the currency of the market."""
    rows = core["fct_power_price"]
    local = pl.col("original_currency") != "USD"
    rows = rows.with_columns(
        pl.lit(False).alias("is_corrected"),
        _joined("item", "zone", "sector"),
        pl.col("source_id").alias("quote"),
        pl.lit("power").alias("family"),
        *_terms(),
        pl.col("zone").alias("unit"),
        pl.when(local)
        .then(pl.concat_str("original_currency", pl.lit(" as published")))
        .otherwise(pl.lit("USD/kWh"))
        .alias("price_unit"),
        _reason(grade_c=pl.col("grade") == "C", replaced_by_later_statement=pl.col("known_to").is_not_null()),
        pl.lit(False).alias("is_list"),
        pl.lit(True).alias("may_jump"),
        *_agreed(rows, local, "original_price", "price_usd_per_kwh"),
        *_rate(local, "fx_rate"),
        pl.col("interval_start").cast(pl.Date).alias("valid_from"),
        pl.col("interval_end").cast(pl.Date).alias("valid_to"),
        pl.max_horizontal("last_observed", pl.col("interval_end").cast(pl.Date)).alias("last_observed"),
    )
    return _preferred(power_segments(rows), core).select(*_COLUMNS, *carry("price", "usd_per_currency", ends=False))


def _colo(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The market is the unit. A rate speaks for the period it names."""
    rows = core["fct_colo_rate"].with_columns(
        pl.lit(False).alias("is_corrected"),
        _joined("item", "market", "size_band", "facility_type", "rate_type"),
        pl.col("source_id").alias("quote"),
        pl.lit("colo").alias("family"),
        *_terms(),
        pl.col("market").alias("unit"),
        pl.lit("USD/kW-month").alias("price_unit"),
        *_rate(pl.lit(False), None),
        _reason(grade_c=pl.col("grade") == "C", replaced_by_later_statement=pl.col("known_to").is_not_null()),
        pl.lit(False).alias("is_list"),
        pl.lit(True).alias("may_jump"),
        *aliased({"rate_usd_per_kw_month": "price"}, ends=False),
        pl.max_horizontal("last_observed", pl.coalesce("valid_to", "last_observed")).alias("last_observed"),
    )
    return _preferred(colo_segments(rows), core).select(*_COLUMNS, *carry("price", "usd_per_currency", ends=False))
