"""The reconciliation on the recorded panels (embedded figures) and on a synthetic segment worked out by hand."""

from __future__ import annotations

import math

import polars as pl
import pytest

from pipelines.marts import deflation_reconciliation, price_change_by_item
from pipelines.marts.price_change_by_item import METHODS
from sources.recorders.gpu_panels import FOLDER, PANELS
from tests.marts import price_core

H100, GCP = "gpu_panel/h100_sxm_on_demand", "gpu_panel/gcp_h100_spot"
HAND = "gpu_rental/H100 SXM/on_demand"


def recorded() -> pl.DataFrame:
    """The embedded panels in the columns of core.fct_gpu_rental_panel that the marts read."""
    rows = pl.concat([pl.read_csv(FOLDER / f"{source_id}.csv", infer_schema=False) for source_id in PANELS])
    number = [pl.col(name).cast(pl.Float64) for name in ("price", "fx_rate", "gpu_count")]
    rows = rows.with_columns(number)
    per_gpu = pl.when(pl.col("price_unit") == "usd_per_gpu_hour").then(1.0).otherwise(pl.col("gpu_count"))
    return rows.select(
        pl.col("panel").alias("source_id"),
        "panel",
        "period",
        pl.col("provider_label").alias("provider"),
        pl.col("sku_label").fill_null("unspecified").alias("sku"),
        "commitment",
        pl.col("region_label").fill_null("unspecified").alias("region"),
        pl.col("gpu_count").cast(pl.Int64).cast(pl.String).fill_null("unspecified"),
        (pl.col("price") / per_gpu).alias("price_usd_per_gpu_hour"),
        pl.col("fx_rate").alias("list_currency_usd"),
        *[pl.col(name).str.to_date() for name in ("valid_from", "last_observed")],
        pl.lit(None, pl.Date).alias("known_to"),
    )


@pytest.fixture(scope="module")
def core():
    """Three sellers by hand: A falls from 4 to 3 out of sight for months, B stays at 2, C enters at 1 in March."""
    rows = [
        price_core.rent("a", 4.0, "2026-01-01", "2026-02-01"),
        price_core.rent("a", 3.0, "2026-04-01", seen="2026-06-30"),
        price_core.rent("b", 2.0, "2026-01-01", seen="2026-06-30"),
        price_core.rent("c", 1.0, "2026-03-01", seen="2026-06-30"),
    ]
    gpu = {"gpu": "H100 SXM", "memory_gb": 80.0, "memory_bandwidth_gb_s": 3350.0, "peak_bf16_flop_s": 9.9e14}
    return {**price_core.core(fct_gpu_rental_rate=rows, dim_gpu=[gpu]), "fct_gpu_rental_panel": recorded()}


@pytest.fixture(scope="module")
def made(core):
    return deflation_reconciliation.build(core)


@pytest.fixture(scope="module")
def items(core):
    return price_change_by_item.build(core)


def change(made: pl.DataFrame, segment: str, basis: str, measure: str = "total") -> float:
    row = made.filter(segment=segment, basis=basis, measure=measure)
    return row["change_log_pct"].item()


def test_by_hand(made):
    """Prices 4, 2 become 3, 2, 1: logs of means and of one relative, the chain blind to what happened in the gap."""
    relative = 50 * math.log(3 / 4)
    assert change(made, HAND, "direct") == pytest.approx(relative)
    assert change(made, HAND, "direct", "returning") == pytest.approx(relative)
    assert change(made, HAND, "chained") == pytest.approx(0.0), "A's fall lay between its sightings"
    assert change(made, HAND, "geometric_mean", "continuing") == pytest.approx(relative)
    entry = 100 / 3 * (math.log(1) - math.log(6) / 2)
    assert change(made, HAND, "geometric_mean", "entry") == pytest.approx(entry)
    assert change(made, HAND, "arithmetic_mean") == pytest.approx(100 * math.log(2 / 3))


def test_period_by_period_the_price_part_is_the_chained_index(made):
    """By hand: A goes in February, C comes in March, A comes back in April; what stays from month to month is still."""
    log = math.log
    assert change(made, HAND, "geometric_mean_by_period", "continuing") == pytest.approx(0.0)
    went = log(2) - (log(4) + log(2)) / 2
    came = (log(2) + log(1)) / 2 - log(2) + (log(3) - log(2) / 2) / 3
    assert change(made, HAND, "geometric_mean_by_period", "exit") == pytest.approx(100 * went)
    assert change(made, HAND, "geometric_mean_by_period", "entry") == pytest.approx(100 * came)
    assert change(made, HAND, "geometric_mean_by_period") == pytest.approx(change(made, HAND, "geometric_mean"))
    both = made.filter(pl.col("segment") == H100, measure="continuing", basis="geometric_mean_by_period")
    assert both["change_log_pct"].item() == pytest.approx(change(made, H100, "chained"))


def test_parts_add_up(made, items):
    parts = made.filter(pl.col("of_which") == "total").group_by("segment", "basis").agg(pl.col("change_log_pct").sum())
    both = parts.join(made.filter(measure="total"), on=["segment", "basis"], suffix="_total")
    assert both.height >= 18
    assert (both["change_log_pct"] - both["change_log_pct_total"]).abs().max() < 1e-9
    for basis in ("geometric_mean", "arithmetic_mean", *METHODS):
        sums = items.group_by("segment").agg(pl.col(f"{basis}_log_pct").sum().alias("sum"))
        total = made.filter(basis=basis, measure="total").join(sums, on="segment")
        assert (total["sum"] - total["change_log_pct"]).abs().max() < 1e-9, basis


def test_seven_weeks_of_the_h100(made, items):
    """docs/index_numbers.md: level +34.7%, chained +1.2%, direct 0.0%; and what each is made of."""
    percent = {
        basis: made.filter(segment=H100, basis=basis, measure="total")["change_pct"].item()
        for basis in ("arithmetic_mean", "chained", "direct", "multilateral")
    }
    assert percent == pytest.approx(
        {"arithmetic_mean": 34.7, "chained": 1.2, "direct": 0.0, "multilateral": -1.3}, abs=0.05
    )
    level = change(made, H100, "arithmetic_mean")
    assert change(made, H100, "arithmetic_mean", "entry") == pytest.approx(level), "all of it entry"
    assert change(made, H100, "chained", "returning") == pytest.approx(10 * math.log(3.29 / 2.99)), "one rebound, of 10"
    assert change(made, H100, "chained", "currency") == pytest.approx(0.242, abs=5e-4), "one exchange rate"
    for rest in ("continuing", "entered", "passing"):
        assert change(made, H100, "chained", rest) == pytest.approx(0.0, abs=5e-4)
    assert change(made, H100, "multilateral", "returning") == pytest.approx(-1.392, abs=5e-4)
    hyperscalers = items.filter(segment=H100).filter(pl.col("seller").is_in(["aws", "azure"]))
    assert hyperscalers["arithmetic_mean_log_pct"].sum() > 1.25 * level


def test_forty_regions(made, items):
    """docs/index_numbers.md: fell in 21 of 40, median 2.47 to 2.00 (1.98), us-central1 2.55 to 6.33: since December."""
    row = made.filter(segment=f"{GCP}/since_december", basis="median").row(0, named=True)
    assert (row["matched_fell"], row["matched_rose"], row["items_matched"]) == (21, 19, 40)
    assert (row["level_from"], row["level_to"]) == (pytest.approx(2.4675, abs=1e-4), pytest.approx(1.9756, abs=1e-4))
    central = items.filter(segment=f"{GCP}/since_december", region="us-central1").row(0, named=True)
    assert central["first_price_usd_per_gpu_hour"] == pytest.approx(2.55, abs=5e-3)
    assert central["last_price_usd_per_gpu_hour"] == pytest.approx(6.33, abs=5e-3)
    whole = items.filter(segment=GCP)
    assert whole["direction"].to_list() == ["fell"] * 40, "from the first capture every region fell"
    assert change(made, f"{GCP}/since_december", "direct") == pytest.approx(0.35, abs=0.01), "rises and falls cancel"


def test_lists_conform(made, items):
    for module, table in ((deflation_reconciliation, made), (price_change_by_item, items)):
        assert module.SCHEMA.problems(table).is_empty()
