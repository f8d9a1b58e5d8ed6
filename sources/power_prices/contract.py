"""Contracts of power prices: a price of energy over days (`observation`) or over a market interval inside a day
(`interval`) in a zone, and the exchange rates beside it.

Not here: canonical zone names, conversion to USD per kWh, the US total (dbt_project).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import pandera.polars as pa
import polars as pl

from sources.contract import CAPTURE, Contract, Observation, field

SECTORS = ("commercial", "industrial", "all_sectors", "day_ahead", "real_time", "unspecified")
PRICE_UNITS = ("usc_per_kwh", "usd_per_kwh", "eur_per_mwh")

# Widest believable price per unit. Energy can cost less than nothing. Europe's day-ahead auctions clear between
# -500 and 4,000 EUR/MWh; no US retail average has come near 2 USD/kWh. Beyond this the unit is wrong.
BOUNDS = {"usc_per_kwh": (-50.0, 200.0), "usd_per_kwh": (-0.5, 2.0), "eur_per_mwh": (-500.0, 4000.0)}
CURRENCIES = {"usc_per_kwh": "USD", "usd_per_kwh": "USD", "eur_per_mwh": "EUR"}
# Cents are printed to two decimals, and some captures print whole thousand dollars and whole MWh, which moves the
# quotient of the smallest cell by 1.5 hundredths of a cent (measured: 2,919 MWh in 2019-10).
CENTS_TOLERANCE = 0.02


class PowerPrice(Observation):
    """The mean price of energy over one interval, as one vintage of a publisher states it."""

    zone_label: str = field(unit=None, description="Publisher's name of the zone.", str_length={"min_value": 1})
    sector: str = field(unit=None, description="Kind of customer or market.", isin=SECTORS)
    interval_start: dt.date = field(unit=None, description="First day of the interval.")
    interval_end: dt.date = field(unit=None, description="First day after the interval.")
    price: float = field(unit="currency", description="Mean price, in price_unit; may be negative.", nullable=True)
    price_low: float = field(unit="currency", description="Low end where a range is stated.", nullable=True)
    price_high: float = field(unit="currency", description="High end where a range is stated.", nullable=True)
    price_unit: str = field(unit=None, description="Unit of the price as published.", isin=PRICE_UNITS)
    currency: str = field(unit=None, description="ISO code of the currency.", isin=("USD", "EUR"))
    sales_mwh: float = field(unit="MWh", description="Energy sold in the interval.", nullable=True, ge=0)
    revenue_kusd: float = field(unit="kiloUSD", description="Revenue of the interval.", nullable=True)
    data_status: str = field(unit=None, description="Publisher's status of the figure.", nullable=True)

    @pa.dataframe_check(name="interval_start_before_interval_end")
    def _interval_order(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col("interval_start") < pl.col("interval_end"))

    @pa.dataframe_check(name="a_price_or_both_ends_of_a_range")
    def _has_price(cls, data: pa.PolarsData) -> pl.LazyFrame:
        ends = pl.col("price_low").is_not_null() & pl.col("price_high").is_not_null()
        return data.lazyframe.select(pl.col("price").is_not_null() | ends)

    @pa.dataframe_check(name="price_low_price_price_high_in_order")
    def _range_order(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(
            (pl.col("price_low") <= pl.col("price_high")).fill_null(True)
            & (pl.col("price_low") <= pl.col("price")).fill_null(True)
            & (pl.col("price") <= pl.col("price_high")).fill_null(True)
        )

    @pa.dataframe_check(name="price_within_what_its_unit_allows")
    def _believable(cls, data: pa.PolarsData) -> pl.LazyFrame:
        def bound(end: int) -> pl.Expr:
            return pl.col("price_unit").replace_strict({k: v[end] for k, v in BOUNDS.items()}, default=None)

        within = [
            pl.col(name).is_between(bound(0), bound(1)).fill_null(True) for name in ("price", "price_low", "price_high")
        ]
        return data.lazyframe.select(pl.all_horizontal(within))

    @pa.dataframe_check(name="currency_of_the_price_unit")
    def _currency(cls, data: pa.PolarsData) -> pl.LazyFrame:
        belongs = pl.col("price_unit").replace_strict(CURRENCIES, default=None)
        return data.lazyframe.select((pl.col("currency") == belongs).fill_null(True))

    @pa.dataframe_check(name="price_is_revenue_over_sales")
    def _identity(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Publishers' own identity: a price in another unit than it says breaks it by a factor of 10 or more."""
        factor = pl.col("price_unit").replace_strict({"usc_per_kwh": 100.0, "usd_per_kwh": 1.0}, default=None)
        stated = pl.col("price") - factor * pl.col("revenue_kusd") / pl.col("sales_mwh")
        holds = stated.abs() <= CENTS_TOLERANCE * factor / 100.0
        return data.lazyframe.select((holds | (pl.col("sales_mwh") == 0)).fill_null(True))

    @pa.dataframe_check(name="energy_was_sold_and_charged_for")
    def _zero_is_no_price(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Where nothing was sold there is no mean price, and sales without revenue have none that is known."""
        charged = (pl.col("price") != 0) | (pl.col("revenue_kusd") != 0)
        return data.lazyframe.select(((pl.col("sales_mwh") > 0) & charged).fill_null(True))


class FxRate(Observation):
    """The mean of a central bank's daily reference rates over a month."""

    base_currency: str = field(unit=None, description="ISO code of the currency that is priced.", eq="EUR")
    quote_currency: str = field(unit=None, description="ISO code of the currency it is priced in.", eq="USD")
    interval_start: dt.date = field(unit=None, description="First day of the month.")
    interval_end: dt.date = field(unit=None, description="First day after the month.")
    last_rate_date: dt.date = field(unit=None, description="Last day whose rate is in the mean.")
    rate_count: int = field(unit="count", description="Daily rates in the mean.", ge=1, le=31)
    # The euro has stood between 0.82 and 1.60 USD since 1999: a rate the wrong way round of 2 or 0.5 is no rate.
    rate: float = field(unit="USD/EUR", description="Quote currency per unit of base currency.", ge=0.5, le=2.0)


# Wholesale prices of single intervals swing wider than means. Europe's day-ahead auctions clear between -500 and
# 4,000 EUR/MWh (SDAC's harmonised limits); ERCOT's real-time cap stood at 9,000 USD/MWh until 2021.
INTERVAL_BOUNDS = {
    "eur_per_mwh": (-500.0, 4000.0),
    "usd_per_mwh": (-1000.0, 10000.0),
    "usc_per_kwh": (-100.0, 1000.0),
}
INTERVAL_CURRENCIES = {"eur_per_mwh": "EUR", "usd_per_mwh": "USD", "usc_per_kwh": "USD"}
RESOLUTION_MINUTES = {"PT5M": 5, "PT15M": 15, "PT30M": 30, "PT60M": 60}
DAY_HOURS = (23, 24, 25)
"""A civil day has 23 hours when the clocks go forward and 25 when they go back."""


class IntervalPrice(Observation):
    """The price of energy over one market interval, between two moments in UTC, with the zone its days are counted in.

    `valid_from` and `valid_to` are the civil days, in `timezone`, that the interval touches.
    """

    zone_label: str = field(unit=None, description="Publisher's name of the zone or hub.", str_length={"min_value": 1})
    sector: str = field(unit=None, description="Market of the price.", isin=("day_ahead", "real_time"))
    interval_start: Annotated[pl.Datetime, "us", "UTC"] = field(unit=None, description="First moment, in UTC.")
    interval_end: Annotated[pl.Datetime, "us", "UTC"] = field(unit=None, description="First moment after it, in UTC.")
    timezone: str = field(unit=None, description="IANA name of the zone's civil time.", str_length={"min_value": 3})
    resolution: str = field(unit=None, description="ISO 8601 length.", isin=(*RESOLUTION_MINUTES, "P1D"))
    auction: int = field(unit=None, description="Publisher's number of the auction.", nullable=True, ge=1)
    price: float = field(unit="currency", description="Price, in price_unit; may be negative.")
    price_unit: str = field(unit=None, description="Unit as published.", isin=tuple(INTERVAL_BOUNDS))
    currency: str = field(unit=None, description="ISO code of the currency.", isin=("USD", "EUR"))
    revision: int = field(unit=None, description="Publisher's revision number.", nullable=True, ge=1)
    data_status: str = field(unit=None, description="Publisher's status of the figure.", nullable=True)

    @pa.dataframe_check(name="interval_is_as_long_as_its_resolution")
    def _length(cls, data: pa.PolarsData) -> pl.LazyFrame:
        minutes = (pl.col("interval_end") - pl.col("interval_start")).dt.total_minutes()
        stated = pl.col("resolution").replace_strict(RESOLUTION_MINUTES, default=None)
        is_day = (pl.col("resolution") == "P1D") & minutes.is_in([60 * hours for hours in DAY_HOURS])
        return data.lazyframe.select(minutes.is_null() | (minutes == stated).fill_null(False) | is_day)

    @pa.dataframe_check(name="one_price_per_interval")
    def _no_duplicate(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """A price said twice counts once; two different prices of one interval are both refused."""
        key = pl.struct("zone_label", "sector", "resolution", "auction", "interval_start")
        agrees = pl.col("price").n_unique().over("zone_label", "sector", "resolution", "auction", "interval_start") == 1
        unread = pl.col("interval_start").is_null()
        return data.lazyframe.select(unread | key.is_unique() | (agrees & key.is_first_distinct()))

    @pa.dataframe_check(name="price_within_what_its_unit_allows")
    def _believable(cls, data: pa.PolarsData) -> pl.LazyFrame:
        low, high = (
            pl.col("price_unit").replace_strict({k: v[end] for k, v in INTERVAL_BOUNDS.items()}, default=None)
            for end in (0, 1)
        )
        return data.lazyframe.select(pl.col("price").is_between(low, high).fill_null(True))

    @pa.dataframe_check(name="currency_of_the_price_unit")
    def _currency(cls, data: pa.PolarsData) -> pl.LazyFrame:
        belongs = pl.col("price_unit").replace_strict(INTERVAL_CURRENCIES, default=None)
        return data.lazyframe.select((pl.col("currency") == belongs).fill_null(True))


CONTRACTS = {
    # A printed digit that differs is another figure.
    "observation": Contract(
        PowerPrice,
        item=("zone_label", "sector", "interval_start"),
        figure=("price_unit", "price", "sales_mwh", "revenue_kusd", "data_status"),
    ),
    # A price restated or confirmed is another figure.
    "interval": Contract(
        IntervalPrice,
        item=("zone_label", "sector", "resolution", "auction", "interval_start", "timezone", "price_unit"),
        figure=("price", "data_status"),
    ),
    "fx_rate": Contract(FxRate),
    "capture": CAPTURE,
}
