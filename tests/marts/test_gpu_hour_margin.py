"""The margin of a GPU-hour: the documents' stacks to the printed digit, and what must hold of the observed rows."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.mart_kit.schema import MartError
from pipelines.marts import gpu_hour_margin

COMPONENTS = [
    "capital_usd_per_gpu_hour",
    "facility_usd_per_gpu_hour",
    "networking_usd_per_gpu_hour",
    "operations_usd_per_gpu_hour",
    "maintenance_usd_per_gpu_hour",
    "electricity_usd_per_gpu_hour",
    "idle_usd_per_gpu_hour",
]


@pytest.fixture
def table(core) -> pl.DataFrame:
    return gpu_hour_margin.build(core)


@pytest.fixture
def observed(table) -> pl.DataFrame:
    return table.filter(pl.col("reading") == "professional")


def row(table: pl.DataFrame, **where: str) -> dict:
    found = table.filter(*[pl.col(name) == value for name, value in where.items()]).sort("as_of_date")
    return found.row(-1, named=True)


def test_the_documents_stacks_come_out_as_printed(table, replay) -> None:
    assert replay("gpu_hour_margin", table) == []


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    assert gpu_hour_margin.SCHEMA.problems(table, enumeration).is_empty()


def test_a_wrong_print_is_said_to_be_wrong(table) -> None:
    note = row(table, cost_stack="document_stack_a_coreweave")["note"]
    assert "markup" in note
    assert "25.5" in note


def test_documents_stand_once_on_their_date(table) -> None:
    published = table.filter(pl.col("reading") == "as_published")
    assert published["as_of_date"].n_unique() == 1
    assert published["cost_stack"].is_unique().all()


def test_components_and_idle_make_up_the_total(table) -> None:
    gap = table.select(pl.sum_horizontal(COMPONENTS) - pl.col("total_cost_usd_per_gpu_hour")).to_series()
    assert gap.abs().max() < 1e-9


def test_only_gpus_of_known_price_and_watts_have_a_cost(observed) -> None:
    assert observed["gpu"].unique().to_list() == ["H100 SXM"]


def test_only_markets_with_power_and_space_have_a_cost(observed) -> None:
    assert sorted(observed["market"].unique()) == ["synthetic_included", "us_average"]


def test_space_that_includes_energy_has_no_electricity_beside_it(observed) -> None:
    assert row(observed, market="synthetic_included")["electricity_usd_per_gpu_hour"] == 0.0
    assert row(observed, market="us_average")["electricity_usd_per_gpu_hour"] > 0.0


def test_where_nobody_says_whether_energy_is_included_the_low_end_takes_it_as_paid(observed) -> None:
    unknown = row(observed, market="us_average")
    assert unknown["electricity_usd_per_gpu_hour_low"] == 0.0
    assert unknown["electricity_usd_per_gpu_hour_high"] > unknown["electricity_usd_per_gpu_hour"]


def test_reserved_hours_are_all_paid_and_others_at_the_fleets_share(observed) -> None:
    reserved = row(observed, market="us_average", commitment="reserved_1y")
    assert reserved["utilisation"] == 1.0
    assert reserved["idle_usd_per_gpu_hour"] == 0.0
    assert row(observed, market="us_average", commitment="on_demand")["utilisation"] < 1.0


def test_a_cost_worked_by_hand(observed) -> None:
    made = row(observed, market="us_average", commitment="on_demand", rent_basis="headline_all")
    crf = 0.12 / (1 - 1.12**-4)
    capital = (28_000 * 0.9 * crf + 2_800 * 0.12) / 8760
    fixed = capital + 28_000 * 0.035 / 8760 + 0.15 + 0.11 + 184 * 1.275 / 730
    total = fixed / 0.7 + 1.275 * 1.25 * 0.10
    assert made["total_cost_usd_per_gpu_hour"] == pytest.approx(total)
    assert made["gross_margin_pct"] == pytest.approx(100 * (3 - total) / 3)


def test_a_billed_hour_by_hand(observed) -> None:
    made = row(observed, market="us_average", commitment="on_demand", rent_basis="headline_all")
    billed = 0.98 * (1 - 0.03) * 0.7 * (1 - 0.03)
    power = 1.275 * 1.25 * 0.10
    fixed = (made["total_cost_usd_per_gpu_hour"] - power) * 0.7
    assert made["billed_share"] == pytest.approx(billed)
    cost = fixed / billed + power + 0.25 * power * (1 - billed) / billed
    assert made["cost_usd_per_billed_gpu_hour"] == pytest.approx(cost)


def test_a_worse_case_is_worse(observed) -> None:
    assert (observed["gross_margin_pct_low"] < observed["gross_margin_pct"]).all()
    assert (observed["gross_margin_pct_high"] > observed["gross_margin_pct"]).all()


def test_age_and_provider_count_are_carried(observed) -> None:
    made = row(observed, market="us_average", rent_basis="headline_hyperscaler")
    assert (made["provider_count"], made["rent_is_indicative"]) == (2, True)
    assert (made["power_age_days"], made["colo_age_days"], made["colo_is_stale"]) == (40, 200, True)


def test_a_document_not_yet_known_has_no_rows(core) -> None:
    core["assumption"] = core["assumption"].filter(~pl.col("assumption_set").str.starts_with("document"))
    assert gpu_hour_margin.build(core)["reading"].unique().to_list() == ["professional"]


def test_a_missing_assumption_is_named(core) -> None:
    core["assumption"] = core["assumption"].filter(
        (pl.col("assumption_set") != "professional") | (pl.col("parameter") != "pue")
    )
    with pytest.raises(MartError, match="'professional' has no value for 'pue'"):
        gpu_hour_margin.build(core)


def test_the_table_does_not_depend_on_the_order_of_its_inputs(core, table) -> None:
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=7) for name, frame in core.items()}
    assert gpu_hour_margin.build(shuffled).equals(table)
