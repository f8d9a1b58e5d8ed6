"""Records Ember's day-ahead prices by country and day since 2023 from its daily file of 2026-04-30.

The whole file since 2015 would be 3 MB. A day that stands twice with two prices (clock changes in Great Britain and
Ireland) and a day without a price are not recorded: nobody can say what they cost.

Reads `data/power/ember_wholesale_daily_2026-04-30.csv.gz`; writes `power_prices/curated/ember_days.csv`. Not here:
monthly means and their revisions (power_ember.py).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from sources.power_prices.ember_days import CAPTURE, COLUMNS
from sources.recorders.runs import shared_folder, write

CURATED = Path(__file__).parents[1] / "power_prices" / "curated"
INPUT = f"data/power/ember_wholesale_daily_{CAPTURE}.csv.gz"
FIRST_DAY = dt.date(2023, 1, 1)


def days(shared: Path) -> pl.DataFrame:
    """One row per country and day with one price, sorted."""
    stated = (
        pl.read_csv(shared / INPUT, try_parse_dates=True)
        .filter((pl.col("date") >= FIRST_DAY) & pl.col("p").is_not_null())
        .rename({"country": "zone_label", "p": "price"})
        .select(COLUMNS)
        .unique()
    )
    return stated.filter(pl.struct("zone_label", "date").is_unique()).sort("zone_label", "date")


def main() -> None:
    """Rewrite the file."""
    write(days(shared_folder(__doc__ or "")), CURATED / "ember_days.csv")


if __name__ == "__main__":
    main()
