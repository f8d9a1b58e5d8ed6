"""What is published about falling prices, as a yearly rate, beside what is measured here.

Grain: claim x compared_with x segment x method x output x window_months x splice. A claim of 280 times in two years
and one of 10 times a year are brought to one unit; beside each stand the deflators that measure what it speaks of,
with their intervals, and those that measure something else, so that the difference can be seen.

Not here: what the documents' own operands give (claim_check), how deflators are made (price_deflation).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.mart_kit.carry import aliased, carry, renamed
from pipelines.mart_kit.fall_verdict import CAPABILITY, RENT, TOKENS, judged
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, count, day, flag, label, number, ranged
from pipelines.panels.yearly_falls import AVERAGES, OF_OURS, OF_STUDY, TOKEN_SEGMENTS, WHOLE, yearly, yearly_averages

INPUTS = ("calendar", "claim", "headline_rate", "published_fall")
MARTS = ("deflation_reconciliation", "price_deflation")
PLOT = ("claimed_annual_factor",)
KEY = ("claim", "compared_with", "segment", "method", "output", "window_months", "splice")

YEARLY = ("annual_price_fall_factor", "annual_price_change_pct")

RENT_SEGMENT = "gpu_rental/H100 SXM/on_demand"
PEAKED = {"gpu": "H100 SXM", "commitment": "on_demand"}
TIERS = ("all", "hyperscaler", "neocloud")
HEDONIC_RENT = (pl.col("segment") == "gpu_rental/hedonic/on_demand") & (pl.col("method") == "tdh")

_ANNUAL = number("claimed_annual_factor", "1/year", "Times cheaper a year: factor ^ (1 / years).", minimum=0)
_CHANGE = number("claimed_annual_change_pct", "percent/year", "The same as a yearly change.")
_MEASURED = number(
    "measured_annual_factor", "1/year", "Times cheaper a year as measured here; above 1 = falling.", minimum=0
)

SCHEMA = Schema(
    table="deflation_claim",
    kind="answer",
    description=(
        "One row per claim, compared_with, segment, method, output, window_months and splice. A published fall of "
        "prices as a yearly factor beside a measured one, with the verdict whether it lies within its interval."
    ),
    key=KEY,
    columns=columns(
        label("claim", "The claim (core.published_fall)."),
        label("claim_id", "The document's claim (core.claim); null where it is no document's.", nullable=True),
        label("concept", "What is said to have fallen.", enumerated=True),
        label("publisher", "Who says so."),
        label("original_publisher", "Whose figure it is by our reading.", nullable=True),
        label("citation", "Document and line, or address."),
        ranged(number("claimed_factor", "1", "Times cheaper over the whole span, as stated.", minimum=0)),
        ranged(number("claimed_span_years", "year", "The span.", minimum=0)),
        ranged(_ANNUAL),
        ranged(_CHANGE),
        day("period_from", "First day the claim speaks of."),
        day("period_to", "Last day it speaks of."),
        label("compared_with", "What kind of measure stands beside it.", enumerated=True),
        label("segment", "What is measured.", enumerated=True),
        label("method", "How.", enumerated=True),
        label("output", "What of it.", enumerated=True),
        count("window_months", "Months of a rolling window; 0 for none.", unit="month"),
        label("splice", "How windows are joined; none where there is none.", enumerated=True),
        ranged(_MEASURED),
        label("interval", "What low and high of the measured factor are; null where there are none.", nullable=True),
        count("n", "Observations behind the measured factor: items, points, providers in the later month."),
        day("measured_from", "First period measured."),
        day("measured_to", "Last period measured."),
        flag("is_extrapolated", "Whether it is measured over less than a year."),
        number("claimed_over_measured", "1", "The claimed yearly factor over the measured one.", minimum=0),
        flag("is_its_milestone", "Whether the segment follows the very score the claim names."),
        label("verdict", "Where the claim lies against what is measured.", enumerated=True),
        label("reason", "Why."),
        label("note", "What a reader of the claim must know.", nullable=True),
    ),
    rules=(
        equal(
            "the yearly change follows from the factor",
            "100 * (1 / claimed_annual_factor - 1)",
            "claimed_annual_change_pct",
        ),
        equal(
            "claimed over measured is their ratio",
            "claimed_annual_factor / measured_annual_factor",
            "claimed_over_measured",
        ),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: every claim known by the as-of day, beside every measure it may be held against."""
    stated = claims(core)
    found = pl.concat(list(_beside(core, stated)), how="diagonal_relaxed")
    if stated.is_empty() or found.is_empty():
        return SCHEMA.empty()
    rows = compute(stated.join(found, on="claim"), ("claimed_over_measured",))
    return SCHEMA.conform(judged(rows))


def claims(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per claim with its factor, span and yearly equivalents; a document's figure is that of core.claim."""
    as_of = core["calendar"]["as_of_date"].max()
    known = core["published_fall"].filter(pl.col("published_on") <= as_of)
    own = known.filter(pl.col("claim_id").is_null())
    told = known.join(
        core["claim"].select("claim_id", "unit", *carry("value_low", "value_high", ends=False)), on="claim_id"
    )
    low, high = aliased({"value_low": "figure"}, ends=False), pl.col("value_high").alias("figure_high")
    told = told.with_columns(*low, pl.col("value_low").alias("figure_low"), high)
    of_percent = pl.col("unit") == "%"
    declines = compute(renamed(told.filter(of_percent), {"figure": "decline_pct"}), ("fall_of_decline",))
    parts = [
        renamed(own, {"factor": "price_fall_factor"}),
        renamed(declines.drop("factor", "factor_low", "factor_high"), {"fall_of_decline": "price_fall_factor"}),
        renamed(told.filter(~of_percent).drop("factor", "factor_low", "factor_high"), {"figure": "price_fall_factor"}),
    ]
    names = ("claim", "claim_id", "concept", "publisher", "original_publisher", "citation", "note", "milestone")
    dates = ("period_from", "period_to", "published_on")
    chosen = [part.select(*names, *dates, *carry("price_fall_factor", "span_years")) for part in parts]
    made = compute(pl.concat(chosen, how="diagonal_relaxed"), YEARLY)
    return renamed(
        made,
        {
            "price_fall_factor": "claimed_factor",
            "span_years": "claimed_span_years",
            "annual_price_fall_factor": "claimed_annual_factor",
            "annual_price_change_pct": "claimed_annual_change_pct",
        },
    )


def _beside(core: Mapping[str, pl.DataFrame], stated: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """What each claim is held against: claim, key columns of the measure, measured_annual_factor, is_comparable."""
    deflators = core["marts.price_deflation"]
    whole = [pl.col(name) == value for name, value in WHOLE.items()]
    tokens, rent = deflators.filter(pl.col("segment").is_in(TOKEN_SEGMENTS), *whole), pl.col("segment") == RENT_SEGMENT
    yield _frontiers(stated, deflators.filter(OF_STUDY | OF_OURS))
    yield _measured(stated, tokens, {CAPABILITY: False, TOKENS: True})
    yield _measured(stated, deflators.filter(rent, *whole), {RENT: True})
    yield _measured(stated, deflators.filter(HEDONIC_RENT), {RENT: False})
    yield _averages(stated, core["marts.deflation_reconciliation"])
    yield _headlines(stated, core["headline_rate"])


def _measured(stated: pl.DataFrame, rows: pl.DataFrame, concepts: Mapping[str, bool]) -> pl.DataFrame:
    """Rows of price_deflation beside the claims of these concepts, with whether they measure what those speak of."""
    resampled, fitted = pl.col("ci_low").is_not_null(), pl.col("t_low").is_not_null()
    chosen = rows.select(
        pl.col("deflator").alias("compared_with"),
        *KEY[2:],
        *aliased({"annual_factor": "measured_annual_factor"}),
        pl.coalesce("ci_low", "t_low").alias("measured_annual_factor_low"),
        pl.coalesce("ci_high", "t_high").alias("measured_annual_factor_high"),
        pl.when(resampled)
        .then(pl.lit("90%, ") + pl.col("ci_basis"))
        .when(fitted)
        .then(pl.lit("90%, t"))
        .alias("interval"),
        "n",
        pl.col("first_period").alias("measured_from"),
        pl.col("last_period").alias("measured_to"),
        "is_extrapolated",
    )
    about = pl.DataFrame({"concept": list(concepts), "is_comparable": list(concepts.values())})
    return stated.select("claim", "concept").join(about, on="concept").drop("concept").join(chosen, how="cross")


def _frontiers(stated: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """What a score costs: for a claim that names one, the study's row of it and ours on that benchmark; else all."""
    found = _measured(stated, rows, {CAPABILITY: True})
    named = found.join(stated.select("claim", "milestone"), on="claim")
    benchmark = pl.col("segment").str.split("/").list.get(1)
    same = benchmark == pl.col("milestone").str.split("/").list.get(1)
    own = pl.col("segment") == pl.col("milestone")
    return named.filter(pl.col("milestone").is_null() | own | (same & ~OF_STUDY)).drop("milestone")


def _averages(stated: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Averages of token prices beside the claims."""
    about = pl.DataFrame({"concept": [TOKENS, CAPABILITY], "is_comparable": [True, False]})
    of = stated.select("claim", "concept").join(about, on="concept").drop("concept")
    return of.join(yearly_averages(rows, TOKEN_SEGMENTS, AVERAGES), how="cross")


def _headlines(stated: pl.DataFrame, rents: pl.DataFrame) -> pl.DataFrame:
    """The headline rent of its dearest month over that of the claim's month, and over the newest, by tier."""
    rows = rents.filter(
        *[pl.col(name) == value for name, value in PEAKED.items()], pl.col("provider_tier").is_in(TIERS)
    )
    about = stated.filter(concept=RENT).select("claim", "published_on")
    peak = rows.sort("price_usd_per_gpu_hour", "as_of_date", descending=[True, False]).unique(
        "provider_tier", keep="first", maintain_order=True
    )
    peak = peak.select(
        "provider_tier",
        pl.col("as_of_date").alias("measured_from"),
        *aliased({"price_usd_per_gpu_hour": "peak_usd_per_gpu_hour"}, ends=False),
    )
    later = rows.select(
        "provider_tier",
        "as_of_date",
        *aliased({"price_usd_per_gpu_hour": "rent_usd_per_gpu_hour"}, ends=False),
        pl.col("provider_count").cast(pl.Int64).alias("n"),
    )
    parts = []
    for output, until in (("level_then", pl.col("as_of_date") <= pl.col("published_on")), ("level_now", pl.lit(True))):
        newest = about.join(later, how="cross").filter(until).sort("as_of_date", descending=True)
        newest = newest.unique(["claim", "provider_tier"], keep="first", maintain_order=True)
        # A month after the claim's own is not what it saw; a tier that had none within a quarter has nothing to say.
        newest = newest.filter((pl.col("published_on") - pl.col("as_of_date")).dt.total_days() <= 92)
        pairs = newest.join(peak, on="provider_tier").rename({"as_of_date": "measured_to"})
        pairs = pairs.filter(pl.col("measured_from") < pl.col("measured_to"))
        made = compute(pairs, ("fall_from_peak",))
        made = renamed(made, {"fall_from_peak": "price_fall_factor"}).with_columns(
            pl.lit(RENT_SEGMENT).alias("segment"),
            pl.format("headline_{}", "provider_tier").alias("method"),
            pl.lit(True).alias("is_comparable"),
        )
        parts.append(yearly(made, "headline_rent", output))
    return pl.concat(parts, how="diagonal_relaxed")
