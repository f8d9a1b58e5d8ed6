"""M38, a coding session and a developer's month of them: cost of much input and little output.

`professional` prices input at what the roofline allows (M31) instead of 0.003: the input of such a session then costs
more than its output. Not here: subscriptions (m36_cost_to_serve.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.models import m31_first_principles
from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased, dropped

SESSION = "m38_session"
FIGURES = (
    "session_input_per_output_token",
    "session_input_cost_usd",
    "session_output_cost_usd",
    "session_cost_usd",
    "sessions_cost_usd_per_day",
    "sessions_cost_usd_per_month",
)

BOUNDS = {
    "roofline_prefill_cost_usd_per_mtok": "input_cost_usd_per_mtok",
    "roofline_decode_cost_usd_per_mtok": "output_cost_usd_per_mtok",
}
"""What a session is reckoned at beside the printed costs: the roofline's."""


def cases(core: Core) -> Iterator[Cases]:
    """Each session at the document's cost, then at the roofline's of each number format, at the document's rent."""
    sessions = stated(core, SESSION)
    if sessions.is_empty():
        return
    yield Cases(sessions, FIGURES, SESSION)
    bounds = compute(m31_first_principles.bounded(core), m31_first_principles.BOUNDED, reading=PROFESSIONAL)
    priced = bounds.select(
        pl.col("case").alias("bound"),
        *aliased(BOUNDS, ends=False),
    )
    rows = dropped(sessions, *BOUNDS.values()).join(priced, how="cross")
    rows = rows.with_columns(case=pl.concat_str("case", "bound", separator=" | "))
    yield Cases(rows, FIGURES[1:], SESSION, rules.PROFESSIONAL)


MODEL = Model(
    model_id="M38",
    title="Coding session",
    question="What does a coding session cost, and a developer's month of them?",
    where="004:275-307",
    cases=cases,
    inputs=("assumption", "dim_gpu"),
    caveats=("I-63", "I-72"),
    note="The professional cost of input is a lower bound of physics at full load; nothing is cached.",
)
