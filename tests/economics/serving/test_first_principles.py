"""The documents' count of passes, and the roofline beside it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.economics.compute import compute

FEW = settings(max_examples=40, deadline=None)


def row(**values: float) -> pl.DataFrame:
    return pl.DataFrame({name: [float(value)] for name, value in values.items()})


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
