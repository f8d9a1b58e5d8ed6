"""M32, list price of tokens against their estimated true cost: margin, markup and the cut from one model to the next.

`professional` puts the list prices of the newest day in the place of the document's; the true costs stay its
estimates, since no lab publishes them. Not here: cost from measured throughput (marts.token_margin).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.listed import named, newest_list_prices
from pipelines.documents.model import Cases, Model
from pipelines.economics.trace import HOW
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated

MARGINS = "m32_api_margin"
CUT = "m32_price_cut"
FIGURES = ("output_token_margin_pct", "output_token_markup", "input_token_markup")


def cases(core: Core) -> Iterator[Cases]:
    """A case per model of the table, and one per cut."""
    margins = stated(core, MARGINS)
    if margins.is_empty():
        return
    yield Cases(margins, FIGURES, MARGINS)
    yield Cases(stated(core, CUT), ("list_price_cut_pct",), CUT)
    costs = margins.select("case", pl.col(f"^({HOW})?true_.*$"))
    yield Cases(
        costs.join(named(newest_list_prices(core), costs["case"]), on="case"), FIGURES, "observed", rules.PROFESSIONAL
    )


MODEL = Model(
    model_id="M32",
    title="API price against true cost",
    question="What share of a token's list price is left after the cost of serving it?",
    where="004:143-158",
    cases=cases,
    inputs=("assumption", "token_price_asof"),
    caveats=("I-65", "I-66"),
    note="The true costs are the document's estimates in both readings: an assumption without evidence.",
)
