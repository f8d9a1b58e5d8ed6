"""Rental prices judged by their own history and by the list they stand in. Every row here is synthetic."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from tests.dbt.judging import compiled, judge

FIRST = dt.date(2026, 1, 1)


@pytest.fixture(scope="module")
def sql(tmp_path_factory) -> str:
    return compiled(tmp_path_factory.mktemp("judged"), "stg_gpu_rental__judged")


def runs(*prices: tuple[float, int], sku: str = "m8", source: str = "s", start: int = 0) -> list[dict]:
    """One offer of one seller: prices in turn, each with the number of daily looks that saw it."""
    rows, day = [], start
    for number, (price, looks) in enumerate(prices):
        known = FIRST + dt.timedelta(day)
        day += looks
        rows.append(
            {
                "observation_id": f"{source} {sku} {price:g}",
                "source_id": source,
                "sku_label": sku,
                "price": price,
                "valid_from": known,
                "known_from": known,
                "valid_to": FIRST + dt.timedelta(day) if number < len(prices) - 1 else None,
                "last_observed": FIRST + dt.timedelta(day - 1),
                "observation_count": looks,
            }
        )
    return rows


def rejections(sql: str, *items: list[dict]) -> dict[str, tuple[str | None, str | None]]:
    fixed = {"provider_label": "P", "provider": "p", "tier": "neocloud", "gpu_label": "h100", "gpu": "H100 SXM"}
    fixed |= {"form_factor": "SXM", "region_label": "r", "commitment": "spot", "price_unit": "usd_per_gpu_hour"}
    frame = pl.DataFrame([row for rows in items for row in rows], schema_overrides={"valid_to": pl.Date}).with_columns(
        *[pl.lit(value).alias(name) for name, value in {**fixed, "grade": "B"}.items()],
        pl.lit(True).alias("is_gpu_label_known"),
        pl.lit(None, dtype=pl.String).alias("left_out"),
        pl.lit(1.0).alias("per_gpu"),
        pl.col("source_id").alias("capture_group"),
        pl.lit(None, dtype=pl.Float64).alias("gpu_count"),
        pl.lit(80.0).alias("gpu_memory_gb"),
        pl.lit(None, dtype=pl.Int64).alias("seller_count"),
    )
    looks = frame.select(
        "source_id", "capture_group", pl.date_ranges("valid_from", "last_observed").alias("capture_date")
    ).explode("capture_date")
    inputs = {"stg_gpu_rental__labelled": frame, "stg_gpu_rental__captures": looks.unique()}
    verdicts = judge(sql, inputs, "rejection")
    return {name: verdict for name, verdict in verdicts.items() if verdict[0]}


@pytest.mark.parametrize(
    ("price", "rejection"),
    [
        (2.0, None),
        (7.8, None),  # the widest real move, 3.9 times
        (16.0, "unit_factor_8"),
        (48.4, "unit_factor_24"),
        (200.0, "unit_factor_100"),
        (1440.0, "unit_factor_720"),
        (1460.0, "unit_factor_730"),
        (0.25, "unit_factor_8"),
        (90.0, "far_from_its_own_history"),
    ],
)
def test_a_unit_is_missed_by_its_factor(sql, price, rejection):
    found = rejections(sql, runs((2.0, 9), (price, 4)))
    assert {name: verdict for name, (verdict, _) in found.items()} == (
        {f"s m8 {price:g}": rejection} if rejection else {}
    )


def test_evidence_names_the_yardstick_the_ratio_and_the_days(sql):
    ((_, evidence),) = rejections(sql, runs((2.0, 9), (16.0, 4))).values()
    assert evidence == "median 2 of 9 earlier observations, 2026-01-01 to 2026-01-09; ratio 8"


def test_another_source_confirms_a_new_level(sql):
    assert rejections(sql, runs((2.0, 9), (16.0, 4)), runs((16.1, 2), source="t", start=10)) == {}


def test_one_source_of_a_list_is_not_two(sql):
    record, live = "gpu_rates_gpurentalprices", "gpurentalprices_live"
    found = rejections(sql, runs((2.0, 9), (16.0, 4), source=record), runs((16.0, 4), source=live, start=10))
    assert [verdict for verdict, _ in found.values()] == ["unit_factor_8"]


def test_a_whole_list_that_moves_by_one_factor_is_set_aside(sql):
    moved = [runs((1.0 + number, 9), (2.5 * (1 + number), 9), sku=f"m{number}") for number in range(6)]
    found = rejections(sql, *moved)
    assert {verdict for verdict, _ in found.values()} == {"provider_wide_jump"}
    assert len(found) == 6
    still = [runs((3.0, 18), sku=f"still {number}") for number in range(6)]
    assert rejections(sql, *moved, *still) == {}
