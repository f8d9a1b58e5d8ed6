"""The recorder: folding sightings into runs, and the committed files are what it writes."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from sources.recorders import gpu_archived_pages, gpu_gpurentalprices, gpu_runs
from sources.recorders.runs import fold


def day(number: int) -> dt.date:
    return dt.date(2026, 1, number)


def folded(sightings: list[tuple[str, int, float]]) -> list[tuple]:
    frame = pl.DataFrame(
        [{"item": item, "group": "g", "as_of": day(number), "price": price} for item, number, price in sightings]
    )
    runs = fold(frame, ["item"], "group", ["price"]).sort("item", "valid_from")
    return runs.select("item", "price", "valid_from", "valid_to", "last_observed", "observation_count").rows()


def test_equal_prices_are_one_run_and_a_change_starts_another():
    assert folded([("a", 1, 2.0), ("a", 2, 2.0), ("a", 5, 3.0)]) == [
        ("a", 2.0, day(1), day(5), day(2), 2),
        ("a", 3.0, day(5), None, day(5), 1),
    ]


def test_a_capture_without_the_item_ends_its_run_and_its_return_starts_another():
    assert folded([("a", 1, 2.0), ("b", 1, 9.0), ("b", 2, 9.0), ("a", 3, 2.0), ("b", 3, 9.0)]) == [
        ("a", 2.0, day(1), day(2), day(1), 1),
        ("a", 2.0, day(3), None, day(3), 1),
        ("b", 9.0, day(1), None, day(3), 3),
    ]


@pytest.mark.shared
def test_a_carried_forward_row_counts_for_the_day_its_page_was_read(shared):
    """Synthetic it is not: Vultr's page was read on 2026-07-08 and carried in the tracker's files to 2026-07-17."""
    seen = gpu_gpurentalprices.sightings(shared).filter(provider_label="vultr")
    days = seen["as_of"].unique()
    assert dt.date(2026, 7, 8) in days
    assert not days.is_between(dt.date(2026, 7, 9), dt.date(2026, 7, 17)).any()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("provider", "sku", "day", "price", "unit", "commitment", "months"),
    # Read in the file behind them: provider, offer, a day, and the price in force on it as its page shows it.
    [
        ("coreweave", "NVIDIA HGX H100 x8", "2025-03-01", 49.24, "usd_per_instance_hour", "on_demand", None),
        ("lambda", "8x H100 SXM", "2025-11-06", 2.99, "usd_per_gpu_hour", "on_demand", None),
        ("lambda", "8x H100 H100 SXM", "2023-08-20", 4.85, "usd_per_gpu_hour", "reserved", 3.0),
        ("datacrunch", "8H100.80S.176V H100 SXM5 80GB [2-year price]", "2025-04-21", 13.14, "usd_per_instance_hour",
         "reserved", 24.0),
        ("runpod", "H100 SXM (Secure Cloud)", "2026-08-11", 2.99, "usd_per_gpu_hour", "on_demand", None),
        ("crusoe", "NVIDIA H100 HGX [On-demand]", "2025-12-31", 3.9, "usd_per_gpu_hour", "on_demand", None),
        ("hyperstack", "NVIDIA H100 [reserved]", "2026-09-24", 1.75, "usd_per_gpu_hour", "reserved", None),
        ("nebius", "8 × H100 SXM [On demand]", "2025-01-16", 23.6, "usd_per_instance_hour", "on_demand", None),
        ("fluidstack", "NVIDIA H100 PCIe [GPU 6 Month Price (/hr)]", "2024-05-31", 2.4, "usd_per_gpu_hour",
         "reserved", 6.0),
        ("paperspace", "H100 (NVIDIA HGX H100 GPU)", "2025-06-01", 2.24, "usd_per_gpu_hour", "reserved_3y", 36.0),
    ],
)  # fmt: skip
def test_archived_pages_say_what_is_recorded(shared, provider, sku, day, price, unit, commitment, months):
    runs, _ = gpu_runs.record(gpu_archived_pages.sightings(shared))
    on = dt.date.fromisoformat(day)
    held = (pl.col("valid_from") <= on) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > on))
    found = runs.filter(held, pl.col("price") == price, provider_label=provider, sku_label=sku)
    assert found.select("price_unit", "commitment", "term_months").rows() == [(unit, commitment, months)]


@pytest.mark.shared
def test_every_archived_row_is_in_a_run_but_two_misread_pages(shared):
    """Row by row against the file: each price of each capture is the price of a run that covers the capture's day."""
    seen = gpu_archived_pages.sightings(shared)
    everything = pl.read_csv(shared / gpu_archived_pages.FILE, infer_schema=False)
    assert everything.height - seen.height == 67
    runs, calendar = gpu_runs.record(seen)
    assert calendar.height == everything.select("source", pl.col("captured").str.head(8)).unique().height - 2
    assert runs["observation_count"].sum() == seen.select(*gpu_runs.KEY, "as_of").unique().height
    covered = seen.join(runs, on=gpu_runs.KEY, how="inner", nulls_equal=True, suffix="_run").filter(
        pl.col("as_of").is_between(pl.col("valid_from"), pl.col("last_observed"))
        & (pl.col("price") == pl.col("price_run"))
    )
    assert covered.height == seen.height
