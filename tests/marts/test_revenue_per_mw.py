"""Revenue per megawatt: the documents' table to the printed digit, and what must hold of the observed rows."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.marts import gpu_hour_margin, revenue_per_mw


@pytest.fixture
def table(core) -> pl.DataFrame:
    return revenue_per_mw.build(core)


@pytest.fixture
def observed(table) -> pl.DataFrame:
    return table.filter(pl.col("reading") == "professional")


def test_the_documents_table_comes_out_as_printed(table, replay) -> None:
    assert replay("revenue_per_mw", table) == []


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    assert revenue_per_mw.SCHEMA.problems(table, enumeration).is_empty()


def test_the_documents_sell_whole_gpus_and_we_do_not_round(table) -> None:
    h100 = table.filter((pl.col("gpu") == "H100 SXM") & (pl.col("mw_basis") == "it"))
    published = h100.filter(pl.col("reading") == "as_published")["gpus_per_mw"]
    assert published.unique().to_list() == [784.0]
    assert h100.filter(pl.col("reading") == "professional")["gpus_per_mw"][0] == pytest.approx(1000 / 1.275)


def test_three_bases_of_a_megawatt(observed) -> None:
    h100 = observed.filter((pl.col("gpu") == "H100 SXM") & (pl.col("market") == "us_average"))
    slots = dict(h100.select("mw_basis", "gpus_per_mw").unique().iter_rows())
    assert slots["it"] == pytest.approx(slots["facility"] * 1.25)
    assert slots["utility"] == pytest.approx(1000 / 1.73)


def test_profit_is_revenue_less_cost(observed) -> None:
    costed = observed.drop_nulls("cost_usd_per_mw_year")
    gap = costed["revenue_usd_per_mw_year"] - costed["cost_usd_per_mw_year"] - costed["gross_profit_usd_per_mw_year"]
    assert gap.abs().max() < 1e-3
    assert costed.height > 0


def test_a_megawatts_margin_is_that_of_its_hours(core, observed) -> None:
    hours = gpu_hour_margin.build(core).filter(pl.col("reading") == "professional")
    both = observed.filter(pl.col("business_model") == "rental_on_demand").join(
        hours.filter(pl.col("commitment") == "on_demand"), on=["as_of_date", "gpu", "market", "rent_basis"], suffix="_h"
    )
    gap = 100 * both["gross_profit_usd_per_mw_year"] / both["revenue_usd_per_mw_year"] - both["gross_margin_pct"]
    assert gap.abs().max() < 1e-6
    assert both.height > 0


def test_without_a_purchase_price_there_is_revenue_and_no_cost(observed) -> None:
    other = observed.filter(pl.col("gpu").is_in(["B300", "MI300X"]))
    assert other["revenue_usd_per_mw_year"].is_not_null().all()
    assert other["cost_usd_per_mw_year"].is_null().all()


def test_without_server_watts_there_is_only_the_provisioned_basis(observed) -> None:
    assert observed.filter(pl.col("gpu") == "MI300X")["mw_basis"].unique().to_list() == ["utility"]


def test_other_peoples_machines_are_no_business_of_a_megawatt(observed) -> None:
    assert sorted(observed["business_model"].unique()) == [
        "managed_inference",
        "rental_on_demand",
        "rental_reserved_1y",
    ]


def test_a_fresh_token_price_displaces_a_stale_one(observed) -> None:
    served = observed.filter(pl.col("throughput_profile") == "mlperf_server/synthetic-8b")
    newest = served.sort("as_of_date").row(-1, named=True)
    assert newest["price_usd_per_gpu_hour"] == pytest.approx(0.20 * 6000 * 0.0036)
    assert (newest["provider_count"], newest["price_is_stale"]) == (2, False)


def test_the_table_does_not_depend_on_the_order_of_its_inputs(core, table) -> None:
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=7) for name, frame in core.items()}
    assert revenue_per_mw.build(shuffled).equals(table)
