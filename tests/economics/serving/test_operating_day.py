"""A fleet's day against what its operator published, by plain arithmetic."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute

FEW = settings(max_examples=40, deadline=None)
price = st.floats(0.05, 100)


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [float(value)] for name, value in values.items()})


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
