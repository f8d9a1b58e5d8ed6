"""M31, first-principles cost of a token: passes times tokens as printed, and the roofline beside it.

`as_published` multiplies passes by tokens. `professional` asks what the same GPUs can do at most: arithmetic bounds
prefill, memory bounds decode, and a batch reads the experts its sequences pick. Once at the document's rent, once at
the observed headline rent of an H100.

Not here: measured throughput (marts.token_margin).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased, because, carry, dropped

COUNT = "m31_first_principles"
ADJUSTMENTS = "m31_adjustments"
ROOFLINE = "professional_first_principles"
GPU = "H100 SXM"

COUNTED = (
    "cluster_cost_usd_per_hour",
    "model_instances",
    "prefill_tokens_per_pass",
    "decode_tokens_per_pass",
    "prefill_mtok_per_hour",
    "decode_mtok_per_hour",
    "prefill_cost_usd_per_mtok",
    "decode_cost_usd_per_mtok",
    "prefill_decode_ratio",
    "tokens_per_pass_ratio",
)
BOUNDED = (
    "stated_prefill_flop_s",
    "peak_flop_share_pct",
    "bandwidth_passes_per_s",
    "weights_over_memory",
    "read_parameters_b",
    "prefill_tokens_per_s",
    "decode_tokens_per_s",
    "roofline_prefill_cost_usd_per_mtok",
    "roofline_decode_cost_usd_per_mtok",
)


def as_published(core: Core) -> Iterator[Cases]:
    """The count as printed, and what the document takes off it."""
    count = stated(core, COUNT)
    yield Cases(count.with_columns(case=pl.lit("as printed")), COUNTED, COUNT)
    adjusted = stated(core, ADJUSTMENTS).join(count.drop("case"), how="cross")
    figures = ("decode_cost_after_loss_usd_per_mtok", "decode_cost_after_discount_usd_per_mtok")
    yield Cases(adjusted, figures, ADJUSTMENTS)


def bounded(core: Core) -> pl.DataFrame:
    """The document's cluster on the H100 of core.dim_gpu, a row per number format and share of peak."""
    peak = pl.when(pl.col("bytes_per_parameter") > 1.0).then("peak_bf16_flop_s").otherwise("peak_fp8_flop_s")
    hardware = (
        core["dim_gpu"]
        .filter(pl.col("gpu") == GPU)
        .select(carry("memory_gb", "memory_bandwidth_gb_s", "peak_bf16_flop_s", "peak_fp8_flop_s", ends=False))
    )
    rows = stated(core, ROOFLINE).join(stated(core, COUNT).drop("case"), how="cross").join(hardware, how="cross")
    made = compute(rows, ("read_parameters_b", "stated_prefill_tokens_per_s"), reading=PROFESSIONAL)
    same = {
        "gpus_per_instance": "gpus_per_server",
        "read_parameters_b": "parameters_b",
        "stated_prefill_tokens_per_s": "server_tokens_per_s",
    }
    return made.with_columns(
        *aliased(same, ends=False),
        *because("peak_flop_s_per_gpu", "core.dim_gpu: the BF16 peak for weights in 16 bit, else the FP8 peak"),
        peak_flop_s_per_gpu=peak,
    )


def cases(core: Core) -> Iterator[Cases]:
    """The document's count, then the roofline at its rent and at today's."""
    if stated(core, COUNT).is_empty():
        return
    yield from as_published(core)
    rows = bounded(core)
    yield Cases(rows, BOUNDED, COUNT, rules.PROFESSIONAL)
    rents = core["headline_rate"].filter(
        (pl.col("gpu") == GPU) & (pl.col("commitment") == "on_demand") & (pl.col("provider_tier") == "all")
    )
    today = rents.filter(pl.col("as_of_date") == pl.col("as_of_date").max()).select(
        aliased({"price_usd_per_gpu_hour": "gpu_rent_usd_per_gpu_hour"})
    )
    observed = dropped(rows, "gpu_rent_usd_per_gpu_hour").join(today, how="cross")
    yield Cases(observed, BOUNDED[-2:], "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M31",
    title="First-principles cost of a token",
    question="What does a million tokens cost from GPUs, passes per second and tokens per pass?",
    where="004:118-137",
    cases=cases,
    inputs=("assumption", "dim_gpu", "headline_rate"),
    caveats=("I-63", "I-64", "I-65"),
    note=(
        "The printed prefill needs 13.5 times the BF16 peak of the GPUs: its 0.003 is no cost. The printed decode is "
        "near the roofline because two mistakes meet: one GPU's bandwidth for eight, and 37 billion parameters read "
        "where a batch of 32 reads about 434."
    ),
)
