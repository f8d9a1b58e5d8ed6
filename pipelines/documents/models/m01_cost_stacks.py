"""M01, the cost stacks: what an hour of a GPU costs, line by line, and what a seller keeps of its price.

Not here: the optional lines and the sold hour (c1_cost_waterfall.py); every market and day (marts.gpu_hour_margin).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit import document_rows, rules
from pipelines.mart_kit.assumed import Core
from pipelines.marts import gpu_hour_margin

FIGURES = ("total_cost_usd_per_gpu_hour", "gross_margin_pct", "markup_pct")
OBSERVED_FIGURES = (*FIGURES, "breakeven_utilisation_pct", "first_year_rent_needed_usd_per_gpu_hour")


def cases(core: Core) -> Iterator[Cases]:
    """The documents' stacks as printed and from operands; GPUs at the overall on-demand headline, in each market."""
    stacks = document_rows.gpu_hours(core, FIGURES)
    for name in document_rows.STACKS if not stacks.is_empty() else ():
        of_it = stacks.filter(pl.col("cost_stack").is_in([name, name + document_rows.FROM_OPERANDS]))
        yield Cases(of_it.with_columns(case=pl.col("cost_stack")), FIGURES, name)
    hours = gpu_hour_margin.frame(newest_day(core)).filter(
        (pl.col("commitment") == rules.SERVING_COMMITMENT) & (pl.col("rent_basis") == rules.SERVING_RENT_BASIS)
    )
    named = hours.with_columns(case=pl.concat_str("gpu", "market", separator=" | ")).collect()
    yield Cases(named, OBSERVED_FIGURES, "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M01",
    title="Cost stacks",
    question="What does an hour of a GPU cost, and what is left of its price?",
    where="000:5-14,44-53",
    cases=cases,
    inputs=gpu_hour_margin.INPUTS,
    caveats=("I-01", "I-02", "I-06", "I-12", "I-14"),
    note=(
        "The documents' stacks are of an hour in use; the professional reading spreads fixed cost over the share of "
        "hours sold, an assumption without evidence."
    ),
)
