"""M26, self-hosting against an API: the utilisation and volume from which a GPU-hour is cheaper than its tokens.

Not here: staff and failover; observed prices by day (marts.self_host_vs_api).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.marts import document_rows, rules, served
from pipelines.marts.assumed import Core
from pipelines.models.model import Cases, Model, stated

SELF_HOST = "m26_self_host"
STATED = "m26_stated_breakeven"
STREAMS = (("optimised", rules.TIME_60_40), ("unoptimised", rules.TIME_60_40), ("optimised", rules.OUTPUT_ONLY))
FIGURES = (
    "breakeven_utilisation_pct",
    "breakeven_is_reachable",
    "breakeven_mtok_per_day",
    "capacity_mtok_per_day",
)


def cases(core: Core) -> Iterator[Cases]:
    """Each cost of an hour against each stream of tokens, and the break-evens document 004 states read backwards."""
    costs = stated(core, SELF_HOST)
    rows = document_rows.serving(core)
    if not costs.is_empty() and not rows.is_empty():
        wanted = pl.DataFrame(
            [(served.DOCUMENT + profile, blend) for profile, blend in STREAMS],
            schema=["throughput_profile", "blend"],
            orient="row",
        )
        tokens = rows.join(wanted, on=["throughput_profile", "blend"], how="semi")
        frame = costs.rename({"case": "cost"}).join(tokens, how="cross")
        profile = pl.col("throughput_profile").str.strip_prefix(served.DOCUMENT)
        frame = frame.with_columns(case=pl.concat_str("cost", profile, "blend", separator=" | "))
        yield Cases(frame, FIGURES, SELF_HOST)
    yield Cases(stated(core, STATED), ("implied_api_value_usd_per_gpu_hour",), STATED)


MODEL = Model(
    model_id="M26",
    title="Self-hosting against an API",
    question="From which utilisation and how many tokens a day is an own GPU cheaper than an API?",
    where="003:5,7,25; 004:184",
    cases=cases,
    note="Above 100% is never: no utilisation makes the GPU cheaper. Prices are those of document 000's 70B example.",
)
