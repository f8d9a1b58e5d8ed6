"""Falls of prices that somebody states, in whatever form, brought to "times cheaper", and set beside measured ones.

Not here: how prices are measured (index_numbers), who states what (dbt_project/seeds/published_fall.csv).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula

PERCENT = 100.0


@formula(unit="1", source="arithmetic of a fall: M14, M40")
def fall_of_decline(decline_pct: pl.Expr) -> pl.Expr:
    """1 / (1 - decline): 75 percent off is a quarter of the price, or 4 times cheaper."""
    return 1.0 / (1.0 - decline_pct / PERCENT)


@formula(unit="1", source="additive decomposition in logarithms (marts.deflation_reconciliation)")
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
