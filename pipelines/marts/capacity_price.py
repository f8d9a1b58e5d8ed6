"""What does an hour of a PFLOP/s, of a TB/s or of a GB of rented GPU cost, on average and at the least?

Grain: segment x period. A level of whatever is on offer, with the entries and exits that make it one: not a matched
price. Peaks are the makers' dense ones; the 8-bit price is over the GPUs that compute in 8 bits.

Not here: yearly factors (price_deflation.py, methods pflop_hour and so on), one GPU's price (core.headline_rate).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import Column, Schema, columns, count, day, label, number
from pipelines.panels.capacity import CAPACITIES
from pipelines.panels.deflators import pflop_hour

INPUTS = pflop_hour.INPUTS
MARTS = pflop_hour.MARTS

_OF = {
    "pflop_hour": "an hour of a PFLOP/s at the dense 16-bit peak",
    "pflop_hour_8_bit": "an hour of a PFLOP/s at the dense 8-bit peak",
    "tb_s_hour": "an hour of a TB/s of memory bandwidth",
    "gb_hour": "an hour of a GB of memory",
}


def _prices() -> list[Column]:
    made = []
    for capacity in CAPACITIES:
        what, unit = _OF[capacity.name], f"USD/{_UNIT[capacity.name]}"
        for name, text in (("mean", "Geometric mean price over offers"), ("cheapest", "Cheapest offer")):
            column = f"{name}_usd_per_{capacity.name}"
            made.append(number(column, unit, f"{text} of {what}.", nullable=True, minimum=0))
    return made


_UNIT = {
    "pflop_hour": "(PFLOP/s*hour)",
    "pflop_hour_8_bit": "(PFLOP/s*hour)",
    "tb_s_hour": "(TB/s*hour)",
    "gb_hour": "(GB*hour)",
}

SCHEMA = Schema(
    table="capacity_price",
    kind="answer",
    description=(
        "One row per segment and period. Rent of GPUs over what they can do at most: a level of the mix on offer, in "
        "which a seller's GPU counts once a month."
    ),
    key=("segment", "period"),
    columns=columns(
        label("segment", "The terms rented on: gpu_rental/pflop_hour/commitment.", enumerated=True),
        day("period", "First day of the month."),
        *_prices(),
        label("cheapest_gpu", "GPU of the cheapest PFLOP-hour.", nullable=True),
        label("cheapest_seller", "Its seller.", nullable=True),
        count("offers", "Offers of the month."),
        count("entered_offers", "Of these, not there the month before."),
        count("exited_offers", "Offers of the month before that are gone."),
        count("sellers", "Sellers of the month."),
        count("gpus", "Different GPUs of the month."),
    ),
    rules=(
        holds("the cheapest is no dearer than the mean", "cheapest_usd_per_pflop_hour <= mean_usd_per_pflop_hour"),
        holds("every GPU on offer has a seller", "sellers <= offers and gpus <= offers"),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart."""
    return table(pflop_hour.prices(core))


def table(rows: pl.DataFrame) -> pl.DataFrame:
    """A deflator's rows as the table; capacities that no chip of the segment states are null."""
    return SCHEMA.conform(pl.concat([SCHEMA.empty(), rows], how="diagonal_relaxed"))
