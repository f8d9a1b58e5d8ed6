"""V01, a verification beyond the documents: DeepSeek's V3 and R1 fleet on the day it published.

`as_published` is the operator's sum: rent of the nodes, tokens at list prices. `professional` asks the serving
identity: do the published tokens at the published speeds need the published nodes?

Not here: what was really billed; the operator says it was less.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated

DAY = "v01_deepseek_day"
SUM = (
    "fleet_rent_usd_per_day",
    "token_revenue_usd_per_day",
    "fleet_gross_margin_pct",
    "profit_over_cost_pct",
    "cache_hit_pct",
)
IDENTITY = (
    "prefill_nodes_needed",
    "decode_nodes_needed",
    "fleet_load",
    "decode_rent_usd_per_mtok",
    "prefill_rent_usd_per_mtok",
    "fleet_input_per_output_token",
    "served_output_rent_usd_per_mtok",
)


def cases(core: Core) -> Iterator[Cases]:
    """The one day."""
    day = stated(core, DAY)
    if day.is_empty():
        return
    yield Cases(day, SUM, DAY)
    yield Cases(day, IDENTITY, DAY, rules.PROFESSIONAL)


MODEL = Model(
    model_id="V01",
    title="DeepSeek V3/R1, published day",
    question="Do our functions find a real fleet's rent, revenue, margin and size again?",
    where="DeepSeek, open-infra-index, day 6, 2025-02-28",
    cases=cases,
    note=(
        "A verification, not a model of the documents. Published: 87,072 of rent, 562,027 of revenue (tokens are "
        "rounded: 562,100), 545% profit over cost, which is a margin of 84.5%. The tokens at the published speeds need "
        "226.9 nodes; 226.75 were in use."
    ),
)
