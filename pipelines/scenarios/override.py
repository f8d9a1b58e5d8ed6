"""One changed input: where it stands in core, how it changes, and why.

A target is an assumption, `professional.utilisation` or `document_stack.parameter:H100 SXM` (set, parameter, subject),
or a column of any other core table, `power_price_asof.price_usd_per_kwh`, of all rows or of those that a bracket
names: `headline_rate.price_usd_per_gpu_hour[gpu=H100 SXM;commitment=on_demand]`. A parameter alone is of the
professional set.

Not here: files, and which marts follow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipelines.economics.trace import HOW
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core
from pipelines.scenarios.change import Change, parsed
from pipelines.scenarios.errors import ScenarioError, unknown

ASSUMPTION = "assumption"
OBSERVED = ("colo_rate_asof", "headline_rate", "power_price_asof", "token_price_asof")
"""The tables of observed prices in force, suggested beside assumption sets; any core table may be named."""
_TARGET = re.compile(
    r"^(?:(?P<table>[a-z0-9_]+)\.)?(?P<column>[a-z0-9_]+)(?::(?P<subject>.+?))?(?:\[(?P<where>.*)\])?$"
)


@dataclass(frozen=True)
class Override:
    """A target, the change, and the reason with its source."""

    target: str
    change: Change
    written: str
    table: str
    column: str
    where: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    source: str = ""


def override(target: str, to: str, tables: Mapping[str, pl.Schema], reason: str = "", source: str = "") -> Override:
    """The override a target and a change state. `tables` are core's, with their columns.

    Raises ScenarioError for a text that is no target or no change, and for a column the table lacks.
    """
    found = _TARGET.match(target.strip())
    if not found:
        raise ScenarioError(
            f"{target!r} names no input; write set.parameter, set.parameter:subject or table.column[key=value;...]."
        )
    table, column, subject, where = found["table"], found["column"], found["subject"], found["where"]
    change = parsed(to)
    if table in tables and table != ASSUMPTION:
        if subject:
            raise ScenarioError(f"{target!r}: a subject belongs to an assumption; of {table} write [key=value].")
        numbers = [name for name, dtype in tables[table].items() if dtype == pl.Float64()]
        if column not in numbers:
            raise unknown(f"numeric column of core.{table}", column, numbers)
        keys = _pairs(target, where)
        for key in keys:
            if key not in tables[table]:
                raise unknown(f"column of core.{table}", key, tables[table])
        return Override(target, change, to, table, column, keys, reason, source)
    if where:
        raise unknown("core table", table or column, tables)
    keys = {"assumption_set": table or rules.ASSUMPTION_SET, "parameter": column}
    return Override(
        target, change, to, ASSUMPTION, "value", keys | ({"subject": subject} if subject else {}), reason, source
    )


def _pairs(target: str, where: str | None) -> dict[str, str]:
    pairs = {}
    for pair in (where or "").split(";"):
        if not pair:
            continue
        key, equals, value = pair.partition("=")
        if not equals:
            raise ScenarioError(f"{target!r}: in brackets stand key=value pairs, parted by semicolons.")
        pairs[key.strip()] = value.strip()
    return pairs


def applied(core: Core, overrides: list[Override], *, strict: bool = True) -> dict[str, pl.DataFrame]:
    """Core with the overrides made, one after the other. Tables that `core` lacks are passed over.

    Raises ScenarioError where an override meets no row (unless not `strict`: on an early day the row may not be known
    yet) and where a share would leave 0 to 1.
    """
    changed = dict(core)
    for one in overrides:
        if one.table in changed:
            changed[one.table] = _changed(changed[one.table], one, strict)
    return changed


def _changed(table: pl.DataFrame, one: Override, strict: bool) -> pl.DataFrame:
    meant = pl.all_horizontal(
        pl.lit(True), *[pl.col(key).cast(pl.String) == pl.lit(value) for key, value in one.where.items()]
    )
    if table.filter(meant).is_empty():
        if strict:
            raise _no_row(table, one)
        return table
    ends = {f"{one.column}_low", f"{one.column}_high"} <= set(table.columns)
    changed = table.with_columns(
        pl.when(meant)
        .then(expression)
        .otherwise(pl.col(expression.meta.output_name()))
        .alias(expression.meta.output_name())
        for expression in one.change.of(one.column, ends)
    )
    _check_share(changed.filter(meant), one, ends)
    if HOW + one.column not in table.columns:
        return changed
    told = json.dumps({"rule": f"scenario: {one.target}={one.written}; {one.reason} ({one.source})"})
    return changed.with_columns(pl.when(meant).then(pl.lit(told)).otherwise(HOW + one.column).alias(HOW + one.column))


def _check_share(rows: pl.DataFrame, one: Override, ends: bool) -> None:
    name = one.where["parameter"] if one.table == ASSUMPTION else one.column
    if not (name.endswith("_share") or name == "utilisation"):
        return
    for column in [one.column, *([f"{one.column}_low", f"{one.column}_high"] if ends else [])]:
        outside = rows.filter((pl.col(column) < 0.0) | (pl.col(column) > 1.0))
        if outside.height:
            raise ScenarioError(f"{one.target}={one.written} makes a share of {outside[column][0]:g}; shares end at 1.")


def _no_row(table: pl.DataFrame, one: Override) -> ScenarioError:
    """Which of the keys met nothing, with the nearest values that would."""
    kinds = {"assumption_set": "assumption set or core table", "parameter": "parameter", "subject": "subject"}
    left = table
    for key, value in one.where.items():
        met = left.filter(pl.col(key).cast(pl.String) == pl.lit(value))
        if met.is_empty():
            kind = kinds.get(key, f"{key} in core.{one.table}")
            of = f" of set {one.where['assumption_set']}" if key in ("parameter", "subject") else ""
            more = OBSERVED if key == "assumption_set" else ()
            return unknown(kind + of, value, [*left[key].cast(pl.String).drop_nulls(), *more])
        left = met
    return ScenarioError(f"core.{one.table} has no row that {one.target} could change.")
