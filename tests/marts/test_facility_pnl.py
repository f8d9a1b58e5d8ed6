"""Landlord and GPU cloud apart: the document's table, a landlord and a cloud worked by hand on the synthetic core."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.marts import facility_pnl


@pytest.fixture
def table(core) -> pl.DataFrame:
    return facility_pnl.build(core)


def row(table: pl.DataFrame, **where: str) -> dict:
    found = table.filter(*[pl.col(name) == value for name, value in where.items()]).sort("as_of_date")
    return found.row(-1, named=True)


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    assert facility_pnl.SCHEMA.problems(table, enumeration).is_empty()


@pytest.mark.parametrize(
    ("operator", "capex", "opex"),
    [("industry", (29e6, 40e6), (1.305e6, 2.6e6)), ("Crusoe", (28e6, 37e6), (0.73e6, 1.82e6))],
)
def test_the_documents_sums(table, operator, capex, opex) -> None:
    made = row(table, operator=operator, business="as_printed")
    assert (made["capex_usd_per_mw_low"], made["capex_usd_per_mw_high"]) == pytest.approx(capex)  # I-31
    assert (made["opex_usd_per_mw_year_low"], made["opex_usd_per_mw_year_high"]) == pytest.approx(opex)  # I-33
    assert made["facility_capex_usd_low"] == pytest.approx(100 * capex[0])
    assert made["margin_after_depreciation_pct_high"] < 0  # GPUs written off exceed a landlord's revenue: I-30


def test_the_document_as_two_businesses(table) -> None:
    landlord = row(table, operator="industry", business="colo_landlord")
    cloud = row(table, operator="industry", business="gpu_cloud")
    managed = row(table, operator="industry", business="gpu_cloud_managed")
    assert landlord["fit_out_capex_usd_per_mw"] == 0
    assert landlord["facility_revenue_usd_per_year_low"] == 200e6
    assert cloud["facility_revenue_usd_per_year"] == pytest.approx(1.284e9, rel=1e-3)  # 000:105
    assert managed["facility_revenue_usd_per_year"] == pytest.approx(3.379e9, rel=1e-3)  # 000:105


def test_a_landlord_by_hand(table) -> None:
    made = row(table, reading="professional", business="colo_landlord", market="us_average")
    revenue = 184 * 1000 * 12 * 0.95 * 100
    opex = (275e3 + 300e3 + 85e3 + 180e3) * 100
    assert made["facility_revenue_usd_per_year"] == pytest.approx(revenue)
    assert made["facility_opex_usd_per_year"] == pytest.approx(opex)
    assert made["electricity_usd_per_mw_year"] == 0
    # Whether the rate includes energy is not stated: at worst the landlord pays for all of it.
    assert made["electricity_usd_per_mw_year_high"] == pytest.approx(8.76e6 * 0.9 * 1.54 * 0.10)
    assert made["margin_after_depreciation_pct"] == pytest.approx(100 * (1 - (opex + 12e6 / 15 * 100) / revenue))


def test_a_rate_that_includes_energy_charges_the_landlord(table) -> None:
    made = row(table, reading="professional", business="colo_landlord", market="synthetic_included")
    assert made["electricity_usd_per_mw_year"] == pytest.approx(8.76e6 * 0.75 * 1.25 * 0.20)


def test_a_cloud_by_hand(table) -> None:
    made = row(table, reading="professional", business="gpu_cloud", market="us_average", gpu="H100 SXM")
    gpus = 1000 / 1.275
    assert made["facility_revenue_usd_per_year"] == pytest.approx(gpus * 8760 * 0.7 * 3.0 * 100)
    assert made["fit_out_capex_usd_per_mw"] == pytest.approx(gpus * 28_000)
    depreciation = (12e6 / 15 + gpus * 28_000 / 4) * 100
    assert made["facility_depreciation_usd_per_year"] == pytest.approx(depreciation)


def test_what_a_row_rests_on_is_told_beside_it(table) -> None:
    cloud = row(table, reading="professional", business="gpu_cloud", market="us_average", gpu="H100 SXM")
    landlord = row(table, reading="professional", business="colo_landlord", market="us_average")
    assert cloud["rent_is_indicative"] is not None
    assert landlord["rent_is_indicative"] is None
    assert None not in (cloud["power_is_stale"], cloud["power_age_days"], landlord["power_is_stale"])
    assert cloud["note"] == facility_pnl.COOLED_TWICE


def test_before_the_documents_are_known_there_is_no_row(core) -> None:
    early = {**core, "assumption": core["assumption"].filter(pl.col("assumption_set") == "professional")}
    assert facility_pnl.build(early).is_empty()
