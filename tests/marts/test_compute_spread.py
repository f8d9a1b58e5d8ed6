"""The compute spread: a spark spread by hand, both units of one thing, and the documents' example."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.marts import compute_spread
from tests.marts.serving_core import with_sizes


@pytest.fixture
def table(core) -> pl.DataFrame:
    return compute_spread.build(with_sizes(core))


def row(table: pl.DataFrame, **where: str) -> dict:
    found = table.filter(*[pl.col(name) == value for name, value in where.items()]).sort("as_of_date")
    assert found.height
    return found.row(-1, named=True)


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    extra = pl.DataFrame({"column_name": ["throughput_profile"], "value": ["mlperf_server"], "description": ["x"]})
    assert compute_spread.SCHEMA.problems(table, pl.concat([enumeration, extra])).is_empty()


def test_a_spread_by_hand(table) -> None:
    made = row(table, model="synthetic-8b", provider="synthetic_a", rent_basis="headline_all")
    # 6,000 tokens a second take 1e6 / 3600 / 6000 hours a million; at 3.00 an hour they cost 0.1389, asked is 0.10.
    heat = 1e6 / 3600 / 6000
    assert made["heat_rate_gpu_hours_per_mtok"] == pytest.approx(heat)
    assert made["spread_usd_per_mtok"] == pytest.approx(0.10 - heat * 3.0)
    assert made["spread_usd_per_gpu_hour"] == pytest.approx(6000 * 0.0036 * 0.10 - 3.0)
    assert made["market_heat_rate_gpu_hours_per_mtok"] == pytest.approx(0.10 / 3.0)
    assert made["loaded_spread_usd_per_gpu_hour"] == pytest.approx(made["load"] * 6000 * 0.0036 * 0.10 - 3.0)


def test_prompts_that_would_pay_for_the_hour(table) -> None:
    made = row(table, model="synthetic-8b", provider="synthetic_a", rent_basis="headline_all")
    paid = made["prompt_tokens_to_break_even"]
    # Output and that many prompt tokens at 0.05 earn 3.00 an hour.
    assert 6000 * 0.0036 * (0.10 + paid * 0.05) == pytest.approx(3.0)
    mixed = table.filter(pl.col("blend") == "time_60_40")
    assert mixed["prompt_tokens_to_break_even"].null_count() == mixed.height


def test_both_units_say_the_same(table) -> None:
    per_hour = pl.col("spread_usd_per_mtok") / pl.col("heat_rate_gpu_hours_per_mtok")
    off = table.select((per_hour - pl.col("spread_usd_per_gpu_hour")).abs().max()).item()
    assert off == pytest.approx(0, abs=1e-9)


def test_a_dearer_hour_leaves_less(table) -> None:
    same = {"model": "synthetic-8b", "provider": "synthetic_b"}
    cheap, dear = (row(table, **same, rent_basis=f"headline_{tier}") for tier in ("all", "hyperscaler"))
    assert dear["spread_usd_per_gpu_hour"] == pytest.approx(cheap["spread_usd_per_gpu_hour"] - 3.0)


def test_an_owned_hour_has_its_electricity_in_it(table) -> None:
    owned = table.filter((pl.col("rent_basis") == "owned_colo") & (pl.col("reading") == "professional"))
    assert owned.height
    assert owned["power_age_days"].null_count() == 0
    assert owned["rent_age_days"].null_count() == owned.height


def test_only_rents_on_demand_and_standard_prices(table) -> None:
    observed = table.filter(pl.col("reading") == "professional")
    assert sorted(observed["rent_basis"].unique()) == ["headline_all", "headline_hyperscaler", "owned_colo"]
    assert sorted(observed["model"].unique()) == ["synthetic-70b", "synthetic-8b"]


def test_the_documents_example_leaves_its_blend_less_each_cost(table) -> None:
    published = table.filter(pl.col("reading") == "as_published")
    blended = {
        made["rent_basis"]: made["spread_usd_per_gpu_hour"]
        for made in published.iter_rows(named=True)
        if (made["throughput_profile"], made["blend"]) == ("document_optimised", "time_60_40")
    }
    # docs/economics.md#m10: 5.7888 an hour; 000:51, 001:279 and 000:166 for the costs.
    assert blended["document_stack_b"] == pytest.approx(5.7888 - 1.55)
    assert blended["document_fully_loaded"] == pytest.approx(5.7888 - 1.10)
    assert blended["document_fireworks_on_demand"] == pytest.approx(5.7888 - 5.49)
    # Input is timed apart there: output alone leaves out no prompt that was read.
    assert not published["spread_is_floor"].any()


def test_the_table_does_not_depend_on_the_order_of_its_inputs(core, table) -> None:
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=7) for name, frame in with_sizes(core).items()}
    assert compute_spread.build(shuffled).equals(table)
