"""Reserved capacity: the discount given, the debt it makes cheaper, and a contract against the open market.

A customer under contract pays for every hour of the term; the open market pays for the hours sold, at rents that fall.

Not here: loans themselves (loan.py), the discounts sellers give (tokens/pricing.py), the hour's margin.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.gpu_hour.capital_charge import capital_recovery_factor, discounted_years
from pipelines.economics.units import HOURS_PER_YEAR, PERCENT, SMALL_RATE


@formula(unit="gpu", source="M21; ledger I-49")
def gpus_of_budget(loan_usd: pl.Expr, purchase_price_usd: pl.Expr) -> pl.Expr:
    """GPUs that the loan buys, hardware alone."""
    return loan_usd / purchase_price_usd


@formula(unit="usd/year", source="M21; document 000:292,313; ledger I-49")
def discount_cost_usd_per_year(
    gpus_of_budget: pl.Expr,
    on_demand_usd_per_gpu_hour: pl.Expr,
    commitment_discount_share: pl.Expr,
    utilisation: pl.Expr,
    paid_share: pl.Expr,
) -> pl.Expr:
    """GPUs x 8760 x list x [u - (1 - d) paid]: on-demand revenue of the hours sold less reserved revenue.

    Reserved capacity is paid for whether used or not (paid share 1); counting only the hours in use gives the
    larger figure of the ledger.
    """
    given_up = utilisation - (1.0 - commitment_discount_share) * paid_share
    return gpus_of_budget * HOURS_PER_YEAR * on_demand_usd_per_gpu_hour * given_up


@formula(unit="usd", source="M21; present value of level-principal service")
def debt_leg_npv_usd(
    loan_usd: pl.Expr,
    short_debt_rate_per_year: pl.Expr,
    short_tenor_years: pl.Expr,
    long_debt_rate_per_year: pl.Expr,
    long_tenor_years: pl.Expr,
    discount_rate_per_year: pl.Expr,
) -> pl.Expr:
    """Present value of what the short loan costs less that of the long one, once for the whole loan.

    Of one dollar over n years at k, discounted at d: [a + k (n - a) / d] / n, a the annuity of n years at d.
    """
    d = discount_rate_per_year

    def service(rate: pl.Expr, years: pl.Expr) -> pl.Expr:
        annuity = 1.0 / capital_recovery_factor(d, years)
        # (n - a) / d loses every digit near d = 0: its value and slope there stand in for it.
        near_zero = years * (years + 1.0) / 2.0 - d * years * (years + 1.0) * (years + 2.0) / 6.0
        outstanding = pl.when(d.abs() < SMALL_RATE).then(near_zero).otherwise((years - annuity) / d)
        return (annuity + rate * outstanding) / years

    short = service(short_debt_rate_per_year, short_tenor_years)
    long = service(long_debt_rate_per_year, long_tenor_years)
    return loan_usd * (short - long)


@formula(unit="usd", source="M21; present value of the discount over the contract")
def discount_npv_usd(
    discount_cost_usd_per_year: pl.Expr, discount_rate_per_year: pl.Expr, contract_years: pl.Expr
) -> pl.Expr:
    """The yearly discount over the years of the contract, paid in arrears."""
    return discount_cost_usd_per_year / capital_recovery_factor(discount_rate_per_year, contract_years)


@formula(unit="usd", source="M21; document 000:312-313; ledger I-49")
def reserved_npv_usd(debt_leg_npv_usd: pl.Expr, discount_npv_usd: pl.Expr) -> pl.Expr:
    """What the contract saves in debt less what it gives away in price; both legs, before any saved vacancy."""
    return debt_leg_npv_usd - discount_npv_usd


@formula(unit="usd/MW", source="M21; document 000:292: what a contract adds to the debt a cash flow carries")
def capacity_gained_usd(
    contracted_cash_flow_capacity_usd: pl.Expr,
    merchant_cash_flow_capacity_usd: pl.Expr,
    gearing_capacity_usd: pl.Expr,
) -> pl.Expr:
    """Debt capacity of the lease under contract less that of the open market, on one tenor and way of repaying.

    Each is capped by what is advanced on the hardware: where the cap binds both, a contract adds nothing.
    """
    contracted = pl.min_horizontal(contracted_cash_flow_capacity_usd, gearing_capacity_usd)
    return contracted - pl.min_horizontal(merchant_cash_flow_capacity_usd, gearing_capacity_usd)


def paid_mid_year(rate: pl.Expr, years: pl.Expr, decline: pl.Expr) -> pl.Expr:
    """Sum over k < n of (1-g)^k (1+r)^-(k+1/2): a dollar a year, falling by g, paid mid-year."""
    return discounted_years(rate, years, decline) * (1.0 + rate).pow(-0.5)


@formula(unit="usd/gpu", source="docs/economics.md#take-or-pay: power purchase agreements' valuation")
def contract_gain_usd_per_gpu(
    contract_usd_per_gpu_hour: pl.Expr,
    availability: pl.Expr,
    on_demand_usd_per_gpu_hour: pl.Expr,
    utilisation: pl.Expr,
    rent_decline_per_year: pl.Expr,
    discount_rate_per_year: pl.Expr,
    contract_years: pl.Expr,
) -> pl.Expr:
    """8760 [p_c A D(0) - p_s u D(g)]: contract revenue less merchant revenue over the term, in present value.

    D(g) sums a dollar a year that falls by g, mid-year. Variable cost is left out: a GPU let under contract is taken
    to draw what one let by the hour does.
    """
    flat = paid_mid_year(discount_rate_per_year, contract_years, pl.lit(0.0))
    falling = paid_mid_year(discount_rate_per_year, contract_years, rent_decline_per_year)
    contract = contract_usd_per_gpu_hour * availability * flat
    return HOURS_PER_YEAR * (contract - on_demand_usd_per_gpu_hour * utilisation * falling)


@formula(unit="usd/gpu", source="docs/economics.md#take-or-pay: default probability x (contract - spot)")
def default_loss_usd_per_gpu(
    contract_usd_per_gpu_hour: pl.Expr,
    availability: pl.Expr,
    on_demand_usd_per_gpu_hour: pl.Expr,
    utilisation: pl.Expr,
    rent_decline_per_year: pl.Expr,
    discount_rate_per_year: pl.Expr,
    contract_years: pl.Expr,
    default_rate_per_year: pl.Expr,
) -> pl.Expr:
    """Sum over k < n of [1 - (1-h)^(k+1)] x 8760 (p_c A - p_s u (1-g)^k), discounted mid-year.

    After a default, of yearly rate h, the GPU is let at the market's rent. Negative where that rent is the higher.
    """
    survived = 1.0 - default_rate_per_year
    kept_flat = paid_mid_year(discount_rate_per_year, contract_years, default_rate_per_year)
    kept_falling = paid_mid_year(discount_rate_per_year, contract_years, 1.0 - survived * (1.0 - rent_decline_per_year))
    contract = contract_usd_per_gpu_hour * availability
    merchant = on_demand_usd_per_gpu_hour * utilisation
    kept = HOURS_PER_YEAR * survived * (contract * kept_flat - merchant * kept_falling)
    whole = contract_gain_usd_per_gpu(
        contract_usd_per_gpu_hour,
        availability,
        on_demand_usd_per_gpu_hour,
        utilisation,
        rent_decline_per_year,
        discount_rate_per_year,
        contract_years,
    )
    return whole - kept


@formula(unit="usd/gpu", source="docs/economics.md#take-or-pay: less what default takes")
def contract_npv_usd_per_gpu(contract_gain_usd_per_gpu: pl.Expr, default_loss_usd_per_gpu: pl.Expr) -> pl.Expr:
    """Gain of the contract over the open market less the expected loss from default."""
    return contract_gain_usd_per_gpu - default_loss_usd_per_gpu


@formula(unit="usd/gpu_hour", source="docs/economics.md#take-or-pay: where the gain is zero")
def indifference_contract_usd_per_gpu_hour(
    availability: pl.Expr,
    on_demand_usd_per_gpu_hour: pl.Expr,
    utilisation: pl.Expr,
    rent_decline_per_year: pl.Expr,
    discount_rate_per_year: pl.Expr,
    contract_years: pl.Expr,
) -> pl.Expr:
    """p_s u D(g) / (A D(0)): the contract price that earns what the open market is expected to, default aside."""
    flat = paid_mid_year(discount_rate_per_year, contract_years, pl.lit(0.0))
    falling = paid_mid_year(discount_rate_per_year, contract_years, rent_decline_per_year)
    return on_demand_usd_per_gpu_hour * utilisation * falling / (availability * flat)


@formula(unit="percent", source="docs/economics.md#take-or-pay: the discount at which the gain is zero")
def indifference_discount_pct(
    availability: pl.Expr,
    utilisation: pl.Expr,
    rent_decline_per_year: pl.Expr,
    discount_rate_per_year: pl.Expr,
    contract_years: pl.Expr,
) -> pl.Expr:
    """1 - u D(g) / (A D(0)): the largest discount on today's on-demand rent that earns what the open market does.

    It does not depend on the rent itself.
    """
    flat = paid_mid_year(discount_rate_per_year, contract_years, pl.lit(0.0))
    falling = paid_mid_year(discount_rate_per_year, contract_years, rent_decline_per_year)
    return PERCENT * (1.0 - utilisation * falling / (availability * flat))
