"""What a unit of computing capacity is offered at, month by month: rent over what the chip can do at most.

A GPU-hour buys peak FLOP/s, memory and bandwidth for an hour. Price over each of them is a LEVEL of whatever is on
offer in a month: it falls when sellers cut prices, when cheaper sellers come, and when a new chip does more for its
price, and does not tell these apart (the matched and the hedonic deflators do).

Weights as in hedonic_panel.py: within a month every seller's GPU counts once.

Not here: the yearly factor (deflators/pflop_hour.py), what a chip reaches in practice (core.throughput_median).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.panel import Matrix, Vector
from pipelines.mart_kit.carry import carry
from pipelines.panels.hedonic_panel import months_between, share
from pipelines.panels.whole_families import gpu_quotes, whole_families


@dataclass(frozen=True)
class Capacity:
    """What is bought: its name, the fact of dim_gpu and how many of the fact's units are one of it."""

    name: str
    fact: str
    scale: float


CAPACITIES = (
    Capacity("pflop_hour", "peak_bf16_flop_s", 1e15),
    Capacity("pflop_hour_8_bit", "peak_fp8_flop_s", 1e15),
    Capacity("tb_s_hour", "memory_bandwidth_gb_s", 1e3),
    Capacity("gb_hour", "memory_gb", 1.0),
)
"""An hour of: a PFLOP/s at the dense 16-bit and at the 8-bit peak, a TB/s of memory bandwidth, a GB of memory."""


@dataclass(frozen=True)
class Levels:
    """Price of a capacity by month: the geometric mean and the cheapest of the offers, and how many there are.

    Rows are samples of sellers (the first is all of them once), columns months; NaN without an offer. `cheapest_row`
    is the row of the panel's quotes that is cheapest of all, -1 without one.
    """

    mean: Matrix
    cheapest: Matrix
    offers: NDArray[np.int64]
    cheapest_row: NDArray[np.int64]


@dataclass(frozen=True)
class CapacityPanel:
    """The quotes of one commitment, sorted by item and month, and the facts of each GPU, sorted, null where unknown."""

    commitment: str
    months: tuple[dt.date, ...]
    quotes: pl.DataFrame
    facts: pl.DataFrame

    def seller(self) -> NDArray[np.intp]:
        """The number of each quote's seller."""
        return np.unique(self.quotes["unit"].to_numpy().astype(str), return_inverse=True)[1].reshape(-1)

    def per_month(self, values: NDArray[np.generic]) -> NDArray[np.int64]:
        """How many different values the quotes of each month have."""
        pairs = np.unique(np.stack([self.quotes["place"].to_numpy().astype(str), values.astype(str)]), axis=1)
        return np.bincount(pairs[0].astype(int), minlength=len(self.months)).astype(np.int64)

    def levels(
        self, capacity: Capacity, drawn: Matrix, prices: Vector | None = None, facts: Vector | None = None
    ) -> Levels:
        """Prices of the capacity, sellers counted as often as each row of `drawn` says, (sample, seller)."""
        listed = self.quotes["price"].to_numpy() if prices is None else prices
        price = listed * self.quotes["usd_per_currency"].to_numpy()
        stated = self.facts[capacity.fact].cast(pl.Float64).to_numpy() if facts is None else facts
        kinds = self.facts["kind"].to_numpy().astype(str)
        holds = stated[np.searchsorted(kinds, self.quotes["kind"].to_numpy().astype(str))] / capacity.scale
        known = np.flatnonzero(np.isfinite(holds))
        unit = np.log(price[known] / holds[known])
        months, sellers = len(self.months), drawn.shape[1]
        place, seller = self.quotes["place"].to_numpy()[known], self.seller()[known]
        weight = self.quotes["share"].to_numpy()[known]
        cell = seller * months + place
        weights = np.bincount(cell, weight, sellers * months).reshape(sellers, months)
        sums = np.bincount(cell, weight * unit, sellers * months).reshape(sellers, months)
        lowest = np.full(sellers * months, np.inf)
        np.minimum.at(lowest, cell, unit)
        of_sample = np.where((drawn > 0)[:, :, None], lowest.reshape(sellers, months), np.inf).min(axis=1)
        total = drawn @ weights
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(total > 0, drawn @ sums / total, np.nan)
        order = np.lexsort((known, unit, place))
        first = np.full(months, -1, dtype=np.int64)
        of_month, start = np.unique(place[order], return_index=True)
        first[of_month] = known[order[start]]
        return Levels(
            mean=np.exp(mean),
            cheapest=np.exp(np.where(np.isfinite(of_sample), of_sample, np.nan)),
            offers=np.bincount(place, minlength=months).astype(np.int64),
            cheapest_row=first,
        )


def capacity_panels(core: Mapping[str, pl.DataFrame]) -> Iterator[CapacityPanel]:
    """One panel per commitment in which two different GPUs were observed in two months."""
    facts = core["dim_gpu"].select(pl.col("gpu").alias("kind"), *carry(*(c.fact for c in CAPACITIES))).sort("kind")
    stated = facts.filter(pl.any_horizontal(pl.col(c.fact).is_not_null() for c in CAPACITIES))
    quotes = gpu_quotes(core, whole_families(core)).filter(pl.col("price").is_not_null())
    for (commitment,), rows in quotes.group_by("commitment", maintain_order=True):
        known = rows.join(stated.select("kind"), on="kind", how="semi")
        place = months_between(known)
        if place is None:
            continue
        inside = known.join(place, on="month").with_columns(share()).sort("item", "month")
        yield CapacityPanel(
            commitment=str(commitment),
            months=tuple(place["month"].to_list()),
            quotes=inside,
            facts=stated.filter(pl.col("kind").is_in(inside["kind"].unique().implode())),
        )
