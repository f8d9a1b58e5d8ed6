"""What the serving marts need of the synthetic core besides: sizes of models and memory of GPUs, invented."""

from __future__ import annotations

import polars as pl


def with_sizes(core: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The core with a model of 8 billion parameters, one of 70, and 80 GB on each GPU."""
    sizes = {"synthetic-8b": 8.0, "synthetic-70b": 70.0}
    models = pl.DataFrame({"model": list(sizes), "parameters_b": list(sizes.values())})
    return {**core, "dim_model": models, "dim_gpu": core["dim_gpu"].with_columns(memory_gb=pl.lit(80.0))}
