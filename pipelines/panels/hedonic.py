"""The panels behind the hedonic deflators: quotes by month, and what is known of the thing quoted.

The quotes are those of the matched panels (price_panel.py): the same items, the same prices of a month. Beside each
stand the characteristics of what is sold (a chip's peak, memory and bandwidth) and of who sells it. A quote of a
thing whose characteristics nobody states is left out and counted in `listed`.

Weights: within a month every seller's GPU (tokens: every model) counts once, shared by its regions, sizes and
listings. A cloud with 24 regions is one cloud.

Not here: the regression (index_numbers/hedonic.py), rows of marts (deflators/hedonic.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.hedonic import Observations
from pipelines.economics.index_numbers.panel import Matrix, Vector
from pipelines.economics.trace import HOW, current
from pipelines.mart_kit.carry import carry
from pipelines.panels.capability import THOUGHTLESS
from pipelines.panels.index_rules import rule
from pipelines.panels.price_panel import INPUTS as PANEL_INPUTS
from pipelines.panels.price_panel import PUBLISHED, monthly_prices
from pipelines.panels.quotes import TERMS

INPUTS = (*PANEL_INPUTS, "dim_gpu", "fct_benchmark_score")
MARTS = PUBLISHED

FEWEST_KINDS = 6
"""Two GPUs for each of peak, memory and bandwidth: with fewer, the coefficients fit the GPUs one by one."""

FEWEST_GPUS, FEWEST_MODELS = 2, 10
"""A panel begins and ends with a month in which quotes for so many were observed, not merely carried. GPUs are few and
their characteristics known; a benchmark's score says less of a model, so that a month needs more of them."""


@dataclass(frozen=True)
class Characteristic:
    """A measured characteristic: its name in the regression, the fact it is made of, and how."""

    name: str
    fact: str
    made: Callable[[Matrix], Matrix]


HARDWARE = (
    Characteristic("log_peak_16_bit", "peak_bf16_flop_s", np.log),
    Characteristic("log_memory", "memory_gb", np.log),
    Characteristic("log_memory_bandwidth", "memory_bandwidth_gb_s", np.log),
)
TIERS = ("tier_marketplace", "tier_neocloud", "tier_regional_cloud", "tier_serverless")
"""Against hyperscalers."""

TOKEN_TIERS = (
    "tier_hyperscaler",
    "tier_inference",
    "tier_neocloud",
    "tier_regional_cloud",
    "tier_reseller",
    "tier_serverless",
)
"""Against the lab that made the model."""


def _as_it_is(score: Matrix) -> Matrix:
    return score


def _log_odds(score_pct: Matrix) -> Matrix:
    return np.asarray(np.log(score_pct / (100.0 - score_pct)))


SCORES = {"epoch_capabilities_index": ("capability_index", _as_it_is), "gpqa_diamond": ("logit_score", _log_odds)}
"""Benchmarks, and what they are in the regression: Epoch's index of many benchmarks is on a scale of log odds already,
and covers most models; of shares of tasks solved, GPQA Diamond covers most."""

SIZE = Characteristic("log_size", "size_b", np.log)
AND_SIZE = "_and_size"
"""Segments over the models whose size is stated, mostly open ones, with it among their characteristics."""

WHOLE_FAMILIES = r"^(gpu_rental/all/[^/]+|tokens/(input|output)/all)$"

TOKEN_KINDS = ("input", "output")
STUDY = "epoch_llm_price_study"
"""Its scores stand beside its own prices and are read with them alone (deflators/frontier_study.py)."""

RECENT_DAYS = 365
"""How long after its release a model is new."""

GPU_DUMMIES = (
    "module",
    "form_unstated",
    "vendor_amd",
    *TIERS,
    "region_europe",
    "region_elsewhere",
    "region_government",
)


@dataclass(frozen=True)
class HedonicPanel:
    """One segment's quotes with characteristics.

    `quotes` has a row per item and month, sorted by both: item, unit (who sets the price), kind (what is quoted), place
    (number of the month), price, usd_per_currency (of the list it stands in), share (its weight), observed, a column of
    0 or 1 per dummy, and for models `recent`. `facts` has a row per kind, sorted, and a column per measured
    characteristic. `listed` counts the items of each month, with or without facts; `tiers` are the dummies of who
    sells; `sells` says whether the units are sellers.
    `window` is how many months rolling windows span (rule window_months), 0 for none.
    """

    segment: str
    months: tuple[dt.date, ...]
    quotes: pl.DataFrame
    facts: pl.DataFrame
    measured: tuple[Characteristic, ...]
    dummies: tuple[str, ...]
    tiers: tuple[str, ...]
    sells: bool
    listed: NDArray[np.int64]
    window: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Characteristics in the order of the regression."""
        return (*(c.name for c in self.measured), *self.dummies)

    def observations(self, prices: Vector | None = None, facts: Matrix | None = None) -> Observations:
        """The regression's rows, clusters the units. Other prices or facts may be given, in the order of the tables."""
        stated = self.facts.select(c.fact for c in self.measured).to_numpy() if facts is None else facts
        made = np.column_stack([c.made(stated[:, k]) for k, c in enumerate(self.measured)])
        kind = np.searchsorted(self.facts["kind"].to_numpy().astype(str), self.quotes["kind"].to_numpy().astype(str))
        return Observations.of(
            (self.quotes["price"].to_numpy() if prices is None else prices)
            * self.quotes["usd_per_currency"].to_numpy(),
            self.quotes["place"].to_numpy(),
            np.hstack([made[kind], self.quotes.select(self.dummies).to_numpy()]),
            self.names,
            weight=self.quotes["share"].to_numpy(),
            cluster=self.quotes["unit"].to_numpy().astype(str),
            periods=len(self.months),
        )


def whole_families(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Monthly prices of every GPU by terms and of every model by kind of token, columns as of `monthly_prices`.

    From the marts PUBLISHED where `core` holds them; from the facts where it does not, or where their origin is asked.
    """
    whole = pl.col("segment").str.contains(WHOLE_FAMILIES)
    if current() is None and all(f"marts.{name}" in core for name in MARTS):
        members = core["marts.price_panel_item"].select("segment", "item", *TERMS, "unit").filter(whole)
        return core["marts.price_panel"].rename({"is_observed": "observed"}).join(members, on="item")
    # A list's label may pass from one model to another; as in the published panels, its first one speaks.
    first = pl.col("unit").sort_by("month").first().over("segment", "item")
    return monthly_prices(core).filter(whole).with_columns(first)


def gpu_quotes(core: Mapping[str, pl.DataFrame], prices: pl.DataFrame) -> pl.DataFrame:
    """Quotes of every GPU by month, out of `whole_families`, by commitment: terms are never mixed.

    Beside them: kind (the GPU), form, region and its group, tier and vendor, null where nobody states them, and the
    exchange rate of the month, 1 where the list is in USD.
    """
    return (
        prices.filter(pl.col("segment").str.starts_with("gpu_rental/"))
        .rename({"gpu": "kind", "form_factor": "form"})
        .join(core["dim_provider"].select(pl.col("provider").alias("unit"), "tier"), on="unit", how="left")
        .join(core["dim_gpu"].select(pl.col("gpu").alias("kind"), "vendor"), on="kind", how="left")
        .join(core["region_group"].select("region", "region_group"), on="region", how="left")
        .with_columns(
            pl.col("segment").str.split("/").list.last().alias("commitment"), pl.col("usd_per_currency").fill_null(1.0)
        )
        .sort("commitment", "item", "month")
    )


def hedonic_panels(core: Mapping[str, pl.DataFrame]) -> list[HedonicPanel]:
    """Every panel, in the order of their segments' names."""
    prices = whole_families(core)
    window = int(rule(core, "window_months"))
    made = [replace(found, window=window) for found in (*gpu_panels(core, prices), *token_panels(core, prices))]
    return sorted(made, key=lambda found: found.segment)


def gpu_panels(core: Mapping[str, pl.DataFrame], prices: pl.DataFrame) -> Iterator[HedonicPanel]:
    """One panel per commitment that has enough GPUs."""
    facts = core["dim_gpu"].select(pl.col("gpu").alias("kind"), *carry(*(c.fact for c in HARDWARE)))
    quotes = gpu_quotes(core, prices).with_columns(
        # At one rate for all months: sellers' levels compare, and a currency that moves is no price that moves.
        pl.col("usd_per_currency").sort_by("month").first().over("unit"),
        pl.col("form").is_in(["SXM", "OAM", "NVL72"]).alias("module"),
        (pl.col("form") == "unspecified").alias("form_unstated"),
        (pl.col("vendor") == "AMD").fill_null(False).alias("vendor_amd"),
        *[(pl.col("tier") == tier.removeprefix("tier_")).fill_null(False).alias(tier) for tier in TIERS],
        (pl.col("region_group") == "europe").fill_null(False).alias("region_europe"),
        (~pl.col("region_group").is_in(["europe", "north_america"])).fill_null(False).alias("region_elsewhere"),
        pl.col("region").str.contains("-gov-").alias("region_government"),
    )
    for (commitment,), rows in quotes.group_by("commitment", maintain_order=True):
        found = panel(f"gpu_rental/hedonic/{commitment}", rows, facts, HARDWARE, GPU_DUMMIES, TIERS, FEWEST_GPUS)
        if found is not None:
            yield found


def token_panels(core: Mapping[str, pl.DataFrame], prices: pl.DataFrame) -> Iterator[HedonicPanel]:
    """Panels per benchmark and kind of token, without and with size: list prices of standard processing everywhere."""
    listed = prices.filter(pl.col("segment").is_in([f"tokens/{kind}/all" for kind in TOKEN_KINDS]))
    facts = core["dim_model"].select(pl.col("model").alias("unit"), "weights", "reasoning", "release_date")
    every = (
        listed.with_columns(pl.col("unit").alias("kind"), pl.col("seller").alias("provider"))
        .join(core["dim_provider"].select("provider", "tier"), on="provider", how="left")
        .join(facts, on="unit", how="left")
        .with_columns(
            pl.col("usd_per_currency").fill_null(1.0),
            (pl.col("weights") == "open").fill_null(False).alias("weights_open"),
            *[(pl.col("tier") == tier.removeprefix("tier_")).fill_null(False).alias(tier) for tier in TOKEN_TIERS],
            ((pl.col("month") - pl.col("release_date")).dt.total_days() < RECENT_DAYS).fill_null(False).alias("recent"),
        )
    )
    sizes = model_sizes(core)
    for benchmark, (name, made) in SCORES.items():
        scored = model_scores(core, benchmark)
        asked = pl.col("variant").is_not_null() & ~pl.col("variant").is_in(THOUGHTLESS)
        quotes = every.join(scored.select("kind", "variant"), on="kind", how="left").with_columns(
            (asked | pl.col("reasoning")).fill_null(False).alias("thinks")
        )
        score = Characteristic(name, "score", made)
        for token_kind in TOKEN_KINDS:
            of_kind = quotes.filter(pl.col("segment") == f"tokens/{token_kind}/all")
            for suffix, measured in (("", (score,)), (AND_SIZE, (score, SIZE))):
                found = panel(
                    f"tokens/hedonic/{token_kind}/{benchmark}{suffix}",
                    of_kind,
                    scored.drop("variant").join(sizes, on="kind", how="left"),
                    measured,
                    ("weights_open", "thinks", *TOKEN_TIERS),
                    TOKEN_TIERS,
                    FEWEST_MODELS,
                )
                if found is not None:
                    yield found


def model_sizes(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Models (`kind`) with size_b: the parameters that work on a token, where they are stated, else all of them."""
    active = pl.col("active_parameters_b").is_not_null()
    ends = [end for end in ("", HOW) if end + "parameters_b" in core["dim_model"].columns]
    return core["dim_model"].select(
        pl.col("model").alias("kind"),
        *[
            pl.when(active).then(f"{end}active_parameters_b").otherwise(f"{end}parameters_b").alias(f"{end}size_b")
            for end in ends
        ],
    )


def model_scores(core: Mapping[str, pl.DataFrame], benchmark: str) -> pl.DataFrame:
    """Models (`kind`) with score and variant: the best score of their variants, a stranger's before the maker's own.

    The price of a token is the same for all variants. Versions that came after the one the price is for are left out.
    """
    rows = core["fct_benchmark_score"].filter(
        pl.col("benchmark") == benchmark,
        pl.col("source_id") != STUDY,
        pl.col("version_match").is_in(["only", "first"]),
        pl.col("score").is_between(0.0, 100.0, closed="none") | (pl.col("score_unit") != "pct"),
    )
    best = rows.sort(
        "model",
        pl.col("is_self_reported").fill_null(True),
        "score",
        "observation_id",
        descending=[False, False, True, False],
    ).unique("model", keep="first", maintain_order=True)
    return best.select(pl.col("model").alias("kind"), "variant", *carry("score")).sort("kind")


def months_between(seen: pl.DataFrame, fewest: int = FEWEST_GPUS) -> pl.DataFrame | None:
    """Every month from the first to the last in which enough kinds were observed, numbered as `place`; None: under two.

    `seen` are quotes with kind, month and observed.
    """
    kinds = seen.filter("observed").group_by("month").agg(pl.col("kind").n_unique())
    ends = kinds.filter(pl.col("kind") >= fewest)["month"]
    if ends.len() < 2:
        return None
    whole = pl.date_range(pl.lit(ends.min()), pl.lit(ends.max()), interval="1mo").alias("month")
    return pl.select(whole).with_row_index("place")


def share() -> pl.Expr:
    """A quote's weight: within a month every seller's GPU, or model, counts once, shared by its quotes."""
    return (1.0 / pl.len().over("unit", "kind", "month")).alias("share")


def panel(
    segment: str,
    quotes: pl.DataFrame,
    facts: pl.DataFrame,
    measured: tuple[Characteristic, ...],
    dummies: tuple[str, ...],
    tiers: tuple[str, ...],
    fewest: int,
) -> HedonicPanel | None:
    """The panel of one segment; None where it holds too few kinds, or no two months."""
    known = facts.drop_nulls([c.fact for c in measured]).sort("kind")
    priced = quotes.filter(pl.col("price").is_not_null())
    rows = priced.join(known.select("kind"), on="kind", how="semi")
    place = months_between(rows, fewest)
    if place is None:
        return None
    rows = (
        rows.join(place, on="month")
        .with_columns(share(), *[pl.col(d).cast(pl.Float64) for d in dummies])
        .sort("item", "month")
    )
    kinds = known.filter(pl.col("kind").is_in(rows["kind"].unique().implode()))
    if kinds.height < FEWEST_KINDS:
        return None
    listed = priced.join(place, on="month")["place"].to_numpy()
    return HedonicPanel(
        segment=segment,
        months=tuple(place["month"].to_list()),
        quotes=rows,
        facts=kinds,
        measured=measured,
        dummies=dummies,
        tiers=tiers,
        sells=segment.startswith("gpu_rental/"),
        listed=np.bincount(listed, minlength=place.height).astype(np.int64),
    )
