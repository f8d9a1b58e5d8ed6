"""Figures computed from operands that stand one per row: what `compute` needs laid out as columns, by figure.

An item is whatever a figure is computed for: a claim, one end of a claim, one side of an inconsistency.

Not here: formulas, where operands come from (operands.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.compute import UnknownFigure, compute
from pipelines.economics.formula import AS_PUBLISHED
from pipelines.economics.trace import HOW
from pipelines.mart_kit.schema import MartError

STATED = "stated_value"
"""The figure that is its own operand: nothing is computed, one stated value is held against another."""

ENDS = ("value", "value_low", "value_high")
RESULT = pl.Schema({"item": pl.String(), **dict.fromkeys(ENDS, pl.Float64())})


def figures(operands: pl.DataFrame) -> pl.DataFrame:
    """One row per item (RESULT): its figure by the documents' own form, with its range where an operand has one.

    Under tracing each has its reference beside it.

    `operands` has item, figure, operand, value, value_low, value_high. An item of which an operand has no value has a
    null figure. Raises MartError naming an item whose figure no formula makes of its operands.
    """
    if operands.is_empty():
        return pl.DataFrame(schema=RESULT)
    shaped = operands.with_columns(shape=pl.col("operand").sort().str.join(" ").over("item"))
    alike = shaped.partition_by("figure", "shape", maintain_order=True)
    return pl.concat([_figure(group) for group in alike]).sort("item")


def _figure(operands: pl.DataFrame) -> pl.DataFrame:
    """The items of one figure that have the same operands."""
    figure = operands["figure"][0]
    wide = operands.select("item").unique(maintain_order=True)
    for (name,), of_it in operands.partition_by("operand", as_dict=True, maintain_order=True).items():
        ranged = of_it["value_low"].is_not_null().any() or of_it["value_high"].is_not_null().any()
        ends = ENDS if ranged else ENDS[:1]
        with_how = (*ends, HOW + "value") if HOW + "value" in of_it.columns else ends
        columns = [pl.col(end).alias(end.replace("value", str(name), 1)) for end in with_how]
        wide = wide.join(of_it.select("item", *columns), on="item", how="left", maintain_order="left")
    try:
        made = compute(wide, (figure,), reading=AS_PUBLISHED)
    except UnknownFigure as error:
        raise MartError(f"{wide['item'][0]}: {error.args[0]}") from error
    value = pl.col(figure).cast(pl.Float64)
    low, high = [
        pl.col(f"{figure}_{end}").cast(pl.Float64) if f"{figure}_{end}" in made.columns else pl.lit(None, pl.Float64)
        for end in ("low", "high")
    ]
    finite = [pl.when(x.is_finite()).then(x).alias(name) for x, name in zip((value, low, high), ENDS, strict=True)]
    references = [pl.col(HOW + figure).alias(HOW + "value")] if HOW + figure in made.columns else []
    is_range = (pl.col("value_high") - pl.col("value_low")).abs() > pl.col("value").abs() * 1e-12
    return (
        made.select("item", *finite, *references)
        .with_columns(pl.when(is_range).then(pl.col("value_low", "value_high")))
        .select(*RESULT, *[HOW + "value" for _ in references])
    )
