"""The panels behind the price marts: elementary items by calendar month, one segment after another.

An item is the same thing on the same terms (index_numbers.md): for GPU rental source x provider x sku x gpu x form
factor x commitment x region x GPU count; for tokens source x provider x model label x kind x processing x tier; for
power zone x sector; for colo market x size band x facility type x rate type. Its price of a month is the mean of
the price in force, weighted by the days it was in force and somebody still looked: a price is let go when it is
older than twice its source's cadence.

Left out, and why: grade C rows (documents, estimates); fractions of a GPU; labels that point at whichever model is
newest; prices of zero or below, which have no relative (counted); rows a later statement replaced; prices announced
but not yet in force; token prices before the day they were recorded (see `_tokens`).

Not here: index methods (pipelines/economics/index_numbers), tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.economics.index_numbers.panel import Panel
from pipelines.marts.carry import aliased, carry, weighted_members

INPUTS = (
    "calendar",
    "dim_provider",
    "dim_source",
    "fct_colo_rate",
    "fct_gpu_rental_rate",
    "fct_power_price",
    "fct_token_price",
    "rules",
)

FEWEST_ITEMS = 2
"""One seller's price is no index: a segment needs two items that return, and begins and ends with a month in which
two of them were observed. A price that is only carried until it goes stale cannot end a series."""

WHOLE_MARKETS = ("power/", "colo/")
"""Families where one item is enough for a segment of one zone or market: an agency's or a broker's average of it."""

BASKETS = ("global_16", "us_primary", "us_secondary")
"""Averages over markets: segments of their own, never items beside their own members."""

ALIAS = r"^~|-latest($|[:@])"
"""Labels that name whichever model is newest: when it changes, the price of another thing shows (index_numbers.md)."""


@dataclass(frozen=True)
class SegmentPanel:
    """One segment: its name, its months in order, its panel, and what the panel's figures rest on.

    `items` names the rows of the panel, `unit` numbers the price setter of each (see `_gpu`, `_tokens`, `_power`,
    `_colo`); `observed` counts the items seen in each month or later, `excluded` those left out of it for a price of
    zero or below.
    """

    segment: str
    months: tuple[dt.date, ...]
    panel: Panel
    items: NDArray[np.str_]
    unit: NDArray[np.intp]
    observed: NDArray[np.int64]
    excluded: NDArray[np.int64]

    def returning(self) -> NDArray[np.bool_]:
        """Which items are seen in at least two months: the only ones that say anything about change."""
        return np.asarray(self.panel.present.sum(axis=1) >= 2)

    def ordinals(self) -> NDArray[np.int64]:
        """Months as whole numbers, so that their differences count calendar months."""
        return np.array([month.year * 12 + month.month for month in self.months], dtype=np.int64)


def segment_panels(core: Mapping[str, pl.DataFrame]) -> Iterator[SegmentPanel]:
    """Every segment that has at least two comparable months and enough items, in the order of their names."""
    prices = monthly_prices(core).sort("segment", "item", "month")
    for (segment,), rows in prices.group_by("segment", maintain_order=True):
        found = segment_panel(str(segment), rows)
        if found is not None:
            yield found


def segment_panel(segment: str, rows: pl.DataFrame) -> SegmentPanel | None:
    """The panel of one segment from its monthly prices, sorted by item and month; None where it has too few."""
    ordinal = (rows["month"].dt.year().cast(pl.Int64) * 12 + rows["month"].dt.month()).to_numpy()
    start = int(ordinal.min())
    place = ordinal - start
    length = int(place.max()) + 1
    item = rows["item"].rle_id().to_numpy()
    of_item = rows.group_by("item", maintain_order=True).agg(pl.col("unit").first())
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
        unit=np.unique(units[kept], return_inverse=True)[1].reshape(-1),
        observed=np.bincount(place[observed], minlength=length)[places],
        excluded=np.bincount(place[~priced], minlength=length)[places],
    )


def monthly_prices(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """segment, item, unit, month (its first day), price, observed: a row per item and month of each of its segments.

    `price` is null where every price of the month is zero or below; `observed` says whether it was seen in that
    month or later, and is not merely carried until it goes stale.
    """
    as_of: dt.date = core["calendar"]["as_of_date"].max()  # type: ignore[assignment]
    multiple = float(core["rules"].filter(pl.col("rule") == "stale_cadence_multiple")["value"][0])
    spells = pl.concat([_gpu(core), _tokens(core), _power(core), _colo(core)])
    cadence = core["dim_source"].select("source_id", "cadence_days")
    looked = pl.col("last_observed") + pl.duration(days=pl.col("cadence_days") * multiple + 1)
    tomorrow = as_of + dt.timedelta(days=1)
    held = (
        spells.join(cadence, on="source_id")
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
        .sort("item", "month", "valid_from", "price")
        .group_by("segments", "item", "month", maintain_order=True)
        .agg(
            pl.col("value", "days").sum(),
            pl.col("unit").first(),
            pl.col("last_observed").any().alias("observed"),
            *weighted_members("price", "days"),
        )
        .with_columns(pl.when(pl.col("days") > 0).then(pl.col("value") / pl.col("days")).alias("price"))
        .explode("segments")
        .select(pl.col("segments").alias("segment"), "item", "unit", "month", *carry("price"), "observed")
    )


_SPELL = ("segments", "item", "unit", "valid_from", "valid_to", "last_observed", "source_id")


def _current(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("known_to").is_null(), pl.col("grade") != "C")


def _joined(name: str, *parts: str) -> pl.Expr:
    return pl.concat_str([pl.col(part).cast(pl.String) for part in parts], separator="|", ignore_nulls=True).alias(name)


def _gpu(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """A seller sets the prices of all its machines."""
    rows = _current(core["fct_gpu_rental_rate"]).filter(pl.col("form_factor") != "partial")
    return rows.with_columns(
        _joined("item", "source_id", "provider", "sku", "gpu", "form_factor", "commitment", "region", "gpu_count"),
        pl.concat_list(
            pl.format("gpu_rental/{}/{}", "gpu", "commitment"), pl.format("gpu_rental/all/{}", "commitment")
        ).alias("segments"),
        pl.col("provider").alias("unit"),
        *aliased({"price_usd_per_gpu_hour": "price"}, ends=False),
    ).select(*_SPELL, *carry("price"))


def _tokens(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """A model's maker or cheapest host sets what all who resell it ask: the model is the unit, not the listing.

    A price counts from the day it was recorded. What a list tells afterwards about the past it tells mostly of prices
    that changed (genai-prices 0.2.3: 167 of 235 input prices it dates back, where one in eight changes): a sample
    chosen by its outcome.
    """
    label = pl.coalesce("model_label", "model")
    rows = _current(core["fct_token_price"]).filter(pl.col("processing") == "standard", ~label.str.contains(ALIAS))
    tiers = core["dim_provider"].select("provider", pl.col("tier").alias("provider_tier"))
    tier = pl.col("provider_tier").fill_null("unspecified")
    return (
        rows.join(tiers, on="provider", how="left")
        .with_columns(label.alias("label"))
        .with_columns(
            _joined("item", "source_id", "provider", "label", "token_kind", "processing", "tier"),
            pl.concat_list(
                pl.format("tokens/{}/all", "token_kind"), pl.format("tokens/{}/{}", "token_kind", tier)
            ).alias("segments"),
            pl.col("model").alias("unit"),
            *aliased({"price_usd_per_mtok": "price"}, ends=False),
            pl.max_horizontal("valid_from", "known_from").alias("valid_from"),
        )
        .select(*_SPELL, *carry("price"))
    )


def _power(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One price per zone, sector and month: the zone is the unit. Of several sources the better graded one speaks, then
    the one seen last (as power_price_asof).
    """
    rows = (
        _current(core["fct_power_price"])
        .sort("grade", "last_observed", "source_id", descending=[False, True, False])
        .unique(["zone", "sector", "interval_start", "interval_end"], keep="first", maintain_order=True)
    )
    zone = pl.format("power/{}/{}", "zone", "sector")
    state = pl.col("zone").str.starts_with("US-") & (pl.col("zone") != "US-PR") & ~pl.col("is_derived")
    return rows.with_columns(
        _joined("item", "zone", "sector"),
        pl.when(state)
        .then(pl.concat_list(zone, pl.format("power/US states/{}", "sector")))
        .otherwise(pl.concat_list(zone))
        .alias("segments"),
        pl.col("zone").alias("unit"),
        *aliased({"price_usd_per_kwh": "price"}, ends=False),
        pl.col("interval_start").cast(pl.Date).alias("valid_from"),
        pl.col("interval_end").cast(pl.Date).alias("valid_to"),
        pl.max_horizontal("last_observed", pl.col("interval_end").cast(pl.Date)).alias("last_observed"),
    ).select(*_SPELL, *carry("price"))


def _colo(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One rate per market, size and half-year: the market is the unit. A rate speaks for the period it names."""
    rows = _current(core["fct_colo_rate"])
    market = pl.format("colo/{}", "market")
    return rows.with_columns(
        _joined("item", "source_id", "market", "size_band", "facility_type", "rate_type"),
        pl.when(pl.col("market").is_in(BASKETS))
        .then(pl.concat_list(market))
        .otherwise(pl.concat_list(market, pl.lit("colo/all")))
        .alias("segments"),
        pl.col("market").alias("unit"),
        *aliased({"rate_usd_per_kw_month": "price"}, ends=False),
        pl.max_horizontal("last_observed", pl.coalesce("valid_to", "last_observed")).alias("last_observed"),
    ).select(*_SPELL, *carry("price"))
