"""Electricity of a GPU-hour."""

from __future__ import annotations

from pipelines.economics.gpu_hour import power


def test_space_that_includes_energy_bills_none_beside_it(evaluate) -> None:
    paid = evaluate(
        power.electricity_usd_per_gpu_hour, facility_kw_per_gpu=1.4, price_usd_per_kwh=0.1, electricity_paid_apart=0.0
    )
    assert paid == 0.0
