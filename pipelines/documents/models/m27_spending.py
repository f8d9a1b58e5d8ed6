"""M27, spending: price times volume, the consumption trap, and a price per outcome on today's token prices.

Not here: how prices fell (marts.price_deflation).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.models import m25_cost_of_pass
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import carry

OUTCOME = "m27_outcome"
DECOMPOSED = ("spend_index", "price_effect_log_pct", "volume_effect_log_pct", "consumption_elasticity")


def cases(core: Core) -> Iterator[Cases]:
    """The page's two readings of one bill, inference within it, and what a call may cost under a price per outcome."""
    yield Cases(stated(core, "m27_spend"), DECOMPOSED, "m27_spend")
    yield Cases(stated(core, "m27_budget"), ("bill_index", "volume_index", *DECOMPOSED), "m27_budget")
    yield Cases(stated(core, "m27_inference"), ("earlier_inference_share",), "m27_inference")
    outcome = stated(core, OUTCOME)
    yield Cases(outcome, ("breakeven_call_cost_usd",), OUTCOME)
    yield Cases(_served(core, outcome), ("request_cost_usd", "outcome_margin_pct"), "observed", rules.PROFESSIONAL)


def _served(core: Core, outcome: pl.DataFrame) -> pl.DataFrame:
    """The outcome served by each model at its list price, a call as long as an attempt of M25."""
    models = m25_cost_of_pass.priced(core)
    if models.is_empty() or outcome.is_empty():
        return pl.DataFrame()
    calls = models.unique("model", keep="first", maintain_order=True).select(
        "model",
        *carry(
            "input_tokens_per_attempt",
            "output_tokens_per_attempt",
            "input_price_usd_per_mtok",
            "output_price_usd_per_mtok",
            ends=False,
        ),
    )
    return outcome.join(calls, how="cross").with_columns(case=pl.concat_str("case", "model", separator=" | "))


MODEL = Model(
    model_id="M27",
    title="Spending and the consumption trap",
    question="Why does the bill grow while tokens get cheaper, and who keeps what a cheaper token saves?",
    where="003:43-46",
    cases=cases,
    inputs=m25_cost_of_pass.MODEL.inputs,
    caveats=("I-41", "I-42"),
    note="Calls per outcome are those of agentic workflows in general: the seller does not publish its own.",
)
