"""M08, the optimisation ladder: what each serving technique multiplies throughput by, and the product of all.

Not here: what a GPU serves in a benchmark (core.fct_throughput).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aggregated, aliased, carry, ruled

LADDER = "document_ladder"
SPECULATION = "professional_speculation"
DECODE = "professional_decode_70b"
SERVED = ("H100 SXM", "llama-3.1-70b")
LAYERS = range(1, 7)
STEPS = {
    **{f"layer {top}": range(1, top + 1) for top in range(7)},
    "layers 1-3": range(1, 4),
    "layers 4-6": range(4, 7),
}
"""Which layers are applied in each case: one after the other, and the two halves the document compares."""


def cases(core: Core) -> Iterator[Cases]:
    """The document's ladder, what speculative decoding gives by its formula, and what rounds of measurements gained."""
    yield Cases(ladder(core), ("ladder_multiplier", "ladder_tokens_per_s"), LADDER)
    drafts = stated(core, SPECULATION)
    yield Cases(drafts, ("tokens_per_pass", "speculation_multiplier"), SPECULATION, rules.PROFESSIONAL)
    yield Cases(
        batches(core, drafts),
        ("decode_tokens_per_s", "speculation_multiplier_at_batch"),
        DECODE,
        rules.PROFESSIONAL,
    )
    yield Cases(rounds(core), ("measured_throughput_gain",), "observed", rules.PROFESSIONAL)


def ladder(core: Core) -> pl.DataFrame:
    """One row per step: the multiplier of each layer that is applied, one for those that are not."""
    layers = stated(core, LADDER)
    if layers.is_empty():
        return layers
    base = layers.filter(pl.col("base_tokens_per_s").is_not_null()).select(carry("base_tokens_per_s")).head(1)
    return pl.concat([_step(layers, base, case, applied) for case, applied in STEPS.items()], how="diagonal")


def _step(layers: pl.DataFrame, base: pl.DataFrame, case: str, applied: Collection[int]) -> pl.DataFrame:
    row = base.select(pl.lit(case).alias("case"), pl.all())
    for layer in LAYERS:
        name = f"layer_{layer}_multiplier"
        if layer in applied:
            of_it = layers.filter(pl.col("case") == f"layer {layer}").select(aliased({"multiplier": name}, ends=False))
            row = row.join(of_it, how="cross")
        else:
            row = row.with_columns(ruled(name, 1.0, "a layer that is not applied changes nothing"))
    return row


def batches(core: Core, drafts: pl.DataFrame) -> pl.DataFrame:
    """One row per batch of the 70B model on a server of the document's GPU, with the draft of the professional set."""
    gpu, model = SERVED
    hardware = core["dim_gpu"].filter(pl.col("gpu") == gpu)
    size = core["dim_model"].filter(pl.col("model") == model)
    points = stated(core, DECODE)
    if hardware.is_empty() or size.is_empty() or points.is_empty() or drafts.is_empty():
        return pl.DataFrame()
    return (
        points.join(
            hardware.select(
                *carry("gpus_per_server", "memory_bandwidth_gb_s"),
                *aliased({"peak_fp8_flop_s": "peak_flop_s_per_gpu"}),
            ),
            how="cross",
        )
        .join(size.select(*carry("parameters_b"), *aliased({"parameters_b": "active_parameters_b"})), how="cross")
        .join(drafts.drop("case"), how="cross")
    )


def rounds(core: Core) -> pl.DataFrame:
    """One row per GPU, model, scenario and precision that two rounds measured: the last over the first."""
    on = ["gpu", "model", "scenario", "precision"]
    speed = "output_tokens_per_s_per_gpu"
    return (
        core["throughput_median"]
        .sort("known_from")
        .group_by(on, maintain_order=True)
        .agg(
            pl.col("round").n_unique().alias("rounds"),
            *aggregated("first", speed, "earlier_tokens_per_s"),
            *aggregated("last", speed, "later_tokens_per_s"),
            pl.concat_str(pl.col("round").first(), pl.col("round").last(), separator=" to ").alias("span"),
        )
        .filter(pl.col("rounds") > 1)
        .with_columns(case=pl.concat_str(*on, "span", separator=" | "))
        .sort("case")
    )


MODEL = Model(
    model_id="M08",
    title="Optimisation ladder",
    question="How many tokens per second does a GPU serve after each optimisation?",
    where="000:77-86",
    cases=cases,
    inputs=("assumption", "dim_gpu", "dim_model", "throughput_median"),
    caveats=("I-22",),
    note=(
        "Three series that are never mixed: the ladder, speculative decoding by its formula (whose gain fades as the "
        "batch grows), and what the same GPU gained between rounds of measurements."
    ),
)
