"""What each packaged scenario changes: the headline rows of the headline marts beside base, on the newest day.

Grain: scenario x mart x key x column. Every mart is built again by its own code on changed inputs; a mart that reads
none of them has a difference of zero.

Not here: a user's own scenarios, other rows and figures (`rackhour scenario`); the values that change
(sources/assumptions/scenarios).
"""

from __future__ import annotations

from types import ModuleType

import polars as pl

from pipelines.mart_kit.assumed import Core
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, day, label, number
from pipelines.marts import (
    buy_vs_rent,
    gpu_hour_margin,
    rack_hour_factory,
    revenue_per_mw,
    token_margin,
)
from pipelines.scenarios.compare import compared, lines
from pipelines.scenarios.files import overrides_of, written
from pipelines.scenarios.headlines import HEADLINES, narrowed
from pipelines.scenarios.override import applied

KEY = ("scenario", "mart", "key", "column")
MODULES: dict[str, ModuleType] = {
    module.SCHEMA.table: module
    for module in (buy_vs_rent, gpu_hour_margin, rack_hour_factory, revenue_per_mw, token_margin)
}
INPUTS = tuple(sorted({"calendar", *(name for module in MODULES.values() for name in module.INPUTS)}))

SCHEMA = Schema(
    table="scenario_result",
    kind="answer",
    description=(
        "One row per scenario, mart, key and column.\n"
        "A figure under a scenario beside the same figure under base, on the newest day. Scenarios are assumptions: "
        "each says in its file what it changes and why. A figure that only one of the two has is null in the other."
    ),
    key=KEY,
    columns=columns(
        label("scenario", "Name of the packaged scenario; `rackhour scenario show NAME` tells what it changes."),
        label("mart", "The mart the figure is of."),
        label("key", "Its row: the key columns joined by a bar, without day and reading."),
        label("column", "The figure."),
        day("as_of_date", "Newest day of the release."),
        number("value", "as the row states", "The figure under the scenario.", nullable=True),
        number("value_low", "as the row states", "Its low end, where an input is a range.", nullable=True),
        number("value_high", "as the row states", "Its high end.", nullable=True),
        number("base_value", "as the row states", "The figure under base.", nullable=True),
        number("difference", "as the row states", "value less base_value.", nullable=True),
        number("difference_pct", "percent", "The difference over the size of base_value.", nullable=True),
        label("unit", "Unit of the figures.", nullable=True),
    ),
    rules=(equal("the difference is scenario less base", "value - base_value", "difference"),),
)


def build(core: Core) -> pl.DataFrame:
    """The table: every packaged scenario, sorted by key. `core` holds the INPUTS as frames."""
    newest = core["calendar"]["as_of_date"].max()
    small = narrowed(core)
    tables = {name: table.schema for name, table in core.items()}
    known = written()
    base = {name: _lines(name, module.build(small)) for name, module in MODULES.items()}
    parts = []
    for scenario in known:
        overrides = overrides_of(scenario, known, tables)
        inputs = applied(small, overrides, strict=False)
        for name, module in MODULES.items():
            # `applied` gives a table that nothing meets back as it is: then the mart is the base's.
            same = all(inputs[table] is small[table] for table in module.INPUTS)
            changed = base[name] if same else _lines(name, module.build(inputs))
            parts.append(compared(changed, base[name]).with_columns(scenario=pl.lit(scenario)))
    return SCHEMA.conform(pl.concat(parts, how="diagonal").with_columns(as_of_date=pl.lit(newest, dtype=pl.Date)))


def _lines(mart: str, table: pl.DataFrame) -> pl.DataFrame:
    headline = HEADLINES[mart]
    return lines(mart, MODULES[mart].SCHEMA, headline.rows(table), headline.figures)
