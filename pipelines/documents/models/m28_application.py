"""M28, an application company: what is left of its revenue after tokens, staff and hosting.

Not here: what serving a token costs whoever sells it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated

COMPANY = "m28_application_pnl"


def cases(core: Core) -> Iterator[Cases]:
    """The document's company; with hosting in cost of sales in the professional reading."""
    figures = ("api_cost_share_pct", "application_gross_margin_pct", "application_loss_usd_per_year")
    yield Cases(stated(core, COMPANY), (*figures, "elapsed_months", "monthly_growth_pct"), COMPANY)
    yield Cases(stated(core, COMPANY), figures, COMPANY, rules.PROFESSIONAL)


MODEL = Model(
    model_id="M28",
    title="Profit and loss of an application company",
    question="What does a company keep that sells an application and buys its tokens?",
    where="003:26,38-41",
    cases=cases,
    caveats=("I-74",),
    note="Revenue is a run rate and costs are a year's, as the document sets them side by side.",
)
