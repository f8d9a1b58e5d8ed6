"""Debt on the after-tax cash flow of a megawatt of GPUs, year by year: schedule, capacity, cover, reserve, balloon.

Every formula is of one year or of a whole loan; the sums, minima and first values over years are taken in
pipelines/economics/schedule.py. Tax is taken before interest, so that the size of the loan does not decide its own
cash flow: a lender's base case, on the safe side.

The documents let one year stand for all: their forms stand beside, of the `as_published` reading.

Not here: service of a loan (loan.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR, MONTHS_PER_YEAR, PERCENT


@formula(unit="usd/MW/year", source="docs/economics.md#falling-rent; docs/economics.md#debt")
def revenue_in_year_usd(
    gpus_per_mw: pl.Expr,
    price_usd_per_gpu_hour: pl.Expr,
    rent_decline_per_year: pl.Expr,
    utilisation: pl.Expr,
    loan_year: pl.Expr,
) -> pl.Expr:
    """GPUs x 8760 u x rent (1-g)^(t-1)."""
    rent = price_usd_per_gpu_hour * (1.0 - rent_decline_per_year).pow(loan_year - 1.0)
    return gpus_per_mw * HOURS_PER_YEAR * utilisation * rent


@formula(unit="usd/MW/year", source="docs/economics.md#falling-rent; docs/economics.md#debt")
def operating_cash_in_year_usd(
    gpus_per_mw: pl.Expr,
    price_usd_per_gpu_hour: pl.Expr,
    rent_decline_per_year: pl.Expr,
    utilisation: pl.Expr,
    non_capital_fixed_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
    loan_year: pl.Expr,
) -> pl.Expr:
    """GPUs x 8760 {u [rent (1-g)^(t-1) - v] - F}: before tax, after space, staff, network, repairs and electricity."""
    rent = price_usd_per_gpu_hour * (1.0 - rent_decline_per_year).pow(loan_year - 1.0)
    hourly = utilisation * (rent - electricity_usd_per_gpu_hour) - non_capital_fixed_usd_per_gpu_hour
    return gpus_per_mw * HOURS_PER_YEAR * hourly


@formula(unit="usd/MW/year", source="docs/economics.md#debt")
def operating_cost_in_year_usd(
    gpus_per_mw: pl.Expr,
    utilisation: pl.Expr,
    non_capital_fixed_usd_per_gpu_hour: pl.Expr,
    electricity_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """GPUs x 8760 (F + u v): the cost in the operating cash of every year."""
    hourly = non_capital_fixed_usd_per_gpu_hour + utilisation * electricity_usd_per_gpu_hour
    return gpus_per_mw * HOURS_PER_YEAR * hourly


@formula(unit="usd/MW/year", source="docs/economics.md#debt: straight-line depreciation")
def depreciation_usd_per_year(
    gpus_per_mw: pl.Expr, purchase_price_usd: pl.Expr, residual_share: pl.Expr, life_years: pl.Expr
) -> pl.Expr:
    """GPUs x price x (1 - residual) / life."""
    return gpus_per_mw * purchase_price_usd * (1.0 - residual_share) / life_years


@formula(unit="usd/MW/year", source="docs/economics.md#debt: tax before interest")
def tax_in_year_usd(
    operating_cash_in_year_usd: pl.Expr, depreciation_usd_per_year: pl.Expr, tax_share: pl.Expr
) -> pl.Expr:
    """Tax on operating cash above depreciation; a year's loss is not carried to another year."""
    taxable = operating_cash_in_year_usd - depreciation_usd_per_year
    return tax_share * pl.max_horizontal(taxable, pl.lit(0.0))


@formula(unit="usd/MW/year", source="docs/economics.md#debt: cash flow available for debt service")
def cash_flow_in_year_usd(
    operating_cash_in_year_usd: pl.Expr, depreciation_usd_per_year: pl.Expr, tax_share: pl.Expr
) -> pl.Expr:
    """Operating cash less its tax. Repairs (maintenance capital) are in the operating cash already.

    Written in its own operands, so that its range does not count operating cash on both sides.
    """
    return operating_cash_in_year_usd - tax_in_year_usd(
        operating_cash_in_year_usd, depreciation_usd_per_year, tax_share
    )


@formula(unit="usd/MW", source="docs/economics.md#debt: debt capacity under a fixed profile of service")
def capacity_in_year_usd(
    cash_flow_in_year_usd: pl.Expr, required_dscr: pl.Expr, debt_service_factor_per_year: pl.Expr
) -> pl.Expr:
    """Cash flow / cover / service per dollar: the loan this year alone would carry; none where cash flow is negative.

    The loan of all years is the smallest.
    """
    carried = cash_flow_in_year_usd / required_dscr / debt_service_factor_per_year
    return pl.when(debt_service_factor_per_year > 0).then(pl.max_horizontal(carried, pl.lit(0.0)))


@formula(unit="usd/MW", source="docs/economics.md#debt: sum of CFADS / (DSCR (1 + k)^t)")
def sculpted_part_usd(
    cash_flow_in_year_usd: pl.Expr, required_dscr: pl.Expr, debt_rate_per_year: pl.Expr, loan_year: pl.Expr
) -> pl.Expr:
    """Cash flow / cover, discounted at the loan's rate: the part of a sculpted loan this year repays.

    The loan is the sum of the parts.
    """
    service = pl.max_horizontal(cash_flow_in_year_usd, pl.lit(0.0)) / required_dscr
    return service * (1.0 + debt_rate_per_year).pow(-loan_year)


@formula(unit="usd/MW", source="docs/economics.md#debt: gearing")
def gearing_capacity_usd(gpus_per_mw: pl.Expr, purchase_price_usd: pl.Expr, gearing_share: pl.Expr) -> pl.Expr:
    """Share of the purchase price that lenders advance."""
    return gpus_per_mw * purchase_price_usd * gearing_share


@formula(unit="usd/year", source="M20; document 000:295-296", reading="as_published")
def supported_debt_service_usd_per_year(cash_flow_usd_per_year: pl.Expr, required_dscr: pl.Expr) -> pl.Expr:
    """Cash flow over the cover a lender wants: interest and principal that one year's cash flow carries."""
    return cash_flow_usd_per_year / required_dscr


@formula(unit="usd", source="M20; document 000:295-296; ledger I-45", reading="as_published")
def capacity_usd__as_published(
    supported_debt_service_usd_per_year: pl.Expr, debt_service_factor_per_year: pl.Expr
) -> pl.Expr:
    """The loan whose first year's service is the one supported; the first year is never lighter than a later one."""
    return supported_debt_service_usd_per_year / debt_service_factor_per_year


@formula(unit="usd/MW", source="docs/economics.md#debt: capacity, capped by gearing", reading="professional")
def capacity_usd__professional(cash_flow_capacity_usd: pl.Expr, gearing_capacity_usd: pl.Expr) -> pl.Expr:
    """The smaller of what the cash flow carries and what is advanced on the hardware."""
    return pl.min_horizontal(cash_flow_capacity_usd, gearing_capacity_usd)


@formula(unit="usd/MW/year", source="docs/economics.md#debt: sculpted service")
def sculpted_service_usd(
    loan_usd: pl.Expr, cash_flow_capacity_usd: pl.Expr, cash_flow_in_year_usd: pl.Expr, required_dscr: pl.Expr
) -> pl.Expr:
    """Loan / capacity x cash flow / cover: service follows the cash flow, scaled down where gearing caps the loan."""
    service = pl.max_horizontal(cash_flow_in_year_usd, pl.lit(0.0)) / required_dscr
    return pl.when(cash_flow_capacity_usd > 0).then(loan_usd / cash_flow_capacity_usd * service)


@formula(unit="1", source="docs/economics.md#debt: debt service cover of a year")
def dscr_in_year(cash_flow_in_year_usd: pl.Expr, debt_service_usd: pl.Expr) -> pl.Expr:
    """Cash flow over service; null where nothing is owed."""
    return pl.when(debt_service_usd > 0).then(cash_flow_in_year_usd / debt_service_usd)


@formula(unit="percent", source="M20; ledger I-47: a decline of revenue with all cost fixed")
def revenue_headroom_in_year_pct(
    operating_cost_in_year_usd: pl.Expr,
    tax_in_year_usd: pl.Expr,
    debt_service_usd: pl.Expr,
    covenant_dscr: pl.Expr,
    revenue_in_year_usd: pl.Expr,
) -> pl.Expr:
    """1 - (cost + tax + covenant x service) / revenue: fall of the year's revenue that reaches the covenant.

    No cost falls with it, nor tax.
    """
    needed = operating_cost_in_year_usd + tax_in_year_usd + covenant_dscr * debt_service_usd
    return pl.when(debt_service_usd > 0).then(PERCENT * (1.0 - needed / revenue_in_year_usd))


@formula(unit="usd/MW", source="docs/economics.md#debt: loan-life cover")
def loan_life_part_usd(cash_flow_in_year_usd: pl.Expr, debt_rate_per_year: pl.Expr, loan_year: pl.Expr) -> pl.Expr:
    """Cash flow of a year of the loan's life, discounted at its rate."""
    return cash_flow_in_year_usd * (1.0 + debt_rate_per_year).pow(-loan_year)


@formula(unit="1", source="docs/economics.md#debt: loan-life cover ratio")
def loan_life_cover_ratio(loan_life_cash_flow_usd: pl.Expr, loan_usd: pl.Expr) -> pl.Expr:
    """Present value of the cash flows of the loan's life over the loan."""
    return pl.when(loan_usd > 0).then(loan_life_cash_flow_usd / loan_usd)


@formula(unit="usd/MW", source="docs/economics.md#debt: debt service reserve account")
def reserve_account_usd(debt_service_usd: pl.Expr, reserve_months: pl.Expr) -> pl.Expr:
    """Months of the first year's service, put aside out of the loan."""
    return debt_service_usd * reserve_months / MONTHS_PER_YEAR


@formula(unit="usd/MW", source="docs/economics.md#debt: arrangement fee")
def upfront_fee_usd(loan_usd: pl.Expr, upfront_fee_share: pl.Expr) -> pl.Expr:
    """Share of the loan the arranger keeps."""
    return loan_usd * upfront_fee_share


@formula(unit="usd/MW", source="docs/economics.md#debt: uses of a loan")
def net_proceeds_usd(loan_usd: pl.Expr, upfront_fee_usd: pl.Expr, reserve_account_usd: pl.Expr) -> pl.Expr:
    """What of the loan buys hardware: less the fee and the reserve account."""
    return loan_usd - upfront_fee_usd - reserve_account_usd


@formula(unit="year", source="docs/economics.md#debt: tail")
def tail_years(life_years: pl.Expr, tenor_years: pl.Expr) -> pl.Expr:
    """Years the hardware still earns when the loan is repaid."""
    return life_years - tenor_years


@formula(unit="usd/MW", source="docs/economics.md#debt: balloon")
def balloon_usd(loan_usd: pl.Expr, balloon_share: pl.Expr) -> pl.Expr:
    """Repaid at once at the end of the tenor."""
    return loan_usd * balloon_share


@formula(unit="1", source="docs/economics.md#debt: refinancing risk of a balloon")
def balloon_cover_ratio(
    gpus_per_mw: pl.Expr,
    purchase_price_usd: pl.Expr,
    residual_share: pl.Expr,
    life_years: pl.Expr,
    tenor_years: pl.Expr,
    balloon_usd: pl.Expr,
) -> pl.Expr:
    """Book value of the hardware at the end of the tenor over the balloon: below one it cannot be repaid by a sale."""
    worn = (1.0 - residual_share) * pl.min_horizontal(tenor_years / life_years, pl.lit(1.0))
    book = gpus_per_mw * purchase_price_usd * (1.0 - worn)
    return pl.when(balloon_usd > 0).then(book / balloon_usd)


@formula(unit="1", source="M20; document 000:307", reading="as_published")
def dscr(cash_flow_usd_per_year: pl.Expr, debt_service_usd: pl.Expr) -> pl.Expr:
    """Cash flow over the first year's debt service."""
    return cash_flow_usd_per_year / debt_service_usd


@formula(unit="percent", source="M20; ledger I-47: a decline of revenue with all cost fixed", reading="as_published")
def revenue_decline_to_breach_pct(
    cash_flow_usd_per_year: pl.Expr,
    debt_service_usd: pl.Expr,
    covenant_dscr: pl.Expr,
    contracted_revenue_usd_per_year: pl.Expr,
) -> pl.Expr:
    """(cash flow - covenant x service) / revenue: fall of revenue that reaches the covenant when no cost falls."""
    headroom = cash_flow_usd_per_year - covenant_dscr * debt_service_usd
    return PERCENT * headroom / contracted_revenue_usd_per_year
