"""The recorder: folding sightings into runs, and the committed files are what it writes."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from sources.recorders import gpu_rental
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
@pytest.mark.parametrize("tracker", gpu_rental.SOURCE_IDS)
def test_the_committed_files_are_what_the_recorder_writes(shared, tracker, tmp_path):
    for frame, suffix in zip(gpu_rental.record(shared, tracker), ("", "_captures"), strict=True):
        name = f"{gpu_rental.SOURCE_IDS[tracker]}{suffix}.csv"
        frame.write_csv(tmp_path / name)
        assert (tmp_path / name).read_bytes() == (gpu_rental.FOLDER / name).read_bytes()


@pytest.mark.shared
def test_a_carried_forward_row_counts_for_the_day_its_page_was_read(shared):
    """Synthetic it is not: Vultr's page was read on 2026-07-08 and carried in the tracker's files to 2026-07-17."""
    seen = gpu_rental.sightings(shared, "gpurentalprices").filter(provider_label="vultr")
    days = seen["as_of"].unique()
    assert dt.date(2026, 7, 8) in days
    assert not days.is_between(dt.date(2026, 7, 9), dt.date(2026, 7, 17)).any()
