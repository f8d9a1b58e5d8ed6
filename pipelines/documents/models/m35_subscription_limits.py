"""M35, the limits of the Max 20x plan at list prices: a window, a week, a month, and the loss that is none.

Not here: what a subscriber costs to serve (m36_cost_to_serve.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.listed import PLAN_MODELS, named, newest_list_prices
from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import carry, dropped

LIMITS = "m35_limits"
FIGURES = (
    "window_output_mtok",
    "windows_per_week",
    "weekly_output_mtok",
    "limit_value_usd_per_month",
    "apparent_loss_usd_per_month",
)
AT_LIST = ("window_output_mtok", "weekly_output_mtok")
PRINTED = "30-day month"


def cases(core: Core) -> Iterator[Cases]:
    """The limits on two calendars and at the document's other price of the model; observed, at each list price."""
    limits = stated(core, LIMITS)
    if limits.is_empty():
        return
    yield Cases(limits, FIGURES, LIMITS)
    prices = named(newest_list_prices(core), PLAN_MODELS).select("case", *carry("output_list_usd_per_mtok", ends=False))
    printed = dropped(limits.filter(pl.col("case") == PRINTED), "case", "output_list_usd_per_mtok")
    yield Cases(prices.join(printed, how="cross"), AT_LIST, "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M35",
    title="Subscription limits, Max 20x",
    question="What do a plan's limits buy at list prices?",
    where="004:217-229",
    cases=cases,
    inputs=("assumption", "token_price_asof"),
    caveats=("I-57", "I-71"),
)
