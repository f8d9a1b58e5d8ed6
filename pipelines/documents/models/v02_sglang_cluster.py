"""V02, a second verification: DeepSeek V3 on 96 H100 with SGLang, 0.20 USD per million output tokens as published.

The published figure is the rent of the nodes that write. The nodes that read are paid too: `professional` charges
them, at the input the cluster as built reads per output token, and at the observed rent of an H100.

Not here: latency, or the mix of anybody's traffic.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased, dropped

CLUSTER = "v02_sglang_cluster"
GPU = "H100 SXM"
WHOLE = (
    "prefill_rent_usd_per_mtok",
    "balanced_input_per_output_token",
    "cluster_output_rent_usd_per_mtok",
)


def cases(core: Core) -> Iterator[Cases]:
    """The cluster as published, with its readers charged, and at today's rent."""
    cluster = stated(core, CLUSTER)
    if cluster.is_empty():
        return
    yield Cases(cluster, ("decode_rent_usd_per_mtok",), CLUSTER)
    yield Cases(cluster, WHOLE, CLUSTER, rules.PROFESSIONAL)
    rents = core["headline_rate"].filter(
        (pl.col("gpu") == GPU) & (pl.col("commitment") == "on_demand") & (pl.col("provider_tier") == "all")
    )
    today = rents.filter(pl.col("as_of_date") == pl.col("as_of_date").max()).select(
        aliased({"price_usd_per_gpu_hour": "gpu_rent_usd_per_gpu_hour"})
    )
    observed = dropped(cluster, "gpu_rent_usd_per_gpu_hour").join(today, how="cross")
    yield Cases(observed, ("decode_rent_usd_per_mtok", *WHOLE[2:]), "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="V02",
    title="DeepSeek V3 on 96 H100, published by SGLang",
    question="Is the published cost of 0.20 per million output tokens the cost of the cluster?",
    where="LMSYS blog, 2025-05-05",
    cases=cases,
    inputs=("assumption", "headline_rate"),
    note=(
        "A verification, not a model of the documents. The printed 0.20 comes out as 0.199 at 2 USD an hour, for the "
        "nodes that write alone; with the three that read it is 0.266, a third more. The post states no rent."
    ),
)
