"""M19, tax shield and cost gap: what interest saves in tax, and how much dearer equity is than debt.

Not here: the mix by stage (C3).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit.assumed import Core, stated

SHIELD = "m19_tax_shield"
GAP = "m19_cost_gap"


def cases(core: Core) -> Iterator[Cases]:
    """The document's $5B at 8%, and its typical costs."""
    yield Cases(stated(core, SHIELD), ("after_tax_cost_of_debt_pct", "tax_shield_usd_per_year"), SHIELD)
    yield Cases(stated(core, GAP), ("equity_to_debt_cost_ratio",), GAP)


MODEL = Model(
    model_id="M19",
    title="Tax shield and the gap between equity and debt",
    question="What does interest save in tax, and how much dearer is equity than debt?",
    where="000:274-285",
    cases=cases,
    caveats=("I-51",),
    note="The shield holds for a company with more taxable income than interest; see C3 for stages that have none.",
)
