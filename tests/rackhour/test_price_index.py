"""`rackhour.index`: a frame and a file give what the command gives; synthetic prices, worked by hand."""

from __future__ import annotations

import math

import polars as pl
import pytest

import rackhour

PRICES = pl.DataFrame(
    {
        "period": ["2025-01", "2025-01", "2025-02", "2025-02"],
        "item": ["a", "b", "a", "b"],
        "price": [1.0, 4.0, 2.0, 2.0],
    }
)


def test_jevons_of_a_frame_is_the_geometric_mean_of_relatives():
    found = rackhour.index(PRICES, "jevons")
    assert found.rows["period"].to_list() == ["2025-01", "2025-02"]
    assert found.rows["index"].to_list() == pytest.approx([1.0, math.sqrt((2 / 1) * (2 / 4))])
    assert found.notes == ()
    assert found.method.startswith("jevons")


def test_a_file_gives_what_its_frame_gives(tmp_path):
    PRICES.write_csv(tmp_path / "prices.csv")
    PRICES.write_parquet(tmp_path / "prices.parquet")
    wanted = rackhour.index(PRICES, "geks", detail=True).rows
    for name in ("prices.csv", "prices.parquet"):
        assert rackhour.index(tmp_path / name, "geks", detail=True).rows.equals(wanted)


def test_columns_may_have_other_names():
    renamed = PRICES.rename({"period": "month", "item": "ean", "price": "unit_value"})
    found = rackhour.index(renamed, "dutot", period_col="month", item_col="ean", price_col="unit_value")
    assert found.rows["index"].to_list() == pytest.approx([1.0, 4 / 5])


def test_a_frame_that_cannot_be_used_names_row_and_column():
    broken = PRICES.with_columns(price=pl.Series([1.0, -4.0, 2.0, 2.0]))
    with pytest.raises(rackhour.RackhourError, match=r"the frame, row 2: price -4 of item 'b' must be above zero"):
        rackhour.index(broken, "jevons")
    with pytest.raises(rackhour.RackhourError, match="--quantity-col"):
        rackhour.index(PRICES, "fisher")


def test_what_the_reader_should_know_comes_with_the_levels():
    holed = PRICES.with_columns(price=pl.Series([1.0, None, 2.0, 2.0], dtype=pl.Float64))
    assert "1 of 4 rows have no price" in rackhour.index(holed, "jevons").notes[0]
