"""Records monthly day-ahead means of Germany and Norway from four captures of Ember's European wholesale prices.

Three captures are daily files, whose days are averaged here; one is Ember's own monthly file. Only months that were
over on the day of the capture and have a price for every day are recorded.

Reads `data/power/ember_wholesale_*.csv.gz`; writes `power_prices/curated/ember_day_ahead.csv` and
`ember_captures.csv`. Not here: other countries, hourly prices, dollars (dbt).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from sources.power_prices.contract import CONTRACTS
from sources.recorders.runs import shared_folder, write

CURATED = Path(__file__).parents[1] / "power_prices" / "curated"
COUNTRIES = {"DEU": "Germany", "NOR": "Norway"}
PAGE = "https://ember-energy.org/data/european-wholesale-electricity-price-data/"
MONTHLY = "ember_wholesale_monthly_2025-04.csv.gz"
# The monthly file is dated by its month alone: knowledge of it is claimed from that month's last day.
CAPTURES = {
    dt.date(2025, 1, 9): "ember_wholesale_daily_2025-01-09.csv.gz",
    dt.date(2025, 4, 30): MONTHLY,
    dt.date(2026, 4, 15): "ember_wholesale_daily_2026-04-15.csv.gz",
    dt.date(2026, 4, 30): "ember_wholesale_daily_2026-04-30.csv.gz",
}
# Ember prints two decimals and weighs hours where our means weigh days, which parts the two by up to 0.006 in months
# of clock changes (measured over 248 months). A hundredth is no revision; the smallest real one here is 0.02.
ROUNDING = 0.01 + 1e-9


def monthly(path: Path, capture: dt.date) -> pl.DataFrame:
    """Whole months of one capture: zone_label, month (first day), price in EUR/MWh, data_status."""
    if path.name == MONTHLY:
        raw = pl.read_csv(path, try_parse_dates=True)
        found = raw.filter(pl.col("ISO3 Code").is_in(list(COUNTRIES))).select(
            pl.col("ISO3 Code").replace_strict(COUNTRIES).alias("zone_label"),
            pl.col("Date").alias("month"),
            pl.col("Price (EUR/MWhe)").alias("price"),
            pl.lit("monthly_file").alias("data_status"),
        )
        # Its last month had not ended when the file was made.
        return found.filter(pl.col("month") < capture.replace(day=1)).sort("zone_label", "month")
    days = (
        pl.read_csv(path, try_parse_dates=True)
        .filter(pl.col("iso3").is_in(list(COUNTRIES)) & pl.col("p").is_not_null())
        .select(
            pl.col("iso3").replace_strict(COUNTRIES).alias("zone_label"),
            pl.col("date").dt.truncate("1mo").alias("month"),
            "date",
            "p",
        )
    )
    return (
        days.group_by("zone_label", "month")
        .agg(pl.col("p").mean().round(4).alias("price"), pl.col("date").n_unique().alias("day_count"), pl.len())
        # A day that is missing or doubled would tilt the mean.
        .filter((pl.col("day_count") == pl.col("month").dt.days_in_month()) & (pl.col("len") == pl.col("day_count")))
        .select("zone_label", "month", "price", pl.lit("mean_of_days").alias("data_status"))
        .sort("zone_label", "month")
    )


def month_after(month: dt.date) -> dt.date:
    """First day of the month after a month's first day."""
    return (month + dt.timedelta(days=31)).replace(day=1)


def note_of(status: str, month: dt.date, capture: dt.date) -> str:
    """What a reader must know of one row."""
    if status == "monthly_file":
        return "Ember's own monthly figure; the file is dated by its month alone"
    last = month_after(month) - dt.timedelta(days=1)
    return f"mean of {last.day} daily prices" + ("; the last day was still provisional" if last == capture else "")


def runs(folder: Path) -> pl.DataFrame:
    """One row per figure that is new or revised, with the captures that show it, sorted by zone, month, knowledge."""
    rows: list[dict[str, object]] = []
    current: dict[tuple[str, dt.date], int] = {}
    for capture, name in CAPTURES.items():
        for zone, month, price, status in monthly(folder / name, capture).iter_rows():
            at = current.get((zone, month))
            before = rows[at] if at is not None else None
            if before is not None and abs(float(str(before["price"])) - price) <= ROUNDING:
                before["last_observed"] = capture
                before["observation_count"] = int(str(before["observation_count"])) + 1
                continue
            current[zone, month] = len(rows)
            rows.append(
                {
                    "zone_label": zone,
                    "sector": "day_ahead",
                    "interval_start": month,
                    "interval_end": month_after(month),
                    "price": price,
                    "price_unit": "eur_per_mwh",
                    "currency": "EUR",
                    "data_status": status,
                    "valid_from": month,
                    "valid_to": month_after(month),
                    "known_from": capture,
                    "known_basis": "first_seen",
                    "last_observed": capture,
                    "observation_count": 1,
                    "grade": "A",
                    "citation": f"{PAGE} ({'monthly' if name == MONTHLY else 'daily'} file as of {capture})",
                    "note": note_of(status, month, capture),
                }
            )
    columns = [name for name in CONTRACTS["observation"].dtypes if name in rows[0]]
    return pl.DataFrame(rows).select(columns).sort("zone_label", "interval_start", "known_from")


def main() -> None:
    """Rewrite both files and say how many figures are revisions."""
    recorded = runs(shared_folder(__doc__ or "") / "data" / "power")
    write(recorded, CURATED / "ember_day_ahead.csv")
    cited = [f"{PAGE} ({'monthly' if name == MONTHLY else 'daily'} file)" for name in CAPTURES.values()]
    calendar = {"capture_group": ["Ember"] * len(CAPTURES), "capture_date": list(CAPTURES), "citation": cited}
    write(pl.DataFrame(calendar), CURATED / "ember_captures.csv")
    print(f"{recorded.height - recorded.select('zone_label', 'interval_start').n_unique()} revisions")


if __name__ == "__main__":
    main()
