"""M34, a lab's growth, burn and the way from a token's margin to the company's.

The documents name seven causes of the gap and size none. What arithmetic can say is the bound: the share of paid
GPU-hours in use at which idleness alone would explain it. Not here: profit and loss of application companies.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit.assumed import Core, stated

SETS = {
    "m34_growth": ("run_rate_growth", "annualised_run_rate_growth"),
    "m34_burn": ("burn_share_of_revenue_pct",),
    "m34_product": ("product_share_of_arr_pct",),
    "m34_margin_bridge": ("margin_to_explain_pct", "utilisation_explaining_margin"),
}


def cases(core: Core) -> Iterator[Cases]:
    """A case per span of growth, per burn, and per pair of margins."""
    for assumption_set, figures in SETS.items():
        rows = stated(core, assumption_set)
        if not rows.is_empty():
            yield Cases(rows, figures, assumption_set)


MODEL = Model(
    model_id="M34",
    title="Company margin bridge and run-rate growth",
    question="How fast does a lab grow, what does it burn, and what lies between a token's margin and its own?",
    where="004:170-200",
    cases=cases,
    caveats=("I-68", "I-70"),
    note="No operand is observed: the figures are of press reports the document quotes.",
)
