"""M08, the optimisation ladder: what each serving technique multiplies throughput by, and the product of all.

Not here: what a GPU serves in a benchmark (core.fct_throughput).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.marts.assumed import Core
from pipelines.models.model import Cases, Model, stated

LADDER = "document_ladder"


def cases(core: Core) -> Iterator[Cases]:
    """One case per layer: the multipliers up to and including it."""
    layers = stated(core, LADDER)
    if layers.is_empty():
        return
    layers = layers.sort("case").with_columns(
        base_tokens_per_s=pl.col("base_tokens_per_s").max(),
        cumulative_multiplier=pl.col("multiplier").fill_null(1.0).cum_prod(),
    )
    yield Cases(layers, ("ladder_tokens_per_s", "cumulative_multiplier"), LADDER)


MODEL = Model(
    model_id="M08",
    title="Optimisation ladder",
    question="How many tokens per second does a GPU serve after each optimisation?",
    where="000:77-86",
    cases=cases,
    caveats=("I-22",),
)
