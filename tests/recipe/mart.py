"""A synthetic formula and a synthetic mart of it, added to a copy of the tree as CONTRIBUTING says.

The mart: an hour of a server of eight GPUs at the overall on-demand headline rent. Invented, and named so.
Not here: what comes of it (test_new_mart.py, test_whole_release.py).
"""

from __future__ import annotations

from pathlib import Path

from tests.recipe.tree import append

FORMULA = "pipelines/economics/gpu_hour/margin.py"
WORKED_NUMBER = "tests/golden/formulas.csv"
FORMULA_FILES = {FORMULA, WORKED_NUMBER}
"""The whole recipe for a formula."""

MART = "synthetic_server_price"
MODULE = f"pipelines/marts/{MART}.py"
ENUMERATION = "dbt_project/seeds/enumeration_marts.csv"
MART_FILES = {MODULE, ENUMERATION}
"""The whole recipe for a mart whose enumerated column holds a value that no list has yet."""

FIGURE = "synthetic_server_usd_per_hour"
IDENTITY = "a server costs what its GPUs cost"

_FORMULA = '''

@formula(unit="usd/hour", source="docs/economics.md (synthetic)")
def synthetic_server_usd_per_hour(price_usd_per_gpu_hour: pl.Expr, synthetic_gpus_per_server: pl.Expr) -> pl.Expr:
    """Price of an hour of a whole server."""
    return price_usd_per_gpu_hour * synthetic_gpus_per_server
'''
_WORKED_NUMBER = (
    "synthetic,eight GPUs at 2.50,professional,synthetic_server_usd_per_hour,"
    "price_usd_per_gpu_hour=2.5;synthetic_gpus_per_server=8,20,0,docs/economics.md,synthetic\n"
)
_MODULE = '''"""Synthetic: what an hour of a server of eight GPUs costs at the headline rent.

Grain: as_of_date x gpu. Not here: anything real.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL, formulas
from pipelines.mart_kit import rents
from pipelines.mart_kit.carry import ruled
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, day, figure, label, number, ranged

INPUTS = rents.INPUTS
FIGURE = "synthetic_server_usd_per_hour"

SCHEMA = Schema(
    table="synthetic_server_price",
    kind="answer",
    description="One row per day and GPU. Synthetic: an hour of a server of eight GPUs at the headline rent.",
    key=("as_of_date", "gpu"),
    columns=columns(
        day("as_of_date", "Day the row holds for."),
        label("gpu", "GPU. See core.dim_gpu."),
        label("rent_basis", "Whose price it is.", enumerated=True),
        label("synthetic_server", "What a server is.", enumerated=True),
        ranged(number("price_usd_per_gpu_hour", "usd/gpu_hour", "Headline rent.", minimum=0)),
        number("synthetic_gpus_per_server", "gpu", "GPUs of the server.", minimum=1),
        ranged(figure(formulas(PROFESSIONAL), FIGURE, minimum=0)),
    ),
    rules=(
        equal("a server costs what its GPUs cost", f"{FIGURE} / synthetic_gpus_per_server", "price_usd_per_gpu_hour"),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart."""
    rows = (
        rents.rents(core)
        .filter(pl.col("commitment") == "on_demand", pl.col("rent_basis") == "headline_all")
        .with_columns(
            *ruled("synthetic_gpus_per_server", 8.0, "synthetic: a server holds eight GPUs"),
            synthetic_server=pl.lit("synthetic_eight_gpus"),
        )
    )
    return SCHEMA.conform(compute(rows, (FIGURE,)).collect())
'''
_VALUE = "synthetic_server,synthetic_eight_gpus,Synthetic: a server of eight GPUs.\n"


def add_formula(tree: Path) -> None:
    """A function in the file of its subject, and its worked number."""
    append(tree, FORMULA, _FORMULA)
    append(tree, WORKED_NUMBER, _WORKED_NUMBER)


def add_mart(tree: Path) -> None:
    """The module alone."""
    (tree / MODULE).write_text(_MODULE, encoding="utf-8")


def list_its_value(tree: Path) -> None:
    """What the value of its enumerated column means."""
    append(tree, ENUMERATION, _VALUE)
