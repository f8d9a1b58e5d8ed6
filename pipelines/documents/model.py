"""What a document model is: an id, where it stands, the cases it is computed for, and the figures each case gives.

A case is a row of operands; a figure is a formula's name. `results` computes every case and lays the figures out
one per row, which is what marts.model_result publishes.

Not here: any document model, any formula, any value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import formulas
from pipelines.economics.trace import HOW, current
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core
from pipelines.mart_kit.schema import MartError

FORMS: Mapping[str, str] = {
    rules.AS_PUBLISHED: rules.AS_PUBLISHED,
    rules.ILLUSTRATION: rules.AS_PUBLISHED,
    rules.PROFESSIONAL: rules.PROFESSIONAL,
}
"""A row's reading, and whose forms of the formulas it is computed with."""

RESULT = pl.Schema(
    {
        "model_id": pl.String,
        "case": pl.String,
        "line": pl.String,
        "scenario": pl.String,
        "reading": pl.String,
        "value": pl.Float64,
        "unit": pl.String,
        "low": pl.Float64,
        "high": pl.Float64,
    }
)


@dataclass(frozen=True)
class Cases:
    """Rows of operands and the figures wanted of them.

    `frame` has a text column `case`, unique within model, scenario and reading, and a column per operand (with
    `_low` and `_high` where it is a range). `scenario` is the assumption set the operands come from, or `observed`.
    `units` names the unit of a figure that is a column of the frame and no formula's.
    """

    frame: pl.DataFrame
    figures: tuple[str, ...]
    scenario: str
    reading: str = "as_published"
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """One document model of docs/economics.md.

    `question` says in a sentence what it answers, `where` which lines of the documents it is in, `caveats` which
    ledger inconsistencies (I-nn) a reader must know, `note` what else. `cases` makes its rows from core tables;
    `inputs` names those.
    """

    model_id: str
    title: str
    question: str
    where: str
    cases: Callable[[Core], Iterable[Cases]]
    inputs: tuple[str, ...] = ("assumption",)
    caveats: tuple[str, ...] = ()
    note: str = ""


def results(model: Model, core: Core) -> pl.DataFrame:
    """Every figure of every case, one per row (RESULT). A figure that cannot be computed for a case gives no row.

    Raises MartError where two rows of a model have one key.
    """
    parts = [_laid_out(model, cases) for cases in model.cases(core) if not cases.frame.is_empty()]
    made = pl.concat(parts) if parts else pl.DataFrame(schema=RESULT)
    twice = made.filter(pl.struct("case", "line", "scenario", "reading").is_duplicated())
    if twice.height:
        raise MartError(f"model {model.model_id}: two rows for {twice.row(0)[:5]}")
    return made


def _laid_out(model: Model, cases: Cases) -> pl.DataFrame:
    units = {name: made.unit for name, made in formulas(FORMS[cases.reading]).items()} | dict(cases.units)
    frame = compute(cases.frame, cases.figures, FORMS[cases.reading])
    return pl.concat([_line(model, cases, frame, figure, units.get(figure)) for figure in cases.figures])


def _line(model: Model, cases: Cases, frame: pl.DataFrame, figure: str, unit: str | None) -> pl.DataFrame:
    def end(suffix: str) -> pl.Expr:
        name = f"{figure}_{suffix}"
        value = (pl.col(name) if name in frame.columns else pl.lit(None)).cast(pl.Float64)
        # An infinite end means "never", as in the marts, and is stored as null.
        return pl.when(value.is_finite()).then(value).alias(suffix)

    return frame.select(
        pl.lit(model.model_id).alias("model_id"),
        pl.col("case").cast(pl.String),
        pl.lit(figure).alias("line"),
        pl.lit(cases.scenario).alias("scenario"),
        pl.lit(cases.reading).alias("reading"),
        pl.col(figure).cast(pl.Float64).alias("value"),
        pl.lit(unit, dtype=pl.String).alias("unit"),
        end("low"),
        end("high"),
        *_reference(frame.columns, figure),
    ).filter(pl.col("value").is_not_null() & pl.col("value").is_finite())


def _reference(have: Sequence[str], figure: str) -> list[pl.Expr]:
    """Under tracing, where the figure comes from, beside `value`."""
    if current() is None:
        return []
    known = pl.col(HOW + figure) if HOW + figure in have else pl.lit(None)
    return [known.cast(pl.String).alias(HOW + "value")]
