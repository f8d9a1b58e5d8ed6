"""M14, deflation: the documents' price falls brought to times per year.

Not here: measured indices; marts.price_index and marts.price_deflation hold them, by segment and method.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit.assumed import Core, stated

PRICES = "m14_prices"
STATED = "m14_stated_falls"
YEARLY = ("annual_price_fall_factor", "annual_price_change_pct")


def cases(core: Core) -> Iterator[Cases]:
    """One fall given as two prices, the others as a factor."""
    yield Cases(stated(core, PRICES), ("price_fall_factor", *YEARLY), PRICES)
    yield Cases(stated(core, STATED), YEARLY, STATED)


MODEL = Model(
    model_id="M14",
    title="Deflation of token prices",
    question="How many times a year do token prices fall, in each of the falls the documents state?",
    where="000:114,122; 003:9,43-45; 004:326",
    cases=cases,
    caveats=("I-41",),
    note="Four falls of four baskets: they are not one rate. The measured rates are in marts.price_deflation.",
)
