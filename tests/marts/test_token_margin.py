"""The margin on tokens: the documents' example to the printed digit, and what must hold of the observed rows."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipelines.marts import token_margin


@pytest.fixture
def table(core) -> pl.DataFrame:
    return token_margin.build(core)


@pytest.fixture
def observed(table) -> pl.DataFrame:
    return table.filter(pl.col("reading") == "professional")


def test_the_documents_example_comes_out_as_printed(table, replay) -> None:
    assert replay("token_margin", table) == []


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    extra = pl.DataFrame({"column_name": ["throughput_profile"], "value": ["mlperf_server"], "description": ["x"]})
    assert token_margin.SCHEMA.problems(table, pl.concat([enumeration, extra])).is_empty()


def test_only_measured_models_have_a_margin(observed) -> None:
    assert sorted(observed["model"].unique()) == ["synthetic-70b", "synthetic-8b"]


def test_the_round_of_the_day_speaks_and_the_usual_precision(observed) -> None:
    small = observed.filter(pl.col("model") == "synthetic-8b").unique("as_of_date").sort("as_of_date")
    assert small["output_tokens_per_s_per_gpu"].to_list() == [5000.0, 6000.0]
    assert small["precision"].unique().to_list() == ["fp8"]


def test_no_input_cost_is_invented(observed) -> None:
    small = observed.filter(pl.col("model") == "synthetic-8b")
    assert small["input_cost_usd_per_mtok"].is_null().all()
    assert small["blend"].unique().to_list() == ["output_only"]
    assert small["margin_is_floor"].all()


def test_a_reported_input_speed_is_read_in_every_blend_without_cache(observed) -> None:
    large = observed.filter(pl.col("model") == "synthetic-70b")
    assert sorted(large["blend"].unique()) == ["input_output_14_1", "input_output_3_1", "output_only", "time_60_40"]
    mixed = large.filter((pl.col("blend") == "input_output_3_1") & (pl.col("cost_stack") == "rented_headline"))
    made = mixed.row(0, named=True)
    # One output token with three of input takes 1/1200 + 3/8000 s and earns 0.90 + 3 * 0.30 millionths of a dollar.
    assert made["price_usd_per_gpu_hour"] == pytest.approx(0.0036 * 1.80 / (1 / 1200 + 3 / 8000))
    assert made["blended_price_usd_per_mtok"] == pytest.approx(0.45)


def test_rented_gpus_pay_for_idle_hours(observed) -> None:
    rented = observed.filter(pl.col("cost_stack") == "rented_headline").row(0, named=True)
    assert rented["total_cost_usd_per_gpu_hour"] == pytest.approx(3.0 / 0.7)
    assert rented["rent_age_days"] == 0


def test_both_stacks_stand_beside_each_other(observed) -> None:
    counts = observed.group_by("cost_stack").len()
    assert counts["len"].n_unique() == 1
    assert sorted(counts["cost_stack"]) == ["owned_colo", "rented_headline"]


def test_before_the_first_round_there_is_no_row(core) -> None:
    core["throughput_median"] = core["throughput_median"].with_columns(known_from=pl.lit(dt.date(2030, 1, 1)))
    made = token_margin.build(core).filter(pl.col("reading") == "professional")
    assert made["model"].unique().to_list() == ["synthetic-70b"]


def test_the_table_does_not_depend_on_the_order_of_its_inputs(core, table) -> None:
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=7) for name, frame in core.items()}
    assert token_margin.build(shuffled).equals(table)
