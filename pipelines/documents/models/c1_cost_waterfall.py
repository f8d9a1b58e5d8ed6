"""C1, the cost waterfall: the bars of an hour's cost, the lines a seller may leave out, and the hour that is sold.

Not here: the same for every day and seller (marts.gpu_hour_margin).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED
from pipelines.mart_kit import document_rows, rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import carry, dropped, renamed
from pipelines.marts import gpu_hour_margin

BARS = (
    "capital_usd_per_gpu_hour",
    "electricity_usd_per_gpu_hour",
    "facility_usd_per_gpu_hour",
    "networking_usd_per_gpu_hour",
    "operations_usd_per_gpu_hour",
)
OPTIONS = ("storage_usd_per_gpu_hour", "maintenance_usd_per_gpu_hour", "capital_charge_usd_per_gpu_hour")
ENDS = ("waterfall_total_usd_per_gpu_hour", "waterfall_margin_pct")
SOLD = ("total_per_sold_hour_usd_per_gpu_hour", "margin_per_sold_hour_pct")
FIGURES = {
    "c1_waterfall": (*BARS, *ENDS),
    "c1_optional_lines": (*OPTIONS, *ENDS),
    "c1_sold_hours": SOLD,
}
BUILDING = "c1_own_building"
OWNED = "document_stack_b_crusoe_owned"
TAX = "professional_tax"
CHAIN = "professional_utilisation_chain"


def cases(core: Core) -> Iterator[Cases]:
    """The documents' stacks plain, with the optional lines and per sold hour; observed bars, tax and billed hours."""
    stacks = document_rows.gpu_hours(core, BARS)
    if not stacks.is_empty():
        bars = stacks.select(pl.col("cost_stack").alias("case"), *carry(*BARS, "price_usd_per_gpu_hour", "utilisation"))
        for name, figures in FIGURES.items():
            yield Cases(bars.join(stated(core, name).drop("case"), how="cross"), figures, name)
        yield Cases(in_own_building(core, bars), (BARS[2], *ENDS), BUILDING)
    building = stated(core, BUILDING)
    for reading in (rules.AS_PUBLISHED, rules.PROFESSIONAL):
        yield Cases(building, ("owned_facility_usd_per_gpu_hour",), BUILDING, reading)
    yield from observed(core)


def in_own_building(core: Core, bars: pl.DataFrame) -> pl.DataFrame:
    """The stack of an owned facility with its space built up from capex per MW and life, the other bars as printed."""
    made = compute(stated(core, BUILDING), ("owned_facility_usd_per_gpu_hour",), reading=AS_PUBLISHED)
    space = renamed(made, {"owned_facility_usd_per_gpu_hour": "facility_usd_per_gpu_hour"})
    space = space.select(carry("facility_usd_per_gpu_hour"))
    plain = stated(core, "c1_waterfall").drop("case")
    owned = dropped(bars.filter(pl.col("case") == OWNED), "facility_usd_per_gpu_hour")
    return owned.join(space, how="cross").join(plain, how="cross")


def observed(core: Core) -> Iterator[Cases]:
    """GPUs at the overall on-demand headline in the average market: bars, capital after tax, cost of a billed hour."""
    hours = gpu_hour_margin.frame(newest_day(core)).filter(
        (pl.col("commitment") == rules.SERVING_COMMITMENT)
        & (pl.col("rent_basis") == rules.SERVING_RENT_BASIS)
        & (pl.col("market") == rules.SERVING_MARKET)
    )
    bars = hours.with_columns(case=pl.col("gpu")).collect()
    ends = ("maintenance_usd_per_gpu_hour", "idle_usd_per_gpu_hour", "total_cost_usd_per_gpu_hour", "gross_margin_pct")
    yield Cases(bars, (*BARS, *ends), "observed", rules.PROFESSIONAL)
    schedules = stated(core, TAX).rename({"case": "schedule"})
    taxed = bars.join(schedules, how="cross").with_columns(case=pl.concat_str("gpu", "schedule", separator=" | "))
    yield Cases(
        taxed, ("allowance_present_value", "tax_factor", "taxed_capital_usd_per_gpu_hour"), TAX, rules.PROFESSIONAL
    )
    billed = ("billed_share", "idle_electricity_usd_per_gpu_hour", "cost_usd_per_billed_gpu_hour")
    yield Cases(bars, billed, CHAIN, rules.PROFESSIONAL)


MODEL = Model(
    model_id="C1",
    title="Cost waterfall",
    question="Which lines make up the cost of an hour, and what changes when the ones left out are added?",
    where="001:55; 000:5-14,27,44-53,198,201",
    cases=cases,
    inputs=gpu_hour_margin.INPUTS,
    caveats=("I-01", "I-14", "I-26", "I-40"),
    note=(
        "A charge for capital is no part of gross margin: with storage and failures alone stack B's 29.5% is 20.8%. "
        "Shares of sold, available and credited hours are assumptions without evidence."
    ),
)
