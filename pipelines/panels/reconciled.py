"""The panels that are taken apart: what moved their average and indices, by items and by the currency of lists.

The segments of GPU rental and tokens (price_panel.py), and two panels of their own (core.fct_gpu_rental_panel): one
tracker's H100 quotes by the day, and one provider's H100 spot price in all its regions.

Not here: taking one apart (reconciled_panel.py), tables (deflation_reconciliation.py,
price_change_by_item.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.panel import Panel, Vector
from pipelines.economics.trace import HOW, current
from pipelines.mart_kit.carry import aliased, carry
from pipelines.panels.deflators import Basis
from pipelines.panels.price_panel import INPUTS as PANEL_INPUTS
from pipelines.panels.price_panel import PUBLISHED, SegmentPanel, monthly_prices, segment_panels
from pipelines.panels.reconciled_panel import CHARACTERISTICS, Reconciled

INPUTS = (*PANEL_INPUTS, "fct_gpu_rental_panel")

MARTS = PUBLISHED
MEMBERS = "marts.price_panel_item"

FAMILIES = ("gpu_rental/", "tokens/")
OTHER_FAMILIES = ("fct_power_price", "fct_colo_rate")
PANELS = "gpu_panel/"
EVERY_GPU = "gpu_rental/all/"
DEPTH = 2
"""Slashes of a segment that is taken apart: family, what, terms. Parts of it by tier or region are its items again."""

SINCE_DECEMBER = "/since_december"


def reconciled(core: Mapping[str, pl.DataFrame]) -> Iterator[Reconciled]:
    """Every panel of GPU rental and tokens, then the panels of their own."""
    # Power, colo and parts of segments are most of what there is and none of what is taken apart.
    wanted = {name: frame.clear() if name in OTHER_FAMILIES else frame for name, frame in core.items()}
    if MEMBERS in wanted:
        taken_apart = pl.col("segment").str.starts_with(FAMILIES[0]) | pl.col("segment").str.starts_with(FAMILIES[1])
        whole = pl.col("segment").str.count_matches("/") == DEPTH
        wanted[MEMBERS] = wanted[MEMBERS].filter(taken_apart & whole)
    gpus = _characteristics(core["dim_gpu"])
    for found in segment_panels(wanted):
        if found.segment.count("/") == DEPTH:
            yield _of_segment(found, gpus)
    rows = panel_prices(core)
    for (segment,), of in rows.group_by("segment", maintain_order=True):
        panel = _of_panel(str(segment), of)
        yield panel
        december = _since_december(panel)
        if december is not None:
            yield december


def _of_segment(found: SegmentPanel, gpus: Mapping[str, Vector]) -> Reconciled:
    made = Reconciled(
        found.segment,
        found.months,
        found.items,
        found.terms["seller"].to_numpy().astype(str),
        tuple(found.terms["region"]),
        found.panel,
        np.zeros_like(found.panel.log_price),
    )
    if not found.segment.startswith(EVERY_GPU):
        return made
    unknown = np.full(len(CHARACTERISTICS), np.nan)
    return replace(made, features=np.array([gpus.get(gpu, unknown) for gpu in found.terms["gpu"]]))


def panel_prices(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The panels of core.fct_gpu_rental_panel, a row per item and look: segment, item, seller, region, price, rate."""
    quotes = core["fct_gpu_rental_panel"].filter(pl.col("known_to").is_null())
    parts = []
    for period, interval in (("day", "1d"), ("month", "1mo")):
        start = pl.col("valid_from").dt.truncate(interval)
        parts.append(
            quotes.filter(period=period)
            .with_columns(pl.date_ranges(start, pl.col("last_observed"), interval=interval).alias("period"))
            .explode("period")
        )
    item = pl.concat_str("source_id", "provider", "sku", "commitment", "region", "gpu_count", separator="|")
    return (
        pl.concat(parts)
        .select(
            pl.format("gpu_panel/{}", "panel").alias("segment"),
            item.alias("item"),
            pl.col("provider").alias("seller"),
            "region",
            "period",
            *aliased({"price_usd_per_gpu_hour": "price"}, ends=False),
            pl.col("list_currency_usd").fill_null(1.0).alias("rate"),
            *carry("list_currency_usd", ends=False),
        )
        .sort("segment", "item", "period")
    )


def _of_panel(segment: str, rows: pl.DataFrame) -> Reconciled:
    items, periods = rows["item"].unique().sort(), rows["period"].unique().sort()
    item = items.search_sorted(rows["item"]).to_numpy()
    period = periods.search_sorted(rows["period"]).to_numpy()
    price, rate = np.full((len(items), len(periods)), np.nan), np.ones((len(items), len(periods)))
    price[item, period], rate[item, period] = rows["price"].to_numpy(), rows["rate"].to_numpy()
    terms = rows.group_by("item").agg(pl.col("seller", "region").first()).sort("item")
    return Reconciled(
        segment,
        tuple(periods),
        items.to_numpy().astype(str),
        terms["seller"].to_numpy().astype(str),
        tuple(terms["region"]),
        Panel.of(price),
        np.log(rate),
    )


def basis(
    core: Mapping[str, pl.DataFrame], segment: str, rows: Callable[[Iterable[Reconciled]], pl.DataFrame]
) -> Basis:
    """What the figures of a segment stand on, for `explain`: its prices by item and period, and the rates of lists
    in another currency. `rows` makes the mart's rows of some panels. Raises LookupError where there is no such panel.
    """
    found = next((one for one in reconciled(core) if one.segment == segment), None)
    if found is None:
        raise LookupError(f"segment {segment!r} has too few prices in this release's core")
    if segment.startswith(PANELS):
        prices = panel_prices(core).filter(pl.col("segment") == segment.removesuffix(SINCE_DECEMBER))
    else:
        prices = monthly_prices(core, segment).rename({"month": "period"})
        prices = prices.with_columns(pl.lit(None, pl.Float64).alias("list_currency_usd"))
    shown = prices.filter(
        pl.col("item").is_in(found.items.tolist()),
        pl.col("period").is_in(list(found.periods)),
        pl.col("price").is_not_null(),
    )
    pattern = "%Y-%m-%d" if segment.startswith(PANELS) else "%Y-%m"
    observed = pl.concat(
        [
            _operands(shown, "price", pl.col("item"), pattern),
            _operands(shown, "list_currency_usd", pl.format("{} (USD per unit of its currency)", "item"), pattern),
        ]
    ).sort("is_price", "item", "period", descending=[True, False, False])
    item = np.searchsorted(found.items, observed["item"].to_numpy().astype(str))
    period = np.searchsorted(np.array(found.periods, dtype="datetime64[D]"), observed["period"].to_numpy())
    is_price = observed["is_price"].to_numpy()

    def again(values: Vector) -> pl.DataFrame:
        price, fx = np.full_like(found.fx, np.nan), np.zeros_like(found.fx)
        price[item[is_price], period[is_price]] = values[is_price]
        fx[item[~is_price], period[~is_price]] = np.log(values[~is_price])
        return rows([replace(found, panel=Panel.of(price), fx=fx)])

    return Basis(
        says=f"items by period, taken apart between {found.periods[0]} and {found.periods[-1]}: {len(found.items)}",
        observed=observed.drop("item", "period", "is_price"),
        again=again,
    )


def _operands(shown: pl.DataFrame, column: str, group: pl.Expr, pattern: str) -> pl.DataFrame:
    how = [pl.col(HOW + column) if HOW + column in shown.columns else pl.lit(None, pl.String)]
    return shown.filter(pl.col(column).is_not_null()).select(
        group.alias("group"),
        pl.col("period").dt.strftime(pattern).alias("name"),
        pl.col(column).alias("value"),
        *[expression.alias(HOW + "value") for expression in how if current() is not None],
        "item",
        "period",
        pl.lit(column == "price").alias("is_price"),
    )


def _since_december(found: Reconciled) -> Reconciled | None:
    """A monthly panel from the December before its last month on, as offices report a year; None where it has none."""
    start = dt.date(found.periods[-1].year - 1, 12, 1)
    if start not in found.periods or found.periods[1] - found.periods[0] < dt.timedelta(days=28):
        return None
    since = np.arange(found.periods.index(start), len(found.periods))
    panel, kept = found.panel.over(since)
    return replace(
        found,
        segment=found.segment + SINCE_DECEMBER,
        periods=found.periods[since[0] :],
        items=found.items[kept],
        sellers=found.sellers[kept],
        regions=tuple(np.array(found.regions, dtype=object)[kept]),
        panel=panel,
        fx=found.fx[kept][:, since],
    )


def _characteristics(gpus: pl.DataFrame) -> dict[str, Vector]:
    known = gpus.drop_nulls(CHARACTERISTICS)
    return dict(zip(known["gpu"], np.log(known.select(CHARACTERISTICS).to_numpy()), strict=True))
