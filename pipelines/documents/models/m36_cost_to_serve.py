"""M36, cost to serve a subscriber: the document's formula on its own operands, beside what it prints.

The rows are those of marts.subscription_economics, which holds every operand. Not here: limits (M35).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core
from pipelines.marts import subscription_economics


def cases(core: Core) -> Iterator[Cases]:
    """A case per type of subscriber; observed, at the newest day's list prices and an assumed share of them."""
    name = pl.col("user_type").alias("case")
    stated = subscription_economics.published_rows(core)
    if not stated.is_empty():
        printed = (*subscription_economics.FIGURES, *subscription_economics.PRINTED)
        yield Cases(stated.with_columns(name), printed, subscription_economics.DOCUMENT)
    observed = subscription_economics.observed_rows(core)
    if not observed.is_empty():
        yield Cases(observed.with_columns(name), subscription_economics.FIGURES, "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M36",
    title="Cost to serve a subscriber",
    question="What does a subscriber's month cost, and what multiple of it is paid?",
    where="004:231-247",
    cases=cases,
    inputs=subscription_economics.INPUTS,
    caveats=("I-72", "I-73"),
    note="The printed costs suppose 2.80 to 5.37 per million output tokens, not the 3 the document states.",
)
