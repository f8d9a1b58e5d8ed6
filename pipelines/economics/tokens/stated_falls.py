"""Falls of prices that somebody states, in whatever form, brought to "times cheaper", and set beside measured ones.

Not here: how prices are measured (index_numbers), who states what (dbt_project/seeds/published_fall.csv).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="1", source="arithmetic of a fall: M14, M40")
def fall_of_decline(decline_pct: pl.Expr) -> pl.Expr:
    """1 / (1 - decline): 75 percent off is a quarter of the price, or 4 times cheaper."""
    return 1.0 / (1.0 - decline_pct / PERCENT)


@formula(
    unit="1",
    source="docs/economics.md#plain-arithmetic: additive decomposition in logarithms (marts.deflation_reconciliation)",
)
def fall_of_log_change(change_log_pct: pl.Expr) -> pl.Expr:
    """Exp(-change): the factor of a change given as 100 times a logarithm."""
    return (-change_log_pct / PERCENT).exp()


@formula(unit="1", source="M40: a rent against its dearest month")
def fall_from_peak(peak_usd_per_gpu_hour: pl.Expr, rent_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Peak / rent: how many times cheaper than in its dearest month."""
    return peak_usd_per_gpu_hour / rent_usd_per_gpu_hour


@formula(unit="1", source="M14: a stated rate over a measured one")
def claimed_over_measured(claimed_annual_factor: pl.Expr, measured_annual_factor: pl.Expr) -> pl.Expr:
    """How many times the claimed yearly factor is the measured one."""
    return claimed_annual_factor / measured_annual_factor


@formula(unit="1", source="M14: a yearly rate over some years")
def fall_over_span(measured_annual_factor: pl.Expr, span_years: pl.Expr) -> pl.Expr:
    """Yearly factor ^ years: times cheaper over the span."""
    return measured_annual_factor**span_years


@formula(unit="percent/year", source="docs/economics.md#plain-arithmetic: logarithm of a yearly factor")
def measured_annual_log_pct(measured_annual_factor: pl.Expr) -> pl.Expr:
    """-100 ln(factor): the yearly change as a logarithm, which adds up where factors multiply; below 0 = falling."""
    return -PERCENT * measured_annual_factor.log()


@formula(
    unit="percent/year",
    source="docs/economics.md#plain-arithmetic: logarithm of an index between two periods, by the year",
)
def matched_annual_log_pct(
    matched_level_from: pl.Expr, matched_level_to: pl.Expr, matched_span_years: pl.Expr
) -> pl.Expr:
    """100 ln(later level / earlier level) / years: what the same items did over the span compared."""
    return PERCENT * (matched_level_to / matched_level_from).log() / matched_span_years


@formula(unit="percent/year", source="docs/economics.md#plain-arithmetic: additive decomposition in logarithms")
def gap_annual_log_pct(measured_annual_log_pct: pl.Expr, matched_annual_log_pct: pl.Expr) -> pl.Expr:
    """What a deflator shows beyond the same items on the same terms: its change less theirs."""
    return measured_annual_log_pct - matched_annual_log_pct
