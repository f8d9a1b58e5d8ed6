"""EIA-861M: the compact file spelled out, its damage, and its figures against the agency's own annual ones."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from sources.payload import Payload
from sources.power_prices.eia861m import CAPTURES, COLUMNS, fetch_offline, parse
from sources.registry import all_sources

SPEC = all_sources()["eia861m_retail_prices"]
LINE = "VA,commercial,2024-12,8.95,1000.0,89.5,Final,2025-04-15,2025-07-24,2"


def landed(*lines: str):
    content = "\n".join([",".join(COLUMNS), *lines]).encode()
    raw = parse(Payload(SPEC.source_id, "synthetic.csv", content, "text/csv"))
    return SPEC.load_contract().validate(raw, SPEC.source_id)


@pytest.fixture(scope="module")
def recorded() -> pl.DataFrame:
    (payload,) = fetch_offline(SPEC)
    outcome = SPEC.load_contract().validate(parse(payload), SPEC.source_id)
    assert outcome.rejected.is_empty()
    return outcome.accepted


def test_a_line_is_spelled_out():
    row = landed(LINE).accepted.row(0, named=True)
    assert (row["interval_start"], row["interval_end"]) == (dt.date(2024, 12, 1), dt.date(2025, 1, 1))
    assert (row["known_from"], row["known_basis"]) == (dt.date(2025, 4, 15), "first_seen")
    assert (row["price"], row["price_unit"], row["currency"]) == (8.95, "usc_per_kwh", "USD")
    assert row["citation"] == CAPTURES["2025-04-15"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("2024-12", "2024-13"), "valid_from: must be a date"),
        (("2024-12", ""), "valid_from: not_nullable"),
        (("2025-04-15,", "2025-04-16,"), "citation: not_nullable"),
        (("8.95", "0.0895"), "price_is_revenue_over_sales"),
        (("8.95", "."), "must be a finite number"),
        ((",2025-07-24,2", ",2025-07-24,2,surprise"), "11 fields where the header has 10"),
    ],
)
def test_a_damaged_line_is_rejected_alone(change, reason):
    outcome = landed(LINE, LINE.replace(*change), LINE)
    assert outcome.accepted["row_number"].to_list() == [1, 3]
    assert reason in outcome.rejected["all_failures"].item()


def test_the_record_is_as_wide_as_promised(recorded):
    assert recorded["zone_label"].n_unique() == 51
    assert {"VA", "TX", "CA", "AZ", "IL", "GA", "OR", "WA", "OH", "IA", "NV", "NC", "NJ", "NY", "UT"} < set(
        recorded["zone_label"]
    )
    assert (recorded["interval_start"].min(), recorded["interval_end"].max()) == (
        dt.date(2015, 1, 1),
        dt.date(2025, 5, 1),
    )
    assert set(recorded["known_from"].cast(pl.String)) == set(CAPTURES)


def test_no_final_figure_is_restated(recorded):
    cell = ["zone_label", "sector", "interval_start"]
    later = recorded.sort(*cell, "known_from").with_columns(before=pl.col("data_status").shift().over(cell))
    assert later.filter(pl.col("before") == "Final").is_empty()
    assert later.filter(pl.col("before") == "Preliminary").height == 7331


# Average revenue per kWh of 2023 as the agency prints it from its annual census, cents:
# https://www.eia.gov/electricity/annual/secrev-map.php (Electric Power Annual, data for 2023).
PRINTED_2023 = {
    "AZ": (11.79, 8.11),
    "CA": (23.91, 18.64),
    "GA": (10.70, 6.88),
    "IA": (10.33, 6.91),
    "IL": (11.24, 8.20),
    "NV": (11.91, 10.36),
    "OH": (10.75, 7.03),
    "OR": (9.92, 7.52),
    "TX": (8.82, 6.60),
    "VA": (8.95, 8.92),
}


@pytest.mark.parametrize("state", PRINTED_2023)
def test_months_add_up_to_the_printed_year(recorded, state):
    current = recorded.sort("known_from").unique(["zone_label", "sector", "interval_start"], keep="last")
    year = current.filter((pl.col("zone_label") == state) & (pl.col("interval_start").dt.year() == 2023))
    sums = year.group_by("sector").agg(pl.col("revenue_kusd").sum(), pl.col("sales_mwh").sum()).sort("sector")
    cents = (100 * sums["revenue_kusd"] / sums["sales_mwh"]).round(2)
    assert cents.to_list() == list(PRINTED_2023[state])
