"""M15, the throughput moat: a seller twice as fast and 30% cheaper keeps a better margin than its rival.

Better in percent always, in dollars of each token only where the rival's cost is over 60% of its price.
Not here: whether anybody is twice as fast.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit.assumed import Core, stated

MOAT = "m15_moat"


def cases(core: Core) -> Iterator[Cases]:
    """One case per margin of the rival."""
    yield Cases(
        stated(core, MOAT),
        (
            "rival_margin_pct",
            "moat_margin_pct",
            "moat_gain_usd_per_mtok",
            "moat_margin_exceeds_rival",
            "moat_breakeven_cost_share",
        ),
        MOAT,
    )


MODEL = Model(
    model_id="M15",
    title="Throughput as a moat",
    question="Does a seller with twice the throughput and a price 30% lower keep more than its rival?",
    where="000:147",
    cases=cases,
)
