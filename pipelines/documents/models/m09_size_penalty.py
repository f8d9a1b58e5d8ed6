"""M09, the model-size penalty: what 405B costs more than 8B in weights, GPUs, batch slots and dollars.

Not here: list prices of models by size (M13).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit import rules, served
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased

WEIGHTS = "m09_weights"
PENALTY = "m09_size_penalty"
SMALL, LARGE = "llama-3.1-8b", "llama-3.1-405b"


def cases(core: Core) -> Iterator[Cases]:
    """Weights of each model, the ratios of the document, and the ratio of measured throughputs on one GPU."""
    yield Cases(stated(core, WEIGHTS), ("weight_gb", "gpus_to_hold_weights"), WEIGHTS)
    ratios = ("parameter_ratio", "gpu_count_ratio", "batch_ratio", "stated_cost_ratio")
    yield Cases(stated(core, PENALTY), ratios, PENALTY)
    yield Cases(measured(newest_day(core)), ("measured_cost_ratio",), "observed", rules.PROFESSIONAL)


def measured(core: Core) -> pl.DataFrame:
    """One row per GPU and profile both models were measured on."""
    speeds = served.profiles(core).filter(pl.col("throughput_profile").str.starts_with(served.MEASURED))

    def of(model: str, name: str) -> pl.LazyFrame:
        speed = aliased({"output_tokens_per_s_per_gpu": name}, ends=False)
        return speeds.filter(pl.col("model") == model).select("gpu", "throughput_profile", *speed)

    return (
        of(SMALL, "small_tokens_per_s_per_gpu")
        .join(of(LARGE, "large_tokens_per_s_per_gpu"), on=["gpu", "throughput_profile"])
        .with_columns(case=pl.format("{} to {} | {} | {}", pl.lit(LARGE), pl.lit(SMALL), "gpu", "throughput_profile"))
        .sort("case")
        .collect()
    )


MODEL = Model(
    model_id="M09",
    title="Model-size penalty",
    question="How much more does a token of a 405B model cost than one of an 8B model, and why?",
    where="000:61-68",
    cases=cases,
    inputs=served.INPUTS,
    caveats=("I-25",),
    note="The printed 10 to 20 pairs ends of two ranges; their corners are 10 to 33.",
)
