"""M37, extended thinking: what tokens nobody sees add to the price of an answer.

Not here: what they do to a subscriber's month (marts.subscription_economics).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.listed import PLAN_MODELS, named, newest_list_prices
from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import carry, dropped

THINKING = "m37_thinking"
FIGURES = ("answer_price_usd", "thinking_premium_pct", "thinking_multiple")


def cases(core: Core) -> Iterator[Cases]:
    """An answer with and without thinking; observed, at each list price of the newest day."""
    answers = stated(core, THINKING)
    if answers.is_empty():
        return
    yield Cases(answers, FIGURES, THINKING)
    prices = named(newest_list_prices(core), PLAN_MODELS)
    prices = prices.select(pl.col("case").alias("listed"), *carry("output_list_usd_per_mtok", ends=False))
    observed = dropped(answers, "output_list_usd_per_mtok").join(prices, how="cross")
    observed = observed.with_columns(case=pl.concat_str("case", "listed", separator=" | "))
    yield Cases(observed, ("answer_price_usd",), "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M37",
    title="Extended thinking",
    question="What does thinking add to the price of an answer?",
    where="004:253-271",
    cases=cases,
    inputs=("assumption", "token_price_asof"),
    note="Linear in the tokens: 100K of thinking on 50K of answer is three times the price, not two to three.",
)
