"""Who moved the average and the indices: GPU rental item by item, seller by seller, region by region.

Grain: segment x item. What an item asked first and last, whether it rose or fell, and its part in each way of saying
how the segment's prices moved; over the items of a segment the parts add up to the totals of
deflation_reconciliation. Sum over `seller` or read `item` for a region.

Not here: tokens (thousands of listings; their segments are in deflation_reconciliation), yearly factors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.panel import Vector
from pipelines.economics.units import PERCENT
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, count, day, label, number
from pipelines.marts.deflation_reconciliation import SAME
from pipelines.panels import reconciled
from pipelines.panels.deflators import Basis
from pipelines.panels.reconciled import EVERY_GPU, PANELS
from pipelines.panels.reconciled_panel import METHODS, Reconciled

INPUTS = reconciled.INPUTS
MARTS = reconciled.MARTS

KEY = ("segment", "item")
PLOT = ("change_pct",)
FAMILY = "gpu_rental/"
SEVERAL = " family/"
_PART = "Part of the {} of the segment, 100 times a logarithm; null where the segment has none."

SCHEMA = Schema(
    table="price_change_by_item",
    kind="audit",
    description=(
        "One row per segment and item. First and last price of an item in its segment, and its part in the change of "
        "the segment's averages and indices between the segment's first and last period."
    ),
    key=KEY,
    columns=columns(
        label("segment", "What is priced: gpu_rental/GPU/terms or a panel of its own.", enumerated=True),
        label("item", "The same thing on the same terms, as the panels name it."),
        label("seller", "Who asks it."),
        label("region", "The provider's region; null where the segment's items name none.", nullable=True),
        label("status", "What it did between the segment's first and last period.", enumerated=True),
        label("direction", "Whether its last price is above, below or at its first.", enumerated=True),
        number("first_price_usd_per_gpu_hour", "usd/gpu_hour", "First price seen.", minimum=0),
        number("last_price_usd_per_gpu_hour", "usd/gpu_hour", "Last price seen.", minimum=0),
        number("change_pct", "percent", "100 (last / first - 1).", minimum=-100),
        day("first_period", "Period of the first price."),
        day("last_period", "Period of the last price."),
        count("periods", "Periods in which it is priced."),
        number("geometric_mean_log_pct", "percent", _PART.format("change of the geometric mean"), nullable=True),
        number("arithmetic_mean_log_pct", "percent", _PART.format("change of the arithmetic mean"), nullable=True),
        number("direct_log_pct", "percent", _PART.format("direct Jevons index"), nullable=True),
        number("chained_log_pct", "percent", _PART.format("chained Jevons index"), nullable=True),
        number("multilateral_log_pct", "percent", _PART.format("GEKS-Jevons index"), nullable=True),
        number("currency_log_pct", "percent", "What its exchange rate alone adds to the chained index.", nullable=True),
    ),
    rules=(
        equal(
            "the change follows from first and last price",
            "100 * (last_price_usd_per_gpu_hour / first_price_usd_per_gpu_hour - 1)",
            "change_pct",
        ),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: every item of every GPU and of the panels of their own."""
    return table(rows(reconciled.reconciled(core)))


def table(made: pl.DataFrame) -> pl.DataFrame:
    """Rows as the table."""
    return SCHEMA.conform(made) if made.height else SCHEMA.empty()


def basis(core: Mapping[str, pl.DataFrame], mart: str, row: Mapping[str, Any]) -> Basis:
    """What a row's figures stand on (`explain`)."""
    return reconciled.basis(core, row["segment"], rows)


def rows(panels: Iterable[Reconciled]) -> pl.DataFrame:
    """The rows of some panels; items of several GPUs stand with their own GPU already."""
    frames = [_frame(found) for found in panels if _of_one_gpu(found.segment)]
    return pl.concat(frames, how="vertical_relaxed") if frames else SCHEMA.empty()


def _of_one_gpu(segment: str) -> bool:
    rented = segment.startswith(FAMILY) and not segment.startswith(EVERY_GPU) and SEVERAL not in segment
    return rented or segment.startswith(PANELS)


def _frame(found: Reconciled) -> pl.DataFrame:
    present = found.panel.present > 0
    first, last = present.argmax(axis=1), found.last - present[:, ::-1].argmax(axis=1)
    item = np.arange(found.items.size)
    opening, closing = found.price[item, first], found.price[item, last]
    moved = closing / opening - 1.0
    periods = np.array(found.periods, dtype="datetime64[D]")
    return pl.DataFrame(
        {
            "segment": [found.segment] * found.items.size,
            "item": found.items.tolist(),
            "seller": found.sellers.tolist(),
            "region": [None if region == "unspecified" else region for region in found.regions],
            "status": found.status.tolist(),
            "direction": np.select([moved > SAME, moved < -SAME], ["rose", "fell"], "unchanged").tolist(),
            "first_price_usd_per_gpu_hour": opening,
            "last_price_usd_per_gpu_hour": closing,
            "change_pct": PERCENT * moved,
            "first_period": periods[first],
            "last_period": periods[last],
            "periods": present.sum(axis=1).astype(np.int64),
            **{f"{name}_log_pct": PERCENT * part for name, part in _parts(found)},
        }
    ).with_columns(pl.selectors.ends_with("_log_pct").fill_nan(None))


def _parts(found: Reconciled) -> Iterator[tuple[str, Vector]]:
    """Each basis with the items' parts in it; NaN where it does not exist."""
    unknown = np.full(found.items.size, np.nan)
    for name in ("geometric", "arithmetic"):
        if found.stayed.any():
            parts = found.geometric() if name == "geometric" else found.arithmetic()
            yield f"{name}_mean", parts.price + parts.entry + parts.exit
        else:
            yield f"{name}_mean", unknown
    rate = unknown
    for output in METHODS:
        try:
            price, rates = found.index_parts(output)
        except ValueError:
            yield output, unknown
            continue
        if output == "chained":
            rate = rates
        yield output, price + rates
    yield "currency", rate
