"""Self-hosting against an API: the documents' table, break-evens by hand, and what must hold of observed rows."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.marts import self_host_vs_api
from tests.marts.serving_core import with_sizes


@pytest.fixture
def table(core) -> pl.DataFrame:
    return self_host_vs_api.build(with_sizes(core))


@pytest.fixture
def observed(table) -> pl.DataFrame:
    return table.filter(pl.col("reading") == "professional")


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    extra = pl.DataFrame({"column_name": ["throughput_profile"], "value": ["mlperf_server"], "description": ["x"]})
    assert self_host_vs_api.SCHEMA.problems(table, pl.concat([enumeration, extra])).is_empty()


@pytest.mark.parametrize(
    ("cost", "optimised", "unoptimised", "output_only"),
    [
        ("document_fully_loaded", 19.0, 87.8, 28.3),
        ("document_stack_a", 23.0, 106.2, 34.2),
        ("document_stack_b", 26.8, 123.7, 39.9),
        ("document_retail", 34.5, 159.6, 51.4),
        ("document_rent", 43.2, 199.6, 64.3),
        ("document_crusoe_on_demand", 67.4, 311.3, 100.3),
        ("document_fireworks_on_demand", 94.8, 438.2, 141.2),
    ],
)
def test_the_table_of_m26(table, cost, optimised, unoptimised, output_only) -> None:
    rows = table.filter((pl.col("reading") == "as_published") & (pl.col("rent_basis") == cost))
    made = {(r["throughput_profile"], r["blend"]): r for r in rows.iter_rows(named=True)}
    expected = {
        ("document_optimised", "time_60_40"): optimised,
        ("document_unoptimised", "time_60_40"): unoptimised,
        ("document_optimised", "output_only"): output_only,
    }
    for stream, percent in expected.items():
        assert made[stream]["breakeven_utilisation_pct"] == pytest.approx(percent, abs=0.05)
        assert made[stream]["breakeven_is_reachable"] == float(percent <= 100)


def test_a_break_even_by_hand(observed) -> None:
    made = observed.filter(
        (pl.col("model") == "synthetic-8b")
        & (pl.col("provider") == "synthetic_b")
        & (pl.col("rent_basis") == "headline_all")
    ).sort("as_of_date")
    # 6,000 tokens a second at 0.30 are worth 6.48 an hour; the GPU costs 3.00: 46.3% of hours, 240 million a day.
    last = made.row(-1, named=True)
    assert last["breakeven_utilisation_pct"] == pytest.approx(100 * 3.0 / 6.48)
    assert last["breakeven_mtok_per_day"] == pytest.approx(24 * 3.0 / 0.30)
    assert last["capacity_mtok_per_day"] == pytest.approx(24 * 0.0036 * 6000)
    assert last["gpus_to_hold_the_model"] == 1.0


def test_at_the_break_even_volume_both_ways_cost_the_same(observed) -> None:
    rows = observed.filter(pl.col("breakeven_mtok_per_day").is_not_null())
    api = pl.col("breakeven_mtok_per_day") * pl.col("blended_price_usd_per_mtok")
    used = pl.col("breakeven_mtok_per_day") / pl.col("capacity_mtok_per_day")
    own = 24 * (pl.col("fixed_cost_usd_per_gpu_hour") + used * pl.col("electricity_usd_per_gpu_hour"))
    assert rows.select(((api - own) / own).abs().max()).item() == pytest.approx(0, abs=1e-9)


def test_a_dearer_api_makes_own_gpus_pay_sooner(observed) -> None:
    small = observed.filter(pl.col("model") == "synthetic-8b").sort("output_price_usd_per_mtok")
    for _, same in small.group_by("as_of_date", "rent_basis"):
        assert same.sort("output_price_usd_per_mtok")["breakeven_utilisation_pct"].is_sorted(descending=True)


def test_the_base_lies_between_its_ends(observed) -> None:
    rows = observed.filter(pl.col("breakeven_utilisation_pct_low").is_not_null())
    assert rows.height
    low, high = pl.col("breakeven_utilisation_pct_low"), pl.col("breakeven_utilisation_pct_high")
    assert rows.filter(~pl.col("breakeven_utilisation_pct").is_between(low, high)).is_empty()


def test_the_break_even_is_a_ceiling_where_prompts_were_read_unpaid(observed) -> None:
    unpaid = observed["input_tokens_per_s_per_gpu"].is_null()
    assert unpaid.any()
    assert not unpaid.all()
    assert observed["breakeven_is_ceiling"].to_list() == unpaid.to_list()


def test_a_model_of_unknown_size_has_no_smallest_service(core) -> None:
    sized = with_sizes(core)
    unsized = {**sized, "dim_model": sized["dim_model"].clear()}
    made = self_host_vs_api.build(unsized).filter(pl.col("reading") == "professional")
    assert made["gpus_to_hold_the_model"].null_count() == made.height
    assert made["breakeven_utilisation_pct"].null_count() == 0
