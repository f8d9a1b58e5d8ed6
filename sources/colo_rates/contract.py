"""Contract of colocation rates: what a kilowatt of rented data-centre space costs per month, as somebody states it.

Not here: canonical markets and size bands, midpoints of ranges (dbt_project).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, field

LEVELS = ("asking", "asking_undated", "effective", "unspecified")
CHANGES = ("asking_change_yoy", "asking_change_hoh", "asking_change")
PRICE_UNITS = ("usd_per_kw_month", "pct_change")
FACILITY_TYPES = (
    "wholesale_colocation",
    "retail_colocation",
    "ai_optimized",
    "ai_high_density",
    "hyperscaler_self_build",
    "unspecified",
)
POWER_INCLUDED = ("yes", "no", "unknown")

# Published rates lie between 50 (self-build) and 450 (Singapore) USD per kW and month. The same rate per kW-hour is
# 730 times smaller, per MW 1,000 times and per year (from 84 a month on) 12 times larger: outside.
LEVEL_BOUNDS = (20.0, 1000.0)
CHANGE_BOUNDS = (-100.0, 500.0)


class ColoRate(Observation):
    """One published rate, or one published change of a rate, for a market and a size of contract."""

    publisher_label: str = field(unit=None, description="Who states the figure.", str_length={"min_value": 1})
    market_label: str = field(unit=None, description="Publisher's name of the market.", str_length={"min_value": 1})
    facility_type: str = field(unit=None, description="Kind of space.", isin=FACILITY_TYPES)
    size_band: str = field(unit=None, description="Publisher's size of contract.", str_length={"min_value": 1})
    rate_type: str = field(unit=None, description="Asking rate, effective cost, or a change.", isin=LEVELS + CHANGES)
    price: float = field(unit="USD", description="The rate or change, in price_unit; null for a range.", nullable=True)
    price_low: float = field(unit="USD", description="Low end where a range is stated.", nullable=True)
    price_high: float = field(unit="USD", description="High end where a range is stated.", nullable=True)
    price_unit: str = field(unit=None, description="Unit of the price.", isin=PRICE_UNITS)
    power_included: str = field(unit=None, description="Whether the rate includes energy.", isin=POWER_INCLUDED)
    currency: str = field(unit=None, description="ISO code of the currency.", eq="USD")

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
        def within(name: str) -> pl.Expr:
            level = pl.col(name).is_between(*LEVEL_BOUNDS)
            change = pl.col(name).is_between(*CHANGE_BOUNDS)
            return pl.when(pl.col("price_unit") == "pct_change").then(change).otherwise(level).fill_null(True)

        return data.lazyframe.select(pl.all_horizontal([within(n) for n in ("price", "price_low", "price_high")]))

    @pa.dataframe_check(name="a_change_is_no_level")
    def _kind(cls, data: pa.PolarsData) -> pl.LazyFrame:
        is_change = pl.col("rate_type").is_in(CHANGES)
        return data.lazyframe.select((is_change == (pl.col("price_unit") == "pct_change")).fill_null(True))


CONTRACTS = {
    "observation": Contract(
        ColoRate,
        item=("publisher_label", "market_label", "facility_type", "size_band", "rate_type"),
        figure=("price", "price_low", "price_high", "price_unit"),
    )
}
