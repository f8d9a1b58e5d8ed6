"""Constants stand in units.py and nowhere else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.economics import units

ROOT = Path(__file__).parents[2]
ECONOMICS = ROOT / "pipelines" / "economics"
SUBJECTS = sorted(path for path in ECONOMICS.glob("*/*.py") if path.parent.name != "index_numbers")
CONSTANTS = {name for name in vars(units) if name.isupper()}


def assigned(path: Path) -> Iterator[tuple[str, ast.expr]]:
    """Every name that is given a value at the top of a module, and the value."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            yield ast.unparse(node.target), node.value
        for target in node.targets if isinstance(node, ast.Assign) else ():
            yield ast.unparse(target), node.value


def test_no_other_module_defines_a_constant_of_units() -> None:
    python = sorted((ROOT / "pipelines").rglob("*.py")) + sorted((ROOT / "sources").rglob("*.py"))
    again = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python
        if path != ECONOMICS / "units.py"
        for name, _ in assigned(path)
        if name in CONSTANTS
    ]
    assert again == []
    assert len(python) > 300


@pytest.mark.parametrize("path", SUBJECTS, ids=lambda path: str(path.relative_to(ECONOMICS)))
def test_a_file_of_formulas_defines_no_number(path: Path) -> None:
    numbers = [
        name for name, value in assigned(path) for part in ast.walk(value) if isinstance(part, ast.Constant)
        if isinstance(part.value, int | float)
    ]  # fmt: skip
    assert numbers == [], f"{path}: write {numbers} in pipelines/economics/units.py"


def test_the_calendar_adds_up() -> None:
    assert units.HOURS_PER_YEAR == 365 * units.HOURS_PER_DAY == units.MONTHS_PER_YEAR * units.HOURS_PER_MONTH
    assert units.SECONDS_PER_DAY == units.HOURS_PER_DAY * units.SECONDS_PER_HOUR
    assert units.WATTS_PER_MW == units.WATTS_PER_KW * units.KW_PER_MW
