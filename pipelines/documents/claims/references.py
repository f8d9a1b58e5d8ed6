"""Where the values of claims come from, under tracing (pipelines/economics/trace.py): references beside the columns.

Claims lay operands out one per row, so references are carried here and not by the helpers of marts. Every function
gives nothing while nothing is traced.

Not here: values.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from pipelines.economics.trace import HOW, current


def known(columns: Sequence[str], name: str) -> list[str]:
    """The column of references beside `name`, if there is one."""
    return [HOW + name] if current() and HOW + name in columns else []


def divided(columns: Sequence[str], name: str, factor: str) -> list[pl.Expr]:
    """The reference of a value that was divided by a factor."""
    of = pl.col(HOW + name)
    scaled = pl.concat_str(pl.lit('{"per": '), pl.col(factor).cast(pl.String), pl.lit(', "of": '), of, pl.lit("}"))
    return [pl.when(pl.col(factor) == 1.0).then(of).otherwise(scaled).alias(HOW + name) for _ in known(columns, name)]


def put_together(columns: Sequence[str], by_ends: pl.Expr) -> list[pl.Expr]:
    """In `agg`, the references of a claim's value and its ends: of both bindings where it is bound by ends."""
    made = []
    for name, to in (("value", "value"), ("data", "our_value_from_data")):
        for reference in known(columns, name):
            of, parts = pl.col(reference), {None: "mean", "low": "min", "high": "max"}
            for end, how in parts.items():
                whole = of.first() if end is None else _object({"end": end}, of.first())
                both = _object({"agg": how}, pl.concat_str(pl.lit("["), of.str.join(", "), pl.lit("]")))
                made.append(pl.when(by_ends).then(both).otherwise(whole).alias(HOW + (f"{name}_{end}" if end else to)))
    return made


def of_ranges(columns: Sequence[str]) -> list[pl.Expr]:
    """The reference of `our_value`: of the low end where the document prints a range, as the value itself."""
    ranged = pl.col("published_high").is_not_null() & pl.col("value_low").is_not_null()
    return [
        pl.when(ranged).then(HOW + "value_low").otherwise(HOW + "value").alias(HOW + "our_value")
        for _ in known(columns, "value")
    ]


def _object(start: dict[str, str], of: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(json.dumps(start)[:-1] + ', "of": '), of, pl.lit("}"))
