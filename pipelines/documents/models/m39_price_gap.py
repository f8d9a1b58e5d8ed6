"""M39, the price gap between frontier models and the open one. Not here: capability (marts.capability_frontier)."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.listed import OPEN_MODEL, named, newest_list_prices
from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased

GAP = "m39_price_gap"
FIGURES = ("input_price_gap", "output_price_gap")


def cases(core: Core) -> Iterator[Cases]:
    """A case per frontier model of the document; observed, per model it names, to the open one of the newest day."""
    gaps = stated(core, GAP)
    if gaps.is_empty():
        return
    yield Cases(gaps, FIGURES, GAP)
    prices = newest_list_prices(core)
    provider, model = OPEN_MODEL
    opened = prices.filter((pl.col("provider") == provider) & (pl.col("model") == model)).select(
        aliased(
            {f"{kind}_list_usd_per_mtok": f"open_{kind}_list_usd_per_mtok" for kind in ("input", "output")}, ends=False
        )
    )
    yield Cases(named(prices, gaps["case"]).join(opened, how="cross"), FIGURES, "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M39",
    title="Price gap frontier to open",
    question="How many times the open model's price does a frontier model ask?",
    where="004:9-19",
    cases=cases,
    inputs=("assumption", "token_price_asof"),
    caveats=("I-56", "I-57", "I-58", "I-59"),
    note="The document's GPT-5 price contradicts the list: 1.25 and 10 since its release.",
)
