"""M02, amortisation: what the price of a GPU comes to per hour of its life.

Not here: the charge for capital beside a straight line (c2_break_even.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import owned_gpu, rules
from pipelines.mart_kit.assumed import Core, stated

LINE = "m02_amortisation"
FIGURE = ("capital_usd_per_gpu_hour",)


def cases(core: Core) -> Iterator[Cases]:
    """The documents' prices and lives on a straight line; GPUs of recorded price with capital recovery."""
    yield Cases(stated(core, LINE), FIGURE, LINE)
    owned = owned_gpu.owned_gpus(core).filter(pl.col("sale") == owned_gpu.MERCHANT).collect()
    yield Cases(owned.with_columns(case=pl.col("gpu")), FIGURE, "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M02",
    title="Amortisation and residual value",
    question="What does the price of a GPU come to per hour of its life?",
    where="000:7,46,195-199",
    cases=cases,
    inputs=("dim_gpu", "assumption"),
    caveats=("I-03",),
    note="A straight line charges no interest; the professional reading's capital recovery factor does.",
)
