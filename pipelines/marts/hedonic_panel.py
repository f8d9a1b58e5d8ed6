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
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.hedonic import Observations
from pipelines.economics.index_numbers.panel import Matrix, Vector
from pipelines.marts.carry import carry
from pipelines.marts.price_panel import INPUTS as PANEL_INPUTS
from pipelines.marts.price_panel import monthly_prices

INPUTS = (*PANEL_INPUTS, "dim_gpu")

FEWEST_KINDS = 6
"""Two GPUs for each of peak, memory and bandwidth: with fewer, the coefficients fit the GPUs one by one."""

FEWEST_IN_MONTH = 2
"""A panel begins and ends with a month in which quotes for two different GPUs were observed, not merely carried."""


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

GPU_DUMMIES = ("module", "form_unstated", "vendor_amd", *TIERS, "region_europe", "region_government")


@dataclass(frozen=True)
class HedonicPanel:
    """One segment's quotes with characteristics.

    `quotes` has a row per item and month, sorted by both: item, unit (who sets the price), kind (what is quoted),
    place (number of the month), price, share (its weight), observed, and a column of 0 or 1 per dummy. `facts` has a
    row per kind, sorted, and a column per measured characteristic. `listed` counts the items of each month, with or
    without facts; `tiers` are the dummies of who sells.
    """

    segment: str
    months: tuple[dt.date, ...]
    quotes: pl.DataFrame
    facts: pl.DataFrame
    measured: tuple[Characteristic, ...]
    dummies: tuple[str, ...]
    tiers: tuple[str, ...]
    listed: NDArray[np.int64]

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
            self.quotes["price"].to_numpy() if prices is None else prices,
            self.quotes["place"].to_numpy(),
            np.hstack([made[kind], self.quotes.select(self.dummies).to_numpy()]),
            self.names,
            weight=self.quotes["share"].to_numpy(),
            cluster=self.quotes["unit"].to_numpy().astype(str),
            periods=len(self.months),
        )


def gpu_quotes(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Quotes of every GPU by month as monthly_prices has them, a segment per commitment: terms are never mixed.

    Beside them: kind (the GPU), form, region, tier and vendor, null where nobody states them.
    """
    prices = monthly_prices(core).filter(pl.col("segment").str.contains("^gpu_rental/all/[^/]+$"))
    # The parts of an item's name (price_panel.py), from its ends: a SKU's label may hold anything.
    part = pl.col("item").str.split("|").list
    return (
        prices.with_columns(part.get(-5).alias("kind"), part.get(-4).alias("form"), part.get(-2).alias("region"))
        .join(core["dim_provider"].select(pl.col("provider").alias("unit"), "tier"), on="unit", how="left")
        .join(core["dim_gpu"].select(pl.col("gpu").alias("kind"), "vendor"), on="kind", how="left")
        .with_columns(pl.col("segment").str.split("/").list.last().alias("commitment"))
        .sort("commitment", "item", "month")
    )


def gpu_panels(core: Mapping[str, pl.DataFrame]) -> Iterator[HedonicPanel]:
    """One panel per commitment that has enough GPUs."""
    facts = core["dim_gpu"].select(pl.col("gpu").alias("kind"), *carry(*(c.fact for c in HARDWARE)))
    quotes = gpu_quotes(core).with_columns(
        pl.col("form").is_in(["SXM", "OAM", "NVL72"]).alias("module"),
        (pl.col("form") == "unspecified").alias("form_unstated"),
        (pl.col("vendor") == "AMD").fill_null(False).alias("vendor_amd"),
        *[(pl.col("tier") == tier.removeprefix("tier_")).fill_null(False).alias(tier) for tier in TIERS],
        pl.col("region").str.contains("europe").alias("region_europe"),
        pl.col("region").str.contains("-gov-").alias("region_government"),
    )
    for (commitment,), rows in quotes.group_by("commitment", maintain_order=True):
        found = panel(f"gpu_rental/hedonic/{commitment}", rows, facts, HARDWARE, GPU_DUMMIES, TIERS)
        if found is not None:
            yield found


def months_between(seen: pl.DataFrame) -> pl.DataFrame | None:
    """Every month from the first to the last in which enough kinds were observed, numbered as `place`; None: under two.

    `seen` are quotes with kind, month and observed.
    """
    kinds = seen.filter("observed").group_by("month").agg(pl.col("kind").n_unique())
    ends = kinds.filter(pl.col("kind") >= FEWEST_IN_MONTH)["month"]
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
) -> HedonicPanel | None:
    """The panel of one segment; None where it holds too few kinds, or no two months."""
    known = facts.drop_nulls([c.fact for c in measured]).sort("kind")
    priced = quotes.filter(pl.col("price").is_not_null())
    rows = priced.join(known.select("kind"), on="kind", how="semi")
    place = months_between(rows)
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
        listed=np.bincount(listed, minlength=place.height).astype(np.int64),
    )
