"""What must hold of caching, subscriptions, thinking, the roofline beside the count, and the published days."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL

FEW = settings(max_examples=40, deadline=None)
price = st.floats(0.05, 100)
speed = st.floats(1e3, 1e5)
nodes = st.floats(1, 20)
tokens = st.floats(0, 1e6)


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [float(value)] for name, value in values.items()})


@FEW
@given(write=st.floats(1.01, 5), read=st.floats(0.01, 0.9))
def test_at_break_even_a_cache_costs_what_its_absence_costs(write: float, read: float) -> None:
    reads = compute(
        row(cache_write_multiple=write, cache_read_multiple=read),
        ["cache_breakeven_reads", "cache_breakeven_reads_whole_write"],
    )
    k = reads["cache_breakeven_reads"].item()
    both = compute(
        row(cache_write_multiple=write, cache_read_multiple=read, cache_reads=k),
        ["cached_prompt_cost", "uncached_prompt_cost"],
    )
    assert both["cached_prompt_cost"].item() == pytest.approx(both["uncached_prompt_cost"].item())
    # With the whole write as extra, k reads without a cache cost k: one request less is saved.
    whole = reads["cache_breakeven_reads_whole_write"].item()
    assert write + read * whole == pytest.approx(whole)
    assert whole - k == pytest.approx(1 / (1 - read))


@FEW
@given(listed=price, share=st.floats(0.01, 1.5))
def test_markup_is_one_over_one_less_margin(listed: float, share: float) -> None:
    made = compute(
        row(output_list_usd_per_mtok=listed, true_output_cost_usd_per_mtok=listed * share),
        ["output_token_margin_pct", "output_token_markup"],
    )
    margin = made["output_token_margin_pct"].item() / 100
    assert made["output_token_markup"].item() * (1 - margin) == pytest.approx(1)


@FEW
@given(visible=st.floats(1, 1e6), thinking=tokens, listed=price, times=st.floats(0.1, 10))
def test_price_of_an_answer_is_linear_in_its_tokens(
    visible: float, thinking: float, listed: float, times: float
) -> None:
    def cost(v: float, t: float) -> float:
        frame = row(visible_tokens=v, thinking_tokens=t, output_list_usd_per_mtok=listed)
        return compute(frame, ["answer_price_usd"])["answer_price_usd"].item()

    assert cost(times * visible, times * thinking) == pytest.approx(times * cost(visible, thinking))
    assert cost(visible, thinking) == pytest.approx(cost(visible, 0) + cost(0, thinking))


@FEW
@given(share=st.floats(0, 1), read=price, cached=st.floats(0, 1), written=st.floats(0, 50), days=st.floats(28, 31))
def test_the_cache_saves_exactly_what_it_is_cheaper_by(
    share: float, read: float, cached: float, written: float, days: float
) -> None:
    made = compute(
        row(
            input_mtok_per_day=7.0,
            output_mtok_per_day=written,
            written_per_visible_token=1.0,
            days_per_month=days,
            input_list_usd_per_mtok=read,
            cached_input_list_usd_per_mtok=read * cached,
            cached_input_share=share,
            output_list_usd_per_mtok=5 * read,
        ),
        ["api_equivalent_usd", "api_equivalent_uncached_usd"],
    )
    saved = made["api_equivalent_uncached_usd"].item() - made["api_equivalent_usd"].item()
    assert saved == pytest.approx(days * 7.0 * share * read * (1 - cached), abs=1e-6)


def test_a_cost_share_of_one_is_the_list_price() -> None:
    habits = {"input_mtok_per_day": 2.0, "output_mtok_per_day": 0.3, "written_per_visible_token": 5.0}
    prices = {"input_list_usd_per_mtok": 5.0, "cached_input_list_usd_per_mtok": 0.5, "output_list_usd_per_mtok": 25.0}
    made = compute(
        row(**habits, **prices, cached_input_share=0.4, compute_share_of_list_price=1.0, days_per_month=30.0),
        ["monthly_cost_usd", "api_equivalent_usd"],
        reading=PROFESSIONAL,
    )
    assert made["monthly_cost_usd"].item() == pytest.approx(made["api_equivalent_usd"].item())


@FEW
@given(token=st.floats(1, 99), company=st.floats(-50, 99))
def test_idleness_that_explains_a_margin_gives_it_back(token: float, company: float) -> None:
    frame = row(token_margin_pct=token, company_margin_pct=company)
    u = compute(frame, ["utilisation_explaining_margin"])["utilisation_explaining_margin"].item()
    cost_in_use = 1 - token / 100
    assert 100 * (1 - cost_in_use / u) == pytest.approx(company, abs=1e-6)


@FEW
@given(batch=st.integers(1, 4096))
def test_a_batch_reads_between_its_own_experts_and_all_of_them(batch: int) -> None:
    made = compute(
        row(
            total_parameters_b=671,
            active_parameters_b=37,
            experts_per_token=8,
            routed_experts=256,
            batch_sequences=batch,
        ),
        ["read_parameters_b"],
    )
    read = made["read_parameters_b"].item()
    assert 37 - 1e-9 <= read <= 671 + 1e-9
    if batch == 1:
        assert read == pytest.approx(37)


def test_the_printed_prefill_fails_the_roofline_and_the_priced_roofline_is_its_cost_times_the_excess() -> None:
    count = {"passes_per_s": 45, "batch_sequences": 32, "prompt_tokens_per_sequence": 1000, "cluster_gpus": 72}
    frame = row(**count, gpus_per_instance=8, gpu_rent_usd_per_gpu_hour=2, active_parameters_b=37).with_columns(
        server_peak_flop_s=pl.lit(8 * 989e12), flop_utilisation=pl.lit(1.0), server_tokens_per_s=pl.lit(45 * 32_000.0)
    )
    made = compute(
        frame,
        ["prefill_cost_usd_per_mtok", "roofline_prefill_cost_usd_per_mtok", "peak_flop_share_pct"],
    )
    excess = made["peak_flop_share_pct"].item() / 100
    assert excess == pytest.approx(13.5, abs=0.05)
    bound = made["roofline_prefill_cost_usd_per_mtok"].item()
    assert bound == pytest.approx(excess * made["prefill_cost_usd_per_mtok"].item())


def test_the_day_deepseek_published() -> None:
    """By plain arithmetic beside the formulas: 226.75 nodes of 8 GPUs at 2 USD, three kinds of token at R1's prices."""
    day = row(
        fleet_nodes=226.75,
        gpus_per_node=8,
        gpu_rent_usd_per_gpu_hour=2,
        cached_mtok_per_day=342_000,
        uncached_mtok_per_day=266_000,
        output_mtok_per_day=168_000,
        cached_input_list_usd_per_mtok=0.14,
        input_list_usd_per_mtok=0.55,
        output_list_usd_per_mtok=2.19,
        node_input_tokens_per_s=73_700,
        node_output_tokens_per_s=14_800,
    )
    figures = ("fleet_rent_usd_per_day", "token_revenue_usd_per_day", "fleet_gross_margin_pct", "profit_over_cost_pct")
    made = compute(day, [*figures, "fleet_load", "served_output_rent_usd_per_mtok"]).row(0, named=True)
    assert made["fleet_rent_usd_per_day"] == pytest.approx(87_072)
    assert made["token_revenue_usd_per_day"] == pytest.approx(342e3 * 0.14 + 266e3 * 0.55 + 168e3 * 2.19)
    assert made["token_revenue_usd_per_day"] == pytest.approx(562_027, rel=2e-4)
    assert made["fleet_gross_margin_pct"] == pytest.approx(84.5, abs=0.05)
    # The published 545% is profit over cost: the margin said again.
    margin = made["fleet_gross_margin_pct"] / 100
    assert made["profit_over_cost_pct"] == pytest.approx(100 * margin / (1 - margin))
    assert math.floor(made["profit_over_cost_pct"]) == 545
    # Two ways to one fleet: paid nodes, and nodes the tokens need.
    assert made["fleet_load"] == pytest.approx(1, abs=0.001)
    per_output = made["fleet_rent_usd_per_day"] / 168_000
    assert made["served_output_rent_usd_per_mtok"] == pytest.approx(made["fleet_load"] * per_output)


@FEW
@given(
    readers=st.floats(1, 20),
    writers=st.floats(1, 20),
    read=st.floats(1e3, 1e5),
    written=st.floats(1e3, 1e5),
    rent=price,
)
def test_a_balanced_cluster_costs_its_writers_and_the_readers_of_their_input(
    readers: float, writers: float, read: float, written: float, rent: float
) -> None:
    frame = row(
        prefill_nodes=readers,
        decode_nodes=writers,
        node_input_tokens_per_s=read,
        node_output_tokens_per_s=written,
        gpus_per_node=8,
        gpu_rent_usd_per_gpu_hour=rent,
    )
    balance = compute(frame, ["balanced_input_per_output_token"])
    made = compute(
        balance.rename({"balanced_input_per_output_token": "fleet_input_per_output_token"}),
        ["served_output_rent_usd_per_mtok", "cluster_output_rent_usd_per_mtok"],
    )
    cluster = made["cluster_output_rent_usd_per_mtok"].item()
    assert made["served_output_rent_usd_per_mtok"].item() == pytest.approx(cluster)
