"""Figures as distributions: ranged operands drawn at random, the formulas applied to every draw, the drivers ranked.

A sum is a graph: leaves are operands, some with a low and a high; calls are formulas. Draws are made and used up in
chunks, so memory does not grow with their number. Operands are drawn independently of each other: an operand that
stands under a figure twice is one leaf and takes one value in a draw.

Quantiles are read from a histogram of fine bins between the figure's lowest and highest corner. The first-order share
of an operand is the variance of the figure's mean given the operand, over the figure's variance, taken over bins of
the operand and corrected for their number; what the shares leave is interaction. Method: docs/adr/0009.

Not here: which distribution is true. Nobody has measured one; triangular is the least that low, base and high say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from pipelines.economics.compute import compute, known, resolve
from pipelines.economics.formula import PROFESSIONAL, Formula

BLOCK = 65_536
"""Draws of one operand come from one stream a block; a chunk is whole blocks, so its size changes no draw."""

SHAPES = ("triangular", "pert", "uniform")
QUANTILES = (0.1, 0.5, 0.9)
HISTOGRAM_BINS = 20_000
DRIVER_BINS = 64
PERT_WEIGHT = 4.0

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Leaf:
    """An operand: its value, with low and high where it is a range."""

    name: str
    base: float
    low: float
    high: float

    @property
    def ranged(self) -> bool:
        """Whether there is anything to draw."""
        return self.high > self.low


@dataclass(frozen=True)
class Call:
    """A formula applied to other nodes, named by their ids in the order of its operands."""

    formula: Formula
    operands: tuple[str, ...]


Graph = Mapping[str, Leaf | Call]
"""Nodes by id; a call's operands come before it."""


@dataclass(frozen=True)
class Simulated:
    """One figure: corners, quantiles and moments of its draws, and each ranged leaf's share of the variance.

    `shares` is by leaf id, largest first; `interaction` is what they leave of 1, and null for a figure that does not
    vary. `without_value` counts draws for which the figure does not exist (a break-even that is never reached).
    """

    figure: str
    base: float
    low: float
    high: float
    quantiles: Mapping[float, float]
    mean: float
    deviation: float
    draws: int
    without_value: int
    shares: Mapping[str, float]
    interaction: float | None


def operand_graph(
    row: Mapping[str, float | None],
    figures: Sequence[str],
    reading: str = PROFESSIONAL,
    *,
    only: Iterable[Formula] | None = None,
) -> Graph:
    """The graph of figures over one row of operands (`x`, and `x_low`, `x_high` where it is a range).

    `reading` and `only` as in `compute`.

    Raises UnknownFigure for an operand that the row lacks and no formula makes.
    """
    ends = {name for name in row if name.endswith(("_low", "_high")) and name.rsplit("_", 1)[0] in row}
    nodes: dict[str, Leaf | Call] = {
        name: _leaf(name, value, row.get(f"{name}_low"), row.get(f"{name}_high"))
        for name, value in row.items()
        if name not in ends and value is not None
    }
    for step in resolve(figures, nodes, known(reading, only)):
        nodes[step.figure] = Call(step, step.operands)
    return nodes


def _leaf(name: str, base: float, low: float | None, high: float | None) -> Leaf:
    return Leaf(name, base, base if low is None else low, base if high is None else high)


def drawn(leaf: Leaf, seed: int, block: int, draws: int = BLOCK, shape: str = "triangular") -> Array:
    """A block of draws of one operand. Its stream is of the seed, the operand's name and the block alone."""
    named = int.from_bytes(hashlib.blake2b(leaf.name.encode(), digest_size=8).digest(), "little")
    stream = np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, named, block])))
    if shape == "uniform":
        made = stream.uniform(leaf.low, leaf.high, BLOCK)
    elif shape == "pert":
        span = leaf.high - leaf.low
        toward = (leaf.base - leaf.low) / span
        made = leaf.low + span * stream.beta(1.0 + PERT_WEIGHT * toward, 1.0 + PERT_WEIGHT * (1.0 - toward), BLOCK)
    elif shape == "triangular":
        made = stream.triangular(leaf.low, leaf.base, leaf.high, BLOCK)
    else:
        raise ValueError(f"no shape named {shape!r}; there are {', '.join(SHAPES)}")
    return made[:draws]


def simulate(
    graph: Graph,
    figures: Sequence[str],
    *,
    draws: int,
    seed: int,
    shape: str = "triangular",
    blocks_per_chunk: int = 4,
    drivers: bool = True,
) -> list[Simulated]:
    """Each figure (a node's id) over `draws` draws. The same graph, draws, seed and shape give the same result.

    Raises ValueError for an unknown shape, fewer than two draws, or a leaf whose base lies outside its range.
    """
    if draws < 2:
        raise ValueError("a distribution takes two draws at least")
    leaves = {name: node for name, node in graph.items() if isinstance(node, Leaf)}
    for leaf in leaves.values():
        if not leaf.low <= leaf.base <= leaf.high:
            raise ValueError(f"{leaf.name}: base {leaf.base} lies outside {leaf.low} to {leaf.high}")
    needed = _needed(graph, figures)
    ranged = [name for name in needed if name in leaves and leaves[name].ranged]
    tallies = {
        figure: _Tally(*_bounds(graph, figure), {name: leaves[name] for name in ranged} if drivers else {})
        for figure in figures
    }
    chunk = BLOCK * blocks_per_chunk
    for start in range(0, draws, chunk):
        count = min(chunk, draws - start)
        first = start // BLOCK
        columns = {
            name: np.concatenate(
                [
                    drawn(leaves[name], seed, first + n, min(BLOCK, count - n * BLOCK), shape)
                    for n in range(-(-count // BLOCK))
                ]
            )
            for name in ranged
        }
        values = _evaluated(graph, needed, figures, columns, count)
        places = {name: _place(columns[name], leaves[name]) for name in ranged} if drivers else {}
        # Block by block, so that not even the last digit depends on the size of a chunk.
        for part in (slice(at, at + BLOCK) for at in range(0, count, BLOCK)):
            for figure in figures:
                tallies[figure].add(values[figure][part], {name: place[part] for name, place in places.items()})
    return [tallies[figure].result(figure, draws) for figure in figures]


def _needed(graph: Graph, figures: Sequence[str]) -> list[str]:
    """Ids of the nodes under the figures, operands first."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        node = graph[name]
        for operand in node.operands if isinstance(node, Call) else ():
            visit(operand)
        ordered[name] = None

    for figure in figures:
        visit(figure)
    return list(ordered)


def _evaluated(
    graph: Graph, needed: Sequence[str], figures: Sequence[str], columns: Mapping[str, Array], count: int
) -> dict[str, Array]:
    """The figures of a chunk, by polars: the same expressions the marts are computed with."""
    frame = pl.LazyFrame(columns or {"": np.zeros(count)})
    constants: dict[str, pl.Expr] = {}
    for name in needed:
        node = graph[name]
        if isinstance(node, Leaf):
            if name not in columns:
                constants[name] = pl.lit(node.base, dtype=pl.Float64)
            continue
        made = node.formula.build(*[constants.get(operand, pl.col(operand)) for operand in node.operands])
        frame = frame.with_columns(made.alias(name))
    wanted = [constants.get(figure, pl.col(figure)).alias(figure) for figure in figures]
    found = {
        name: column.cast(pl.Float64).to_numpy() for name, column in frame.select(wanted).collect().to_dict().items()
    }
    return {name: np.asarray(np.broadcast_to(values, count)) for name, values in found.items()}


def _bounds(graph: Graph, figure: str) -> tuple[float, float, float]:
    """Base, lowest and highest corner of a figure, by the code that gives marts their ranges."""
    needed = _needed(graph, [figure])
    row: dict[str, float] = {}
    for name in needed:
        node = graph[name]
        if isinstance(node, Leaf):
            row[name] = node.base
            if node.ranged:
                row |= {f"{name}_low": node.low, f"{name}_high": node.high}
    frame = pl.DataFrame({name: [float(value)] for name, value in row.items()})
    for name in needed:
        node = graph[name]
        if isinstance(node, Call):
            frame = _cornered(frame, node, name)
    found = frame.row(0, named=True)
    base = float("nan") if found[figure] is None else float(found[figure])
    low, high = found.get(f"{figure}_low"), found.get(f"{figure}_high")
    return base, base if low is None else float(low), base if high is None else float(high)


def _cornered(frame: pl.DataFrame, call: Call, name: str) -> pl.DataFrame:
    """The frame with a call's figure and its corners under the call's id."""
    ends = ("", "_low", "_high")
    named = {f"{o}{e}": f"{p}{e}" for o, p in zip(call.operands, call.formula.operands, strict=True) for e in ends}
    own = frame.select(pl.col(old).alias(new) for old, new in named.items() if old in frame.columns)
    made = compute(own, [call.formula.figure], only=[call.formula])
    kept = [pl.col(call.formula.figure + e).alias(name + e) for e in ends if call.formula.figure + e in made.columns]
    return pl.concat([frame, made.select(kept)], how="horizontal")


def _place(values: Array, leaf: Leaf) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The bin of the operand's range that each draw lies in."""
    scaled = (values - leaf.low) * (DRIVER_BINS / (leaf.high - leaf.low))
    return np.minimum(scaled.astype(np.int64), DRIVER_BINS - 1)


class _Tally:
    """What is kept of a figure's draws: a histogram, two moments about the base, and means by bins of each operand."""

    def __init__(self, base: float, low: float, high: float, ranged: Mapping[str, Leaf]) -> None:
        self.base, self.low, self.high = base, low, high
        self.centre = base if np.isfinite(base) else 0.0
        self.edges = (low, high) if np.isfinite(low) and np.isfinite(high) and high > low else None
        self.counts = np.zeros(HISTOGRAM_BINS, dtype=np.int64)
        self.number, self.total, self.squares = 0, 0.0, 0.0
        self.smallest, self.largest = np.inf, -np.inf
        self.by_bin = {name: (np.zeros(DRIVER_BINS), np.zeros(DRIVER_BINS)) for name in ranged}

    def add(self, values: Array, places: Mapping[str, np.ndarray[Any, np.dtype[np.int64]]]) -> None:
        """Count a chunk in."""
        known = np.isfinite(values)
        whole = bool(known.all())
        some = values if whole else values[known]
        if not some.size:
            return
        self.smallest, self.largest = min(self.smallest, some.min()), max(self.largest, some.max())
        if self.edges is None:
            # No finite corners (a break-even that may never come): the first draws say where to look.
            spread = float(some.max() - some.min()) or 1.0
            self.edges = (float(some.min()) - spread, float(some.max()) + spread)
        low, high = self.edges
        at = ((some - low) * (HISTOGRAM_BINS / (high - low))).astype(np.int64)
        self.counts += np.bincount(np.clip(at, 0, HISTOGRAM_BINS - 1), minlength=HISTOGRAM_BINS)
        off = some - self.centre
        self.number += some.size
        self.total += float(off.sum())
        self.squares += float(np.dot(off, off))
        for name, place in places.items():
            where = place if whole else place[known]
            sums, numbers = self.by_bin[name]
            sums += np.bincount(where, weights=off, minlength=DRIVER_BINS)
            numbers += np.bincount(where, minlength=DRIVER_BINS)

    def result(self, figure: str, draws: int) -> Simulated:
        """The figure's distribution as counted so far."""
        mean = self.total / self.number if self.number else float("nan")
        about = self.squares - self.number * mean * mean if self.number else 0.0
        varies = self.number > 1 and about > 1e-18 * max(self.squares, 1e-300)
        shares = {name: self._share(name, mean, about) for name in self.by_bin} if varies else {}
        ranked = dict(sorted(shares.items(), key=lambda pair: -pair[1]))
        return Simulated(
            figure=figure,
            base=self.base,
            low=self.low,
            high=self.high,
            quantiles={q: self._quantile(q) for q in QUANTILES},
            mean=self.centre + mean,
            deviation=float(np.sqrt(about / (self.number - 1))) if varies else 0.0,
            draws=draws,
            without_value=draws - self.number,
            shares=ranked,
            interaction=1.0 - sum(ranked.values()) if varies and ranked else None,
        )

    def _share(self, name: str, mean: float, about: float) -> float:
        """Between-bin variance over the whole, less what so many bins would show of nothing (epsilon squared)."""
        sums, numbers = self.by_bin[name]
        some = numbers > 0
        between = float((numbers[some] * (sums[some] / numbers[some] - mean) ** 2).sum())
        bins = int(some.sum())
        if self.number <= bins:
            return 0.0
        within = (about - between) / (self.number - bins)
        return max(0.0, (between - (bins - 1) * within) / about)

    def _quantile(self, q: float) -> float:
        if not self.number or self.edges is None:
            return float("nan")
        if self.smallest == self.largest:
            return float(self.smallest)
        low, high = self.edges
        below = np.cumsum(self.counts)
        wanted = q * self.number
        at = int(np.searchsorted(below, wanted))
        before = below[at - 1] if at else 0
        inside = (wanted - before) / self.counts[at] if self.counts[at] else 0.0
        found = low + (at + inside) * (high - low) / HISTOGRAM_BINS
        return float(min(max(found, self.smallest), self.largest))
