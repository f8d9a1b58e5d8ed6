"""A loan: its service year by year, level principal or annuity, with or without a balloon, and cover and headroom.

`level_principal` is 1 where equal parts are repaid every year and 0 where service is level; `balloon_share` is the
share repaid at once at the end (1: interest only). Years are paid in arrears.

Not here: how large a loan may be (project_debt.py), what it costs a company (financing.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.gpu_hour.capital_charge import capital_recovery_factor
from pipelines.economics.units import PERCENT


@formula(unit="1/year", source="annuity and level principal of corporate-finance textbooks; M20")
def debt_service_factor_per_year(
    debt_rate_per_year: pl.Expr,
    tenor_years: pl.Expr,
    level_principal: pl.Expr,
    balloon_share: pl.Expr,
    loan_year: pl.Expr,
) -> pl.Expr:
    """Service of one dollar of loan in a year, without the balloon itself: b k + (1 - b) [1/n + k (1 - (t-1)/n)].

    Or b k + (1 - b) k / (1 - (1 + k)^-n) where service is level. 0 after the tenor.
    """
    k, n = debt_rate_per_year, tenor_years
    level = 1.0 / n + k * (1.0 - (loan_year - 1.0) / n)
    annuity = capital_recovery_factor(k, n)
    amortised = level_principal * level + (1.0 - level_principal) * annuity
    factor = balloon_share * k + (1.0 - balloon_share) * amortised
    return pl.when(loan_year <= n).then(factor).otherwise(0.0)


@formula(unit="usd/year", source="M20; document 000:302-306")
def debt_service_usd(loan_usd: pl.Expr, debt_service_factor_per_year: pl.Expr) -> pl.Expr:
    """Interest and principal of the year."""
    return loan_usd * debt_service_factor_per_year


@formula(unit="usd/year", source="M20; document 000:304,310")
def level_principal_usd_per_year(loan_usd: pl.Expr, tenor_years: pl.Expr) -> pl.Expr:
    """Loan over tenor: repaid every year where principal is level."""
    return loan_usd / tenor_years


@formula(unit="usd", source="M20; document 000:305")
def first_year_interest_usd(loan_usd: pl.Expr, debt_rate_per_year: pl.Expr) -> pl.Expr:
    """Interest on the whole loan."""
    return loan_usd * debt_rate_per_year


@formula(unit="percent", source="M20; document 000:308; ledger I-47")
def decline_to_breach_pct(dscr: pl.Expr, covenant_dscr: pl.Expr) -> pl.Expr:
    """1 - covenant / cover: fall of cash flow at which cover is down to the covenant; negative where it is below.

    Minus infinite (stored as null) where there is no cash flow to fall.
    """
    fall = PERCENT * (1.0 - covenant_dscr / dscr)
    return pl.when(dscr > 0).then(fall).when(dscr <= 0).then(-float("inf"))


@formula(unit="usd/year", source="M20; document 000:306,309,313")
def debt_service_freed_usd_per_year(
    loan_usd: pl.Expr,
    short_debt_rate_per_year: pl.Expr,
    short_tenor_years: pl.Expr,
    long_debt_rate_per_year: pl.Expr,
    long_tenor_years: pl.Expr,
    loan_year: pl.Expr,
) -> pl.Expr:
    """Service of the short loan less that of the long one in a year, both of level principal.

    It turns negative when the short loan is repaid: most of what is freed is principal paid later, not saved.
    """
    one, none = pl.lit(1.0), pl.lit(0.0)
    short = debt_service_factor_per_year(short_debt_rate_per_year, short_tenor_years, one, none, loan_year)
    long = debt_service_factor_per_year(long_debt_rate_per_year, long_tenor_years, one, none, loan_year)
    return loan_usd * (short - long)


@formula(unit="usd/year", source="M20; document 000:310")
def principal_freed_usd_per_year(loan_usd: pl.Expr, short_tenor_years: pl.Expr, long_tenor_years: pl.Expr) -> pl.Expr:
    """Level principal of the short tenor less that of the long one."""
    return loan_usd / short_tenor_years - loan_usd / long_tenor_years


@formula(unit="1", source="M20; document 001:415; ledger I-46")
def supported_debt_ratio(
    contracted_debt_service_usd_per_year: pl.Expr, uncontracted_debt_service_usd_per_year: pl.Expr
) -> pl.Expr:
    """Debt service carried with a contract over that without: the ratio of the loans on one tenor and rate."""
    return contracted_debt_service_usd_per_year / uncontracted_debt_service_usd_per_year


@formula(unit="1", source="M20; document 001:419")
def tenor_ratio(contracted_tenor_years: pl.Expr, uncontracted_tenor_years: pl.Expr) -> pl.Expr:
    """Tenor lenders give with a contract over that without."""
    return contracted_tenor_years / uncontracted_tenor_years


@formula(unit="1", source="M20; ledger I-50")
def service_to_revenue_ratio(debt_service_usd: pl.Expr, contracted_revenue_usd_per_year: pl.Expr) -> pl.Expr:
    """Debt service over a contract's whole revenue; above one the contract cannot be all that pays the loan."""
    return debt_service_usd / contracted_revenue_usd_per_year


@formula(unit="usd/year", source="M20; ledger I-50")
def cash_flow_needed_usd_per_year(debt_service_usd: pl.Expr, required_dscr: pl.Expr) -> pl.Expr:
    """Debt service x the cover a lender wants."""
    return debt_service_usd * required_dscr
