"""What was recorded of EIA's published tables and of Ember's days, beside the files it was recorded from."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from sources.recorders import power_eia_tables, power_ember_days
from sources.registry import all_sources
from tests.sources.power_prices.live import checked, made


def recorded(source_id: str) -> pl.DataFrame:
    """The accepted rows of an embedded source; none may be rejected."""
    spec = all_sources()[source_id]
    (payload,) = spec.load_connector().fetch_offline(spec)
    outcome = checked(payload)
    assert outcome.rejected.is_empty()
    return outcome.accepted


@pytest.mark.shared
def test_every_state_has_the_two_prices_of_the_table_and_says_that_its_month_is_inferred(shared):
    table = pl.read_csv(shared / power_eia_tables.STATES)
    rows = recorded("eia_epm_state_prices")
    for sector in ("commercial", "industrial"):
        ours = rows.filter(sector=sector).sort("zone_label")
        assert ours["zone_label"].to_list() == table["state"].to_list()
        assert ours["price"].to_list() == table[f"{sector}_usd_per_kwh"].to_list()
    assert rows["note"].str.contains("April 2026 is inferred").all()
    assert rows.select("grade", "interval_start", "known_from").unique().rows() == [
        ("B", dt.date(2026, 4, 1), dt.date(2026, 7, 23))
    ]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("source_id", "dataset", "left_out"),
    [
        ("eia_mer_us_prices", power_eia_tables.REVIEW, ["ESRCUUS"]),
        (
            "eia_steo_division_prices",
            power_eia_tables.OUTLOOK,
            ["ESCMUUS", "ESCMU_US", "ESICUUS", "ESICU_US", "ESTCU_US"],
        ),
    ],
)
def test_a_series_is_recorded_whole_or_left_out_by_rule(shared, source_id, dataset, left_out):
    table = pl.read_csv(shared / power_eia_tables.MONTHS_OF_2025).filter(pl.col("dataset") == dataset)
    rows = recorded(source_id).select(
        pl.col("citation").str.extract(r"series (\w+),").alias("seriesId"),
        pl.col("interval_start").dt.strftime("%Y-%m").alias("period"),
        pl.col("price").alias("value"),
    )
    expected = table.filter(~pl.col("seriesId").is_in(left_out) & ~pl.col("seriesId").str.starts_with("ESRCU"))
    keys = ["seriesId", "period"]
    assert rows.sort(keys).equals(expected.select(*keys, "value").sort(keys))
    assert set(left_out) <= set(table["seriesId"])


@pytest.mark.shared
def test_a_day_is_recorded_where_the_file_has_one_price_of_it(shared):
    file = pl.read_csv(shared / power_ember_days.INPUT, try_parse_dates=True).filter(pl.col("date").dt.year() >= 2023)
    rows = recorded("ember_days")
    doubled = file.filter(pl.struct("country", "date").is_duplicated())
    assert sorted(doubled["country"].unique()) == ["Ireland", "United Kingdom"]
    assert file.height - rows.height == doubled.height + file["p"].null_count()
    germany = file.filter((pl.col("iso3") == "DEU") & (pl.col("p") < 0))
    below = rows.filter((pl.col("zone_label") == "Germany") & (pl.col("price") < 0))
    assert below["valid_from"].to_list() == germany["date"].to_list()
    # None of 2024: hours below zero never outweighed the rest of their day.
    assert [day.year for day in below["valid_from"]] == [2023, 2023, 2023, 2025, 2025, 2026]
    assert rows.filter(pl.col("data_status") == "provisional")["valid_from"].unique().to_list() == [
        dt.date(2026, 4, 30)
    ]


def test_a_date_that_is_none_and_a_price_beyond_the_auctions_limit_are_rejected_by_row():
    content = b"zone_label,date,price\nGermany,2024-13-01,10\nGermany,2024-02-01,10\nGermany,2024-02-02,9000\n"
    outcome = checked(made("ember_days", content, "text/csv"))
    assert outcome.accepted.select("zone_label", "valid_from", "price").rows() == [("Germany", dt.date(2024, 2, 1), 10)]
    assert outcome.rejected["row_number"].unique().sort().to_list() == [1, 3]


def test_a_series_of_no_known_sector_stops_the_recorder(tmp_path):
    """Synthetic: ESXXU is no series of the agency's."""
    path = tmp_path / power_eia_tables.MONTHS_OF_2025
    path.parent.mkdir(parents=True)
    path.write_text(
        "dataset,period,seriesId,seriesDescription,value,unit\nSTEO,2025-01,ESXXU_ENC,synthetic,1.0,cents\n",
        encoding="utf-8",
    )
    with pytest.raises(ValueError, match=r"field seriesId: \['ESXXU_ENC'\]"):
        power_eia_tables.divisions(tmp_path)
