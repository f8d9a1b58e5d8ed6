"""M07, cost of a million tokens: an hourly cost over the tokens of an hour, and stated costs read backwards.

Not here: margins (marts.token_margin).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit import rents, rules, served
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased

COST = "m07_cost_per_mtok"
IMPLIED = "m07_implied_throughput"


def cases(core: Core) -> Iterator[Cases]:
    """The document's two throughputs, its costs read backwards, and what GPUs measure today."""
    yield Cases(stated(core, COST), ("output_cost_usd_per_mtok",), COST)
    yield Cases(stated(core, IMPLIED), ("server_usd_per_hour", "implied_tokens_per_s"), IMPLIED)
    today = newest_day(core)
    rented = (
        rents.rents(today)
        .filter((pl.col("commitment") == rules.SERVING_COMMITMENT) & (pl.col("rent_basis") == rules.SERVING_RENT_BASIS))
        .select(
            "gpu",
            *aliased({"price_usd_per_gpu_hour": "total_cost_usd_per_gpu_hour"}),
        )
    )
    measured = served.profiles(today).filter(pl.col("throughput_profile").str.starts_with(served.MEASURED))
    frame = measured.join(rented, on="gpu").with_columns(
        case=pl.concat_str("gpu", "model", "throughput_profile", separator=" | ")
    )
    yield Cases(frame.collect(), ("output_cost_usd_per_mtok",), "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M07",
    title="Cost of a million tokens",
    question="What does a million tokens cost, given what an hour costs and how many tokens it makes?",
    where="000:3; 001:96",
    cases=cases,
    inputs=("assumption", "headline_rate", *served.INPUTS),
    note="Observed: output tokens at measured throughput, the GPU rented at the on-demand headline and fully used.",
)
