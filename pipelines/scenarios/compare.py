"""A mart under a scenario beside the same mart under base: one line per row and figure, with the difference.

Not here: which inputs change (override.py), what is shown of it (command.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.trace import HOW
from pipelines.mart_kit.assumed import Core
from pipelines.mart_kit.carry import renamed
from pipelines.mart_kit.schema import MartError, Schema
from pipelines.scenarios.errors import ScenarioError
from pipelines.scenarios.override import Override, applied

LINE = pl.Schema(
    {
        "mart": pl.String,
        "key": pl.String,
        "column": pl.String,
        "value": pl.Float64,
        "value_low": pl.Float64,
        "value_high": pl.Float64,
        "base_value": pl.Float64,
        "difference": pl.Float64,
        "difference_pct": pl.Float64,
        "unit": pl.String,
    }
)
_UNTOLD = ("as_of_date", "reading")  # the same in every line of a comparison


def figures(schema: Schema) -> tuple[str, ...]:
    """The columns of a mart that are figures or inputs of figures, their ends left out."""
    return tuple(
        c.name
        for c in schema.columns
        if c.dtype == pl.Float64() and not c.name.endswith(("_low", "_high")) and c.name not in schema.key
    )


def lines(mart: str, schema: Schema, table: pl.DataFrame, wanted: Sequence[str]) -> pl.DataFrame:
    """One row per row and figure: mart, key, column, value with its ends, unit."""
    units = {column.name: column.unit for column in schema.columns}
    named = keyed(schema, table)
    parts = []
    for figure in wanted:
        ends = {end: f"{figure}_{end}" for end in ("low", "high")}
        parts.append(
            named.select(
                pl.lit(mart).alias("mart"),
                "key",
                pl.lit(figure).alias("column"),
                pl.col(figure).alias("value"),
                *[
                    (pl.col(name) if name in named.columns else pl.lit(None, dtype=pl.Float64)).alias(f"value_{end}")
                    for end, name in ends.items()
                ],
                pl.lit(units[figure], dtype=pl.String).alias("unit"),
                *[pl.col(name).alias(HOW + "value") for name in [HOW + figure] if name in named.columns],
            )
        )
    return (
        pl.concat(parts, how="diagonal")
        if parts
        else pl.DataFrame(schema={n: LINE[n] for n in ("mart", "key", "column", "value")})
    )


def keyed(schema: Schema, table: pl.DataFrame) -> pl.DataFrame:
    """The table with a text column `key`: its key columns but day and reading, joined by a bar."""
    keys = [name for name in schema.key if name not in _UNTOLD]
    return table.with_columns(key=pl.concat_str([_key(n, table.schema[n]) for n in keys], separator=" | "))


def _key(name: str, dtype: pl.DataType) -> pl.Expr:
    """A key column as text; whole numbers without a point."""
    if not dtype.is_float():
        return pl.col(name).cast(pl.String)
    value = pl.col(name)
    whole = value == value.round()
    return pl.when(whole).then(value.cast(pl.Int64).cast(pl.String)).otherwise(value.cast(pl.String))


def compared(changed: pl.DataFrame, base: pl.DataFrame) -> pl.DataFrame:
    """Lines of a scenario beside those of base. A row that only one of them has is null in the other."""
    on = ["mart", "key", "column"]
    beside = {"value": "base_value", "unit": "base_unit", HOW + "value": HOW + "base_value"}
    base = base.select(*on, *[pl.col(old).alias(new) for old, new in beside.items() if old in base.columns])
    joined = changed.join(base, on=on, how="full", coalesce=True)
    # The ends of a scenario's figure stay its own: base is compared by its base value.
    ends = {"value_low": "__low__", "value_high": "__high__"}
    told = compute(joined.rename(ends), ("difference_from_base", "difference_from_base_pct"))
    own = {"difference_from_base": "difference", "difference_from_base_pct": "difference_pct"}
    told = renamed(told, own).rename({new: old for old, new in ends.items()})
    references = [name for name in told.columns if name.startswith(HOW)]
    return told.with_columns(unit=pl.coalesce("unit", "base_unit")).select(*LINE.names(), *references).sort(on)


def rebuilt(module: ModuleType, core: Core, overrides: Sequence[Override] = ()) -> pl.DataFrame:
    """The mart on core with the overrides made, by its own code.

    Raises ScenarioError where the release was made by other code and lacks what the mart reads today.
    """
    changed = applied(core, list(overrides))
    try:
        table: pl.DataFrame = module.build(changed)
    except (MartError, pl.exceptions.ColumnNotFoundError) as error:
        raise ScenarioError(
            f"the release does not hold what marts.{module.SCHEMA.table} reads today; run `rackhour refresh`. ({error})"
        ) from error
    return table
