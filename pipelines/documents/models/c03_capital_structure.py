"""C3, capital structure by stage: what the mix of equity and debt costs after tax, as a company grows up.

Not here: its table (marts.capital_structure).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit.assumed import Core
from pipelines.marts import capital_structure

FIGURES = ("after_tax_cost_of_debt_pct", "wacc_pct", "equity_to_debt_cost_ratio")


def cases(core: Core) -> Iterator[Cases]:
    """One case per stage: as the document prices it, and with a shield only where there is income to tax."""
    for reading, scenario in capital_structure.SETS.items():
        stages = capital_structure.stages(core, reading)
        if not stages.is_empty():
            yield Cases(stages.rename({"stage": "case"}), FIGURES, scenario, reading)


MODEL = Model(
    model_id="C3",
    title="Capital structure by stage",
    question="What does a company's capital cost after tax at each stage of its life?",
    where="000:314-321; 001:454-480",
    cases=cases,
    caveats=("I-51",),
    note=(
        "The document gives no mix for public companies; that of Series C/D is assumed. Its Series A has a slice of "
        "debt and says debt is unavailable: free here as published, venture debt in the professional reading, which "
        "also lets interest save tax only where there is taxable income."
    ),
)
