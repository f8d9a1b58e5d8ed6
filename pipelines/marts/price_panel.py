"""The panels behind the price marts: elementary items by calendar month, one segment after another.

An item is the same thing on the same terms (index_numbers.md): for GPU rental source x provider x sku x gpu x form
factor x commitment x region x GPU count; for tokens source x provider x model label x kind x processing x tier; for
power zone x sector; for colo market x size band x facility type x rate type. Its price of a month is the mean of
the price in force, weighted by the days it was in force and somebody still looked: a price is let go when it is
older than twice its source's cadence.

Left out, and why: grade C rows (documents, estimates), fractions of a GPU, prices of zero or below (no relative),
rows a later statement replaced, prices announced but not yet in force.

Not here: index methods (pipelines/economics/index_numbers), tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.panel import Panel

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
"""A segment whose best month has fewer items than this is one seller's price, not an index; power zones are exempt:
their one item is the whole market by law."""


THIN_SHARE = 1 / 3
"""Months at either end with fewer items than this share of the median month are left out: an index must not begin
or end on the handful of sellers that came first or are still looked at last."""


@dataclass(frozen=True)
class SegmentPanel:
    """One segment: its name, its months in order, its panel."""

    segment: str
    months: tuple[dt.date, ...]
    panel: Panel

    def returning(self) -> Panel:
        """The panel of items seen in at least two months: the only ones that say anything about change."""
        kept = self.panel.present.sum(axis=1) >= 2
        return Panel(self.panel.log_price[kept], self.panel.present[kept], self.panel.weight[kept])


def segment_panels(core: Mapping[str, pl.DataFrame]) -> Iterator[SegmentPanel]:
    """Every segment that has at least two comparable months and enough items, in the order of their names."""
    prices = monthly_prices(core)
    for (segment,), rows in prices.sort("segment", "item", "month").group_by("segment", maintain_order=True):
        wide = rows.pivot("month", index="item", values="price", aggregate_function="first", sort_columns=False)
        months = _thick(rows)
        if len(months) < 2:
            continue
        matrix = wide.select([str(month) for month in months]).to_numpy().astype(float)
        whole = Panel.of(matrix)
        # Months that no shared item joins cannot be compared: the longest stretch that can speaks for the segment.
        periods = max(whole.components(), key=lambda group: (group.size, group[-1]))
        panel = whole.over(periods)
        if periods.size < 2:
            continue
        busiest = int(panel.present.sum(axis=0).max())
        if busiest < FEWEST_ITEMS and not str(segment).startswith("power/"):
            continue
        yield SegmentPanel(str(segment), tuple(months[p] for p in periods), panel)


def _thick(rows: pl.DataFrame) -> list[dt.date]:
    """The months of a segment between the first and the last one that is not thin, in order."""
    counts = rows.group_by("month").len().sort("month")
    numbers = counts["len"].to_numpy()
    enough = numbers >= THIN_SHARE * np.median(numbers)
    first, last = np.flatnonzero(enough)[[0, -1]]
    return counts["month"].to_list()[first : last + 1]


def monthly_prices(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """segment, item, month (its first day), price: one row per item and month of every segment it belongs to."""
    as_of: dt.date = core["calendar"]["as_of_date"].max()  # type: ignore[assignment]
    multiple = float(core["rules"].filter(pl.col("rule") == "stale_cadence_multiple")["value"][0])
    spells = pl.concat([_gpu(core), _tokens(core), _power(core), _colo(core)])
    cadence = core["dim_source"].select("source_id", "cadence_days")
    looked = pl.col("last_observed") + pl.duration(days=pl.col("cadence_days") * multiple + 1)
    held = (
        spells.filter(pl.col("price") > 0)
        .join(cadence, on="source_id")
        .with_columns(
            pl.min_horizontal(pl.coalesce("valid_to", pl.lit(as_of) + pl.duration(days=1)), looked)
            .clip(upper_bound=as_of + dt.timedelta(days=1))
            .alias("until")
        )
        .filter(pl.col("valid_from") < pl.col("until"))
    )
    first = pl.col("valid_from").dt.month_start()
    last = (pl.col("until") - pl.duration(days=1)).dt.month_start()
    by_month = held.with_columns(pl.date_ranges(first, last, interval="1mo").alias("month")).explode("month")
    month_end = pl.col("month").dt.offset_by("1mo")
    days = (pl.min_horizontal("until", month_end) - pl.max_horizontal("valid_from", "month")).dt.total_days()
    return (
        by_month.with_columns(days.cast(pl.Float64).alias("days"))
        .sort("item", "month", "valid_from", "price")
        .group_by("segments", "item", "month", maintain_order=True)
        .agg(((pl.col("price") * pl.col("days")).sum() / pl.col("days").sum()).alias("price"))
        .explode("segments")
        .rename({"segments": "segment"})
        .select("segment", "item", "month", "price")
    )


_SPELL = ("segments", "item", "price", "valid_from", "valid_to", "last_observed", "source_id")


def _current(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(pl.col("known_to").is_null(), pl.col("grade") != "C")


def _item(*parts: str) -> pl.Expr:
    return pl.concat_str([pl.col(part).cast(pl.String) for part in parts], separator="|", ignore_nulls=True).alias(
        "item"
    )


def _segments(*names: pl.Expr) -> pl.Expr:
    return pl.concat_list(names).alias("segments")


def _gpu(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = _current(core["fct_gpu_rental_rate"]).filter(pl.col("form_factor") != "partial")
    return rows.with_columns(
        _item("source_id", "provider", "sku", "gpu", "form_factor", "commitment", "region", "gpu_count"),
        _segments(pl.format("gpu_rental/{}/{}", "gpu", "commitment"), pl.format("gpu_rental/all/{}", "commitment")),
        pl.col("price_usd_per_gpu_hour").alias("price"),
    ).select(_SPELL)


def _tokens(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = _current(core["fct_token_price"]).filter(
        pl.col("processing") == "standard", pl.col("token_kind").is_in(["input", "cached_input", "output"])
    )
    tiers = core["dim_provider"].select("provider", pl.col("tier").alias("provider_tier"))
    return (
        rows.join(tiers, on="provider", how="left")
        .with_columns(
            _item("source_id", "provider", "model_label", "token_kind", "processing", "tier"),
            _segments(
                pl.format("tokens/{}/all", "token_kind"),
                pl.format("tokens/{}/{}", "token_kind", pl.col("provider_tier").fill_null("unspecified")),
            ),
            pl.col("price_usd_per_mtok").alias("price"),
        )
        .select(_SPELL)
    )


def _power(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = _current(core["fct_power_price"])
    state = (pl.col("zone").str.starts_with("US-")) & ~pl.col("is_derived")
    return rows.with_columns(
        _item("zone", "sector"),
        pl.when(state)
        .then(pl.concat_list(pl.format("power/{}/{}", "zone", "sector"), pl.format("power/US states/{}", "sector")))
        .otherwise(pl.concat_list(pl.format("power/{}/{}", "zone", "sector")))
        .alias("segments"),
        pl.col("price_usd_per_kwh").alias("price"),
        pl.col("interval_start").cast(pl.Date).alias("valid_from"),
        pl.col("interval_end").cast(pl.Date).alias("valid_to"),
        pl.max_horizontal("last_observed", pl.col("interval_end").cast(pl.Date)).alias("last_observed"),
    ).select(_SPELL)


def _colo(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = _current(core["fct_colo_rate"])
    return rows.with_columns(
        _item("source_id", "market", "size_band", "facility_type", "rate_type"),
        _segments(pl.lit("colo/all"), pl.format("colo/{}", "market")),
        pl.col("rate_usd_per_kw_month").alias("price"),
        pl.max_horizontal("last_observed", pl.coalesce("valid_to", "last_observed")).alias("last_observed"),
    ).select(_SPELL)
