"""The methodology and the deflation sentences: every slot finds its figure in a release, formulas render.

Not here: whether the figures are right (tests/marts, tests/economics/index_numbers).
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from docs import make_methodology
from docs.make_methodology import EmptySlotError, fill
from docs.methodology import plots

MATH = re.compile(r"\$\$(.+?)\$\$|(?<![\\$])\$([^$\n]+?)\$", re.DOTALL)
# What GitHub's MathJax renders and these pages use. \operatorname, \def and the like it refuses.
MACROS = set(
    re.findall(
        r"\w+",
        "alpha bar beta Big cdot cdots delta dots exp frac gamma ge hat in left ln log lt mathrm min omega pi pm prod "
        "qquad quad right sigma sqrt sum tau text theta top underbrace varepsilon",
    )
)


def template(name: str) -> str:
    return (make_methodology.TEMPLATES / f"{name}.md.in").read_text(encoding="utf-8")


def page(built: Path, name: str) -> str:
    return (built / f"{name}.md").read_text(encoding="utf-8")


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ .+$", text, re.MULTILINE)


@pytest.mark.parametrize("name", make_methodology.TEXTS)
def test_every_slot_is_filled_from_the_release(built: Path, released_home: Path, name: str) -> None:
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as db:
        (as_of,) = db.sql("select max(as_of_date) from core.calendar").fetchall()[0]
    text = page(built, name)
    assert not re.search(r"\{\{|```table|```sentence", text)
    assert headings(text) == headings(template(name))
    assert f"as of {as_of}" in text
    shown = re.findall(r"</summary>\n\n```sql\n(.+?)\n```", text, re.DOTALL)
    fences = re.findall(r"^```(?:table|sentence)\n(.+?)\n(?:---|```)$", template(name), re.DOTALL | re.MULTILINE)
    assert shown == fences, "each table and sentence has its query under it"


def test_the_pictures_are_drawn_and_the_page_shows_each(built: Path) -> None:
    assert set(re.findall(r"\]\(img/(\w+)\.svg\)", page(built, "methodology"))) == set(plots.PICTURES)
    for name in plots.PICTURES:
        assert (built / "img" / f"{name}.svg").read_text(encoding="utf-8").startswith("<svg")


def test_ten_sentences_have_an_interval_and_all_say_what_they_leave_open(built: Path) -> None:
    text = page(built, "deflation_sentences")
    said = re.findall(r"^\*\*\d+\. (.+)\*\*$", text, re.MULTILINE)
    assert sum("90% interval" in sentence for sentence in said) >= 10
    assert all("interval" in sentence for sentence in said)
    assert text.count("*Limits.*") == len(said)


def test_a_slot_that_finds_nothing_is_an_error() -> None:
    with duckdb.connect() as db, pytest.raises(EmptySlotError):
        fill("{{.2f | select 1.0 where false}}", db)
    with duckdb.connect() as db, pytest.raises(EmptySlotError):
        fill("```table\nselect 1 as a where false\n```", db)
    with duckdb.connect() as db:
        assert fill("{{,.1f | select 1234.56}} of {{| select 7}}", db) == "1,234.6 of 7"


def test_formulas_use_what_renders_and_are_closed() -> None:
    found = [block or inline for block, inline in MATH.findall(template("methodology"))]
    assert len(found) > 60
    for formula in found:
        assert set(re.findall(r"\\([A-Za-z]+)", formula)) <= MACROS, formula
        assert formula.count("{") == formula.count("}"), formula
        assert formula.count(r"\left") == formula.count(r"\right"), formula
        assert not re.search(r"[<>*|]|\n\s*[-+*#]|\\[^A-Za-z]", formula), f"Markdown would read it first: {formula}"


def test_what_the_text_names_of_a_mart_is_a_column_of_it(released_home: Path, built: Path) -> None:
    """Names in code marks with `in marts.X` after them, and all tables named."""
    text = page(built, "methodology")
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as db:
        columns: dict[str, set[str]] = {}
        for schema, table, column in db.sql(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        ).fetchall():
            columns.setdefault(f"{schema}.{table}", set()).add(column)
    named = set(re.findall(r"`((?:marts|core|ops|quarantine)\.\w+)`", text))
    assert len(named) > 5
    assert named <= set(columns)
    pairs = re.findall(r"`(\w+)` in `(marts\.\w+)`", text)
    assert pairs
    assert [pair for pair in pairs if pair[0] not in columns[pair[1]]] == []
    quoted = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", text))
    every = set().union(*columns.values())
    known = {"is_extrapolated", "matched_items", "coverage_pct", "ci_low", "t_low", "does_not_say", "fewest_matched"}
    assert known <= quoted & every
