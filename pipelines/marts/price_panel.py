"""Which price of which month enters the price indices: items by calendar month, for anyone to compute again.

Grain: item x month. An item is the same thing on the same terms (pipelines/panels/quotes.py), for which one source
speaks at a time (pipelines/panels/voices.py). Its price of a month is the mean of the price in force, weighted by the
days it was in force and somebody still looked: a price is let go when it is older than twice its source's cadence. A
price of zero or below has no relative: the month stands without a price. marts.price_panel_item says which segments an
item is in.

    rackhour sql "select month as period, item, price from marts.price_panel join marts.price_panel_item using (item)
        where segment = 'gpu_rental/H100 SXM/on_demand' and price is not null
        and month between first_month and last_month" --format csv | rackhour index - --method jevons --output chained

Not here: index methods (pipelines/economics/index_numbers), what was left out (price_index_exclusion.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import Schema, columns, count, day, flag, label, number
from pipelines.panels.price_panel import INPUTS as PANEL_INPUTS
from pipelines.panels.price_panel import item_months

INPUTS = PANEL_INPUTS

SCHEMA = Schema(
    table="price_panel",
    kind="panel",
    description="One row per item and month. The price of the same thing on the same terms, as price indices take it.",
    key=("item", "month"),
    columns=columns(
        label("item", "The thing and its terms; `#2` and so on where another source took over and did not agree."),
        day("month", "First day of the month."),
        number("price", "as price_unit says", "Mean price in force; null where it was zero or below.", nullable=True),
        label("price_unit", "Currency of the contract and unit."),
        number(
            "usd_per_currency",
            "USD per unit of the currency",
            "Exchange rate the source converts at, the first of the month; null where the contract is in USD.",
            nullable=True,
            minimum=0,
        ),
        count("days_in_force", "Days of the month the price was in force and not stale.", unit="day"),
        flag("is_observed", "Whether it was seen in that month or later, and is not only carried until stale."),
        label("source_id", "Who says so; see dim_source."),
        count("silenced_quotes", "Other quotes of the item in that month, which do not count."),
    ),
    rules=(holds("a month has no more than 31 days", "days_in_force <= 31"),),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart."""
    return SCHEMA.conform(item_months(core))
