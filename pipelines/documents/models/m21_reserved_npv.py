"""M21, the reserved contract over its full cycle: what the discount gives away, what the debt it earns saves.

Not here: how much debt a contract carries (M20).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED
from pipelines.economics.schedule import years
from pipelines.mart_kit import loans as lending
from pipelines.mart_kit import rents, rules
from pipelines.mart_kit.assumed import Core, assumed, constants, stated
from pipelines.mart_kit.carry import aliased, because, carry, renamed

RESERVED = "m21_reserved"
CONTRACT = "professional_contract"
CONTRACT_FIGURES = (
    "contract_gain_usd_per_gpu",
    "default_loss_usd_per_gpu",
    "contract_npv_usd_per_gpu",
    "indifference_contract_usd_per_gpu_hour",
    "indifference_discount_pct",
)


def cases(core: Core) -> Iterator[Cases]:
    """The document's contract with both legs, its debt leg year by year; then reserved against on-demand headlines."""
    terms = stated(core, RESERVED)
    if not terms.is_empty():
        sold = compute(terms, ("committed_rent_usd_per_gpu_hour",), reading=AS_PUBLISHED)
        priced = renamed(sold, {"committed_rent_usd_per_gpu_hour": "price_usd_per_gpu_hour"})
        yield Cases(priced, ("price_usd_per_gpu_hour", "gross_margin_pct", "markup_pct"), RESERVED)
        legs = ("discount_cost_usd_per_year", "debt_leg_npv_usd", "discount_npv_usd", "reserved_npv_usd")
        yield Cases(terms, ("gpus_of_budget", *legs), RESERVED)
        yearly = years(terms.head(1), "long_tenor_years").with_columns(
            *because("loan_year", "each year of the longer loan"),
            case=pl.format("year {}", pl.col("loan_year").cast(pl.Int64)),
        )
        yield Cases(yearly, ("debt_service_freed_usd_per_year",), RESERVED)
    let = offers(core)
    yield Cases(let, CONTRACT_FIGURES, "observed", rules.PROFESSIONAL)
    if not let.is_empty():
        yield Cases(loans(core, let["as_of_date"].max()), ("capacity_gained_usd",), "observed", rules.PROFESSIONAL)


def offers(core: Core) -> pl.DataFrame:
    """One row per GPU, commitment and rent basis let both ways on one day, the newest such day of each.

    Reserved and on-demand rents are compared within one basis: a median over all providers is of other sellers for
    one than for the other.
    """
    let = rents.rents(core).collect()
    rent = {"price_usd_per_gpu_hour": "contract_usd_per_gpu_hour"}
    on = ["as_of_date", "gpu", "rent_basis"]
    terms = (
        assumed(core, CONTRACT)
        .filter(pl.col("subject") != "")
        .select("subject", *aliased({"contract_years": "contract_years"}))
    )
    if terms.is_empty():
        return pl.DataFrame()
    contracts = let.select(*on, "commitment", *aliased(rent))
    merchant = let.filter(pl.col("commitment") == rules.SERVING_COMMITMENT).select(
        *on, *aliased({"price_usd_per_gpu_hour": "on_demand_usd_per_gpu_hour"})
    )
    prices = [
        f"{name}{end}"
        for name in ("contract_usd_per_gpu_hour", "on_demand_usd_per_gpu_hour")
        for end in ("", "_low", "_high")
    ]
    return (
        contracts.join(terms, left_on="commitment", right_on="subject")
        .join(merchant, on=on)
        .sort("as_of_date")
        .unique(["gpu", "commitment", "rent_basis"], keep="last", maintain_order=True)
        .with_columns(pl.col(prices).cast(pl.Float64))
        .with_columns(
            *constants(core, CONTRACT, ("availability", "default_rate_per_year")),
            *constants(core, rules.ASSUMPTION_SET, ("utilisation", "rent_decline_per_year", "discount_rate_per_year")),
            case=pl.concat_str("gpu", "commitment", "rent_basis", separator=" | "),
        )
        .sort("case")
    )


def loans(core: Core, on: object) -> pl.DataFrame:
    """One row per GPU, commitment, rent basis, tenor and way of repaying: the loan with the contract and without."""
    at = {
        name: table.filter(pl.col("as_of_date") == on) if "as_of_date" in table.columns else table
        for name, table in core.items()
    }
    sized = lending.observed(at)
    if sized.is_empty():
        return sized
    alike = ["gpu", "rent_basis", "tenor_years", "amortisation"]
    merchant = sized.filter(pl.col("commitment") == rules.SERVING_COMMITMENT)
    contracted = sized.filter(pl.col("commitment") != rules.SERVING_COMMITMENT)
    return (
        contracted.select(
            *alike,
            "case",
            *carry("gearing_capacity_usd"),
            *aliased({"cash_flow_capacity_usd": "contracted_cash_flow_capacity_usd"}),
        )
        .join(
            merchant.select(*alike, *aliased({"cash_flow_capacity_usd": "merchant_cash_flow_capacity_usd"})), on=alike
        )
        .with_columns(case=pl.format("{} | {}-year | {}", "case", pl.col("tenor_years").cast(pl.Int64), "amortisation"))
        .sort("case")
    )


MODEL = Model(
    model_id="M21",
    title="Reserved contract over its full cycle",
    question="Does the debt that a reserved contract makes cheaper pay for the discount it gives?",
    where="000:292,311-313; 001:183",
    cases=cases,
    inputs=lending.INPUTS,
    caveats=("I-48", "I-49"),
    note=(
        "Per $1B of loan spent on GPUs. The discount is given every year; the debt leg turns around when the short "
        "loan is repaid and is worth its present value once. Observed, per GPU, and per MW for the debt a contract "
        "adds: the newest day on which a GPU is let both "
        "ways on one rent basis; utilisation, fall of rents, delivery and default are assumptions."
    ),
)
