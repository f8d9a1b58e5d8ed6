"""Every output of every model in one tidy table: a row per model, case and line.

Grain: model_id x case x line x scenario x reading. The models are in pipelines/documents/models; those with a mart of
their own give the rows of its newest day here too.

Not here: arithmetic, and what the documents printed (claim_check).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from pipelines.documents.all_models import models
from pipelines.documents.model import RESULT, Model, results
from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import Schema, columns, label, number

KEY = ("model_id", "case", "line", "scenario", "reading")
INPUTS = tuple(dict.fromkeys(name for model in models().values() for name in model.inputs))

SCHEMA = Schema(
    table="model_result",
    kind="answer",
    description=(
        "One row per model, case, line, scenario and reading.\n"
        "Every output of the models M01 to M40 and C1 to C3: as_published on the documents' operands, illustration on "
        "operands rackhour chose where the documents print none, professional on observed prices of the newest day. "
        "Low and high are corners of the operands' ranges."
    ),
    key=KEY,
    columns=columns(
        label("model_id", "Model: M01 to M40, C1 to C3; docs/economics.md has a row of each, `make docs` a page."),
        label("case", "What it is computed for: a row of the document's table, or a GPU, market, provider."),
        label("line", "The figure; the name of its formula."),
        label("scenario", "Assumption set the operands come from (core.dim_scenario), or observed."),
        label("reading", "as_published, illustration or professional.", enumerated=True),
        number("value", "as the row states", "The figure, in the unit of the row."),
        label("unit", "Unit of value, low and high.", nullable=True),
        number("low", "as the row states", "Low end, where an operand is a range.", nullable=True),
        number("high", "as the row states", "High end, where an operand is a range.", nullable=True),
    ),
    rules=(
        holds(
            "the value lies in its range",
            "low - abs(value) * 0.000000001 <= value and value <= high + abs(value) * 0.000000001",
        ),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: every model's results, sorted by key. `core` holds the INPUTS as frames."""
    return _table(core, models().values())


def build_for(core: Mapping[str, pl.DataFrame], row: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of one model alone, the one that made `row`."""
    return _table(core, [models()[row["model_id"]]])


def _table(core: Mapping[str, pl.DataFrame], wanted: Iterable[Model]) -> pl.DataFrame:
    parts = [results(model, core) for model in wanted]
    return SCHEMA.conform(pl.concat([pl.DataFrame(schema=RESULT), *parts], how="diagonal"))
