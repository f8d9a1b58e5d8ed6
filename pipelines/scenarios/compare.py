"""A mart under a scenario beside the same mart under base: one line per row and figure, with the difference.

Not here: which inputs change (override.py), what is shown of it (command.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import polars as pl

from pipelines.marts.assumed import Core
from pipelines.marts.schema import Schema
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
    keys = [name for name in schema.key if name not in _UNTOLD]
    named = table.with_columns(
        key=pl.concat_str([_key(name, table.schema[name]) for name in keys], separator=" | "),
    )
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
            )
        )
    return pl.concat(parts) if parts else pl.DataFrame(schema={n: LINE[n] for n in ("mart", "key", "column", "value")})


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
    joined = changed.join(
        base.select(*on, pl.col("value").alias("base_value"), pl.col("unit").alias("base_unit")),
        on=on,
        how="full",
        coalesce=True,
    )
    difference = pl.col("value") - pl.col("base_value")
    return (
        joined.with_columns(
            unit=pl.coalesce("unit", "base_unit"),
            difference=difference,
            difference_pct=pl.when(pl.col("base_value") != 0).then(100.0 * difference / pl.col("base_value").abs()),
        )
        .select(LINE.names())
        .sort(on)
    )


def rebuilt(module: ModuleType, core: Core, overrides: list[Override], *, strict: bool = True) -> pl.DataFrame:
    """The mart on core with the overrides made, by its own code."""
    table: pl.DataFrame = module.build(applied(core, overrides, strict=strict))
    return table


def touches(module: ModuleType, overrides: list[Override]) -> bool:
    """Whether any override changes a table the mart reads."""
    return any(one.table in module.INPUTS for one in overrides)
