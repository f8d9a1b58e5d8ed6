"""Which price of which month enters the price indices: items by calendar month, and the panel of each segment.

An item is the same thing on the same terms (quotes.py), for which one source speaks at a time (voices.py). Its price
of a month is the mean of the price in force, weighted by the days it was in force and somebody still looked: a price
is let go when it is older than twice its source's cadence. A price of zero or below has no relative: the month stands
without a price.

Not here: index methods (pipelines/economics/index_numbers), the published tables (pipelines/marts/price_panel.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.panel import Panel
from pipelines.economics.trace import HOW, current
from pipelines.mart_kit.carry import carry, weighted_members
from pipelines.panels.index_rules import rule
from pipelines.panels.quotes import INPUTS as QUOTE_INPUTS
from pipelines.panels.quotes import TERMS, quotes
from pipelines.panels.voices import voiced

INPUTS = QUOTE_INPUTS

PUBLISHED = ("price_panel", "price_panel_item")
"""Marts that hold the panels: whoever reads them need not make them again."""

FEWEST_ITEMS = 2
"""One seller's price is no index: a segment needs two items that return, and begins and ends with a month in which
two of them were observed. A price that is only carried until it goes stale cannot end a series."""

WHOLE_MARKETS = ("power/", "colo/")
"""Families where one item is enough for a segment of one zone or market: an agency's or a broker's average of it."""


@dataclass(frozen=True)
class SegmentPanel:
    """One segment: its name, its months in order, its panel, and what the panel's figures rest on.

    `items` names the rows of the panel, `terms` has their seller, GPU, form and region (TERMS), `unit` numbers the
    price setter of each.
    `observed` counts the items seen in each month or later, `excluded` those left out of it for a price of zero or
    below. `usd_per_currency` is the exchange rate of each month where every contract is in one foreign currency, else
    NaN.
    """

    segment: str
    months: tuple[dt.date, ...]
    panel: Panel
    items: NDArray[np.str_]
    terms: pl.DataFrame
    unit: NDArray[np.intp]
    observed: NDArray[np.int64]
    excluded: NDArray[np.int64]
    usd_per_currency: NDArray[np.float64]

    def returning(self) -> NDArray[np.bool_]:
        """Which items are seen in at least two months: the only ones that say anything about change."""
        return np.asarray(self.panel.present.sum(axis=1) >= 2)

    def ordinals(self) -> NDArray[np.int64]:
        """Months as whole numbers, so that their differences count calendar months."""
        return np.array([month.year * 12 + month.month for month in self.months], dtype=np.int64)


def segment_panels(core: Mapping[str, pl.DataFrame]) -> Iterator[SegmentPanel]:
    """Every segment that has at least two comparable months and enough items, in the order of their names.

    From the marts PUBLISHED where `core` holds them, else from the facts.
    """
    for segment, rows in segment_prices(core):
        found = segment_panel(segment, rows)
        if found is not None:
            yield found


_OF_SEGMENT = ("segment", "item", *TERMS, "unit", "month", "price", "observed", "usd_per_currency", "price_unit")


def segment_prices(core: Mapping[str, pl.DataFrame]) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each segment's monthly prices, sorted by item and month, without segments that have too few whatever months."""
    if all(f"marts.{name}" in core for name in PUBLISHED):
        members = core["marts.price_panel_item"].select("segment", "item", *TERMS, "unit")
        prices = core["marts.price_panel"].rename({"is_observed": "observed"}).join(members, on="item")
    else:
        prices = _enough(monthly_prices(core))
    for (segment,), rows in (
        prices.select(_OF_SEGMENT).sort("segment", "item", "month").group_by("segment", maintain_order=True)
    ):
        yield str(segment), rows


def _enough(prices: pl.DataFrame) -> pl.DataFrame:
    """Without the segments that have too few returning items whatever their months: most of them."""
    priced = prices.filter(pl.col("price").is_not_null()).group_by("segment", "item").len()
    returning = priced.filter(pl.col("len") > 1).group_by("segment").len()
    whole = pl.any_horizontal(*[pl.col("segment").str.starts_with(begins) for begins in WHOLE_MARKETS])
    return prices.join(returning.filter(whole | (pl.col("len") >= FEWEST_ITEMS)), on="segment", how="semi")


def segment_panel(segment: str, rows: pl.DataFrame) -> SegmentPanel | None:
    """The panel of one segment from its monthly prices, sorted by item and month; None where it has too few."""
    ordinal = (rows["month"].dt.year().cast(pl.Int64) * 12 + rows["month"].dt.month()).to_numpy()
    start = int(ordinal.min())
    place = ordinal - start
    length = int(place.max()) + 1
    item = rows["item"].rle_id().to_numpy()
    of_item = rows.group_by("item", maintain_order=True).agg(pl.col("unit", *TERMS).first())
    units = of_item["unit"].to_numpy().astype(str)
    fewest = 1 if segment.startswith(WHOLE_MARKETS) and np.unique(units).size == 1 else FEWEST_ITEMS
    priced = rows["price"].is_not_null().to_numpy()
    observed = rows["observed"].to_numpy() & priced
    returns = np.bincount(item[priced], minlength=units.size)[item] >= 2
    ends = np.flatnonzero(np.bincount(place[observed & returns], minlength=length) >= fewest)
    if ends.size < 2:
        return None
    price = np.full((units.size, length), np.nan)
    price[item, place] = rows["price"].fill_null(float("nan")).to_numpy()
    whole = Panel.of(price[:, ends[0] : ends[-1] + 1])
    # Months that no shared item joins cannot be compared: the longest stretch that can speaks for the segment.
    periods = max(whole.components(), key=lambda group: (group.size, group[-1]))
    panel, kept = whole.over(periods)
    if periods.size < 2 or (panel.present.sum(axis=1) >= 2).sum() < fewest:
        return None
    places = ends[0] + periods
    return SegmentPanel(
        segment=segment,
        months=tuple(dt.date((start + int(p) - 1) // 12, (start + int(p) - 1) % 12 + 1, 1) for p in places),
        panel=panel,
        items=of_item["item"].to_numpy().astype(str)[kept],
        terms=of_item.select(TERMS).filter(kept),
        unit=np.unique(units[kept], return_inverse=True)[1].reshape(-1),
        observed=np.bincount(place[observed], minlength=length)[places],
        excluded=np.bincount(place[~priced], minlength=length)[places],
        usd_per_currency=_exchange_rates(rows, place, length)[places],
    )


def _exchange_rates(rows: pl.DataFrame, place: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    """USD per unit of the one foreign currency of all rows, by month; NaN where they have several, or USD."""
    rates = np.full(length, np.nan)
    if rows["usd_per_currency"].null_count() == 0 and rows["price_unit"].n_unique() == 1:
        rates[place] = rows["usd_per_currency"].to_numpy()
    return rates


def monthly_prices(core: Mapping[str, pl.DataFrame], segment: str | None = None) -> pl.DataFrame:
    """segment, item, its terms, unit, month (its first day), price, observed, usd_per_currency, price_unit.

    A row per item and month of each of its segments.

    Of one segment, if one is named. `price` is null where every price of the month is zero or below; `observed` says
    whether it was seen in that month or later, and is not merely carried until it goes stale. A part of a segment that
    holds all its items (every seller of a GPU of one tier) repeats it and is left away.
    """
    months = item_months(core).rename({"is_observed": "observed"})
    member = months.select("item", "segments").unique("item").explode("segments").rename({"segments": "segment"})
    size = member.group_by("segment").len()
    whole = size.select(pl.col("segment").alias("parent"), pl.col("len").alias("parent_len"))
    repeated = (
        size.with_columns(pl.col("segment").str.replace(r"/[^/]+$", "").alias("parent"))
        .join(whole, on="parent")
        .filter(pl.col("len") == pl.col("parent_len"))
    )
    member = member.join(repeated, on="segment", how="anti")
    if segment is not None:
        member = member.filter(pl.col("segment") == segment)
    return months.join(member, on="item").select(*_OF_SEGMENT, *carry("price")[1:])


def item_months(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """A row per item and month: the columns of marts.price_panel, and segments and unit of the item."""
    months = quotes_by_month(quotes(core), core)
    spoken = voiced(months, rule(core, "same_price_pct") / 100.0)
    return spoken.rename({"observed": "is_observed", "silenced": "silenced_quotes"})


def quotes_by_month(stated: pl.DataFrame, core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """A row per quote, part and month, of quotes that are not left out: the mean of the price in force, by days."""
    as_of: dt.date = core["calendar"]["as_of_date"].max()  # type: ignore[assignment]
    multiple = float(core["rules"].filter(pl.col("rule") == "stale_cadence_multiple")["value"][0])
    cadence = core["dim_source"].select("source_id", "cadence_days")
    looked = pl.col("last_observed") + pl.duration(days=pl.col("cadence_days") * multiple + 1)
    tomorrow = as_of + dt.timedelta(days=1)
    held = (
        stated.filter(pl.col("left_out").is_null() | (pl.col("left_out") == "zero_or_negative"))
        .join(cadence, on="source_id")
        .with_columns(pl.min_horizontal("valid_to", looked, pl.lit(tomorrow)).alias("until"))
        .filter(pl.col("valid_from") < pl.col("until"))
    )
    first = pl.col("valid_from").dt.month_start()
    last = (pl.col("until") - pl.duration(days=1)).dt.month_start()
    by_month = held.with_columns(pl.date_ranges(first, last, interval="1mo").alias("month")).explode("month")
    month_end = pl.col("month").dt.offset_by("1mo")
    days = (pl.min_horizontal("until", month_end) - pl.max_horizontal("valid_from", "month")).dt.total_days()
    positive = pl.col("price") > 0
    return (
        by_month.with_columns(pl.when(positive).then(days).otherwise(0).cast(pl.Float64).alias("days"))
        .with_columns((pl.col("price") * pl.col("days")).alias("value"), pl.col("last_observed") >= pl.col("month"))
        .sort("item", "quote", "part", "month", "valid_from", "price")
        .group_by("item", "quote", "part", "month", maintain_order=True)
        .agg(
            pl.col("value", "days").sum(),
            pl.col(
                "family", *TERMS, "unit", "segments", "price_unit", "usd_per_currency", "source_id", "preference"
            ).first(),
            pl.col("last_observed").any().alias("observed"),
            *weighted_members("price", "days"),
            *([pl.col(HOW + "usd_per_currency").first()] if current() else []),
        )
        .with_columns(
            pl.when(pl.col("days") > 0).then(pl.col("value") / pl.col("days")).alias("price"),
            pl.col("days").cast(pl.Int64).alias("days_in_force"),
            pl.col("item").alias("thing"),
        )
        .drop("value", "days")
    )
