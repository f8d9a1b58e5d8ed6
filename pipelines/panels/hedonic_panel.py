"""One segment's quotes with the characteristics of what is quoted: what a hedonic regression is run on.

A quote of a thing whose characteristics nobody states is left out and counted in `listed`. Weights: within a month
every seller's GPU (tokens: every model) counts once, shared by its regions, sizes and listings. A cloud with 24
regions is one cloud.

Not here: which characteristics (hedonic_gpus.py, hedonic_tokens.py), the regression (index_numbers/hedonic.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.hedonic import Observations
from pipelines.economics.index_numbers.panel import Matrix, Vector

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
