"""M29, recirculation: how much of what a stack books comes from outside it, and revenue booked gross or net.

Not here: equity stakes and prepayments between the layers, which no document puts a figure on.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit.assumed import Core, stated


def cases(core: Core) -> Iterator[Cases]:
    """Flows of three layers, and one margin booked two ways."""
    yield Cases(stated(core, "m29_flows"), ("layer_flows_usd", "external_share_pct"), "m29_flows")
    yield Cases(stated(core, "m29_booking"), ("gross_booked_margin_pct", "implied_partner_share"), "m29_booking")


MODEL = Model(
    model_id="M29",
    title="Recirculation in the stack",
    question="Which share of what chip makers, clouds and labs book is paid by end customers?",
    where="003:14,33-35",
    cases=cases,
    caveats=("I-69",),
    note=(
        "The share of end customers is an illustration: a quarter of one supplier, a whole agreement and a quarter of "
        "one lab's run rate do not cover one scope. What all end customers pay is in no document."
    ),
)
