"""The rack-hour factory's table: the reference case, and the same factory on observed prices of synthetic days."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.marts import rack_hour_factory
from pipelines.scenarios.files import written
from pipelines.scenarios.marts import scenario_result
from tests.marts.conftest import DAYS, headline, token_price
from tests.scenarios.conftest import every_assumption

__all__ = ["every_assumption"]


@pytest.fixture
def factory_core(core, every_assumption):
    """The synthetic core with a rack-scale GPU, its rent, and the list prices of one model of the priced class."""
    watts = {"gpu": "GB200", "server_w_per_gpu": 1666.666667}
    gpus = pl.concat([core["dim_gpu"], pl.DataFrame([watts])], how="diagonal")
    rents = pl.concat([core["headline_rate"], pl.DataFrame(headline("GB200", "on_demand", "all", 4.0))], how="diagonal")
    prices = [
        {**row, "cached_input_usd_per_mtok": 0.5} for row in token_price("openai", "gpt-5.5", read=5.0, written=30.0)
    ]
    others = token_price("openai", "gpt-5.5-mini", read=0.5, written=3.0)
    tokens = pl.concat([core["token_price_asof"], pl.DataFrame(prices), pl.DataFrame(others)], how="diagonal_relaxed")
    return {
        **core,
        "assumption": every_assumption,
        "dim_gpu": gpus,
        "headline_rate": rents,
        "token_price_asof": tokens,
    }


def at(table: pl.DataFrame, scenario: str, tokens: float = 50_000.0, share: float = 0.5) -> dict:
    rows = table.filter(
        (pl.col("scenario") == scenario)
        & (pl.col("tokens_per_s_per_rack") == tokens)
        & (pl.col("inference_share") == share)
    )
    assert rows.height == 1
    return rows.row(0, named=True)


def test_the_contract_is_kept(factory_core, enumeration):
    table = rack_hour_factory.build(factory_core)
    assert rack_hour_factory.SCHEMA.problems(table, enumeration).rows() == []
    assert set(table["reading"]) == {"illustration", "professional"}


def test_the_reference_case(factory_core):
    table = rack_hour_factory.build(factory_core)
    base = at(table, "base")
    assert base["rack_hours"] == 12_167_640
    assert base["factory_contribution_usd"] == pytest.approx(1.02e9, abs=5e6)
    assert base["gross_profit_usd"] == pytest.approx(2.34e9, abs=5e6)
    assert base["breakeven_inference_share"] == pytest.approx(0.36, abs=5e-4)
    more = at(table, "high, 1400 racks of 140 kW")
    assert more["rack_hours"] == 12_264_000
    assert more["factory_it_mw"] == pytest.approx(196.0)
    assert len(set(table.filter(pl.col("reading") == "illustration")["scenario"])) == 3 * 4


def test_observed_prices_make_the_same_sum(factory_core):
    row = at(rack_hour_factory.build(factory_core), "GB200 headline_all, gpt-5.5, input_output_14_1")
    assert row["as_of_date"] == max(DAYS)
    assert row["mix_price_usd_per_mtok"] == pytest.approx(20 / 3)
    hours = 1389 * 8760
    revenue = hours * 0.5 * 50_000 * 0.0036 * 20 / 3 * 0.5
    assert row["revenue_usd"] == pytest.approx(revenue)
    assert row["factory_contribution_usd"] == pytest.approx(revenue - hours * 72 * 4.0)
    assert row["kw_per_rack"] == pytest.approx(120.0, abs=1e-4)
    assert row["revenue_usd_low"] == pytest.approx(revenue * 0.3 / 0.5)


def test_only_the_priced_class_of_models_is_taken(factory_core):
    observed = rack_hour_factory.build(factory_core).filter(pl.col("reading") == "professional")
    assert observed["scenario"].str.contains("gpt-5.5, ").all()


def test_before_the_document_is_known_there_is_no_row(factory_core):
    early = factory_core["assumption"].filter(~pl.col("assumption_set").str.starts_with("m23"))
    assert rack_hour_factory.build({**factory_core, "assumption": early}).is_empty()


def test_scenario_results_keep_their_contract_and_base_differs_in_nothing(factory_core, enumeration):
    factory_core["token_price_asof"] = factory_core["token_price_asof"].with_columns(pl.col(pl.Null).cast(pl.Float64))
    missing = [name for name in scenario_result.INPUTS if name not in factory_core]
    assert missing == []
    table = scenario_result.build(factory_core)
    assert scenario_result.SCHEMA.problems(table, enumeration).rows() == []
    assert set(table["scenario"]) == set(written())
    base = table.filter(pl.col("scenario") == "base")
    assert base["difference"].drop_nulls().abs().max() == 0.0
    fallen = table.filter((pl.col("scenario") == "price_fall_10x") & (pl.col("column") == "revenue_usd"))
    assert fallen["difference_pct"].max() < -85.0


def test_a_day_without_its_rents_or_without_the_documents_has_a_whole_table(factory_core) -> None:
    no_rent = {**factory_core, "headline_rate": factory_core["headline_rate"].filter(pl.col("gpu") != "GB200")}
    table = rack_hour_factory.build(no_rent)
    assert rack_hour_factory.SCHEMA.problems(table).is_empty()
    assert set(table["reading"]) == {"illustration"}
    grid_alone = no_rent["assumption"].filter(~pl.col("assumption_set").str.starts_with("m23_rack"))
    assert rack_hour_factory.build({**no_rent, "assumption": grid_alone}).is_empty()
