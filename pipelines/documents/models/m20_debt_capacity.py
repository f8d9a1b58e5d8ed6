"""M20, debt capacity: what a cash flow carries by cover, rate, tenor and way of repaying, and how far it may fall.

Not here: the table of all cases (marts.debt_capacity).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL
from pipelines.mart_kit import loans as lending
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import dropped, ruled

TENORS = "m20_tenors"
SPREAD = "m20_spread"
TERMS = "m20_terms"
CAPACITY_FIGURES = (
    "supported_debt_service_usd_per_year",
    "capacity_usd",
)
LOAN_FIGURES = (
    "level_principal_usd_per_year",
    "first_year_interest_usd",
    "debt_service_usd",
    "dscr",
    "decline_to_breach_pct",
    "revenue_decline_to_breach_pct",
    "service_to_revenue_ratio",
    "cash_flow_needed_usd_per_year",
)


def cases(core: Core) -> Iterator[Cases]:
    """The document's underwriting cases and loans, its tenors, spread and terms; then a megawatt of GPUs today."""
    underwritten = lending.repaid(stated(core, lending.CAPACITY_SET))
    yield Cases(_named(underwritten), CAPACITY_FIGURES, lending.CAPACITY_SET)
    loans = lending.repaid(stated(core, lending.LOAN_SET))
    yield Cases(_named(loans), LOAN_FIGURES, lending.LOAN_SET)
    tenors = stated(core, TENORS)
    if not tenors.is_empty():
        freed = tenors.with_columns(ruled("loan_year", 1.0, "the first year"))
        yield Cases(freed, ("debt_service_freed_usd_per_year", "principal_freed_usd_per_year"), TENORS)
    yield Cases(stated(core, SPREAD), ("spread_saved_bps", "interest_saving_usd_per_year"), SPREAD)
    yield Cases(stated(core, TERMS), ("supported_debt_ratio", "tenor_ratio"), TERMS)
    newest = newest_day(core)
    observed = lending.observed(newest)
    if not observed.is_empty():
        yield Cases(_named(observed), lending.OBSERVED_LINES, "observed", rules.PROFESSIONAL)
        laid = lending.by_year(newest)
        yield Cases(_of_year(laid), lending.OF_YEAR, "observed", rules.PROFESSIONAL)
        loans = longest(laid)
        sculpted = pl.col("amortisation") == lending.SCULPTED
        fixed = ("debt_service_factor_per_year", "capacity_in_year_usd")
        yield Cases(loans.filter(~sculpted), fixed, "observed", rules.PROFESSIONAL)
        yield Cases(loans.filter(sculpted), ("sculpted_part_usd",), "observed", rules.PROFESSIONAL)


def longest(laid: pl.DataFrame) -> pl.DataFrame:
    """Every lease's longest loan in each way of repaying, once per year: what sizes it."""
    flows = compute(laid, lending.OF_YEAR, reading=PROFESSIONAL)
    loans = lending.offered(dropped(laid.filter(pl.col("loan_year") == 1), "loan_year"))
    schedule = lending.scheduled(loans.filter(pl.col("tenor_years") == pl.col("longest_tenor_years")), flows)
    return _of_year(_named(schedule))


def _of_year(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(case=pl.format("{} | year {}", "case", pl.col("loan_year").cast(pl.Int64)))


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    if frame.is_empty():
        return frame
    whole = pl.col("tenor_years").cast(pl.Int64)
    told = pl.col("case").str.contains(" years") | pl.col("case").str.contains(" year,")
    tenor = pl.when(told).then(pl.lit("")).otherwise(pl.format(" | {}-year", whole))
    return frame.with_columns(case=pl.concat_str("case", tenor, pl.format(" | {}", "amortisation")))


MODEL = Model(
    model_id="M20",
    title="Debt capacity, cover and headroom",
    question="How much debt does a cash flow carry, and how far may it fall before a covenant breaks?",
    where="000:294-310; 001:415-421",
    cases=cases,
    inputs=lending.INPUTS,
    caveats=("I-45", "I-46", "I-47", "I-50"),
    note=(
        "The printed capacities are those of loans that repay nothing (interest only); a loan of the stated tenor is a "
        "fifth to a half of them. The printed 45% is the fall to the other loan's cover, not to the covenant. "
        "Observed: a megawatt of owned GPUs on headline rents that fall, after tax and repairs; merchant and "
        "reserved apart."
    ),
)
