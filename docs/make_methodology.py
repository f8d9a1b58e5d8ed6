"""docs/built/methodology.md and deflation_sentences.md, with their pictures, from a published release.

The pages are templates (docs/methodology/*.md.in) in which every figure of ours is a query on the release in
RACKHOUR_HOME: `{{.2f | select ...}}` for one figure in a sentence, a fence named `table` for a table, which stands
under its table for whoever wants to run it, a fence named `sentence` for a sentence with what it does not say. A query
that finds nothing is an error, not a gap. The pictures are drawn from the same release (docs/methodology/plots.py).

Not here: any figure, any text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import duckdb

from docs.make_models import number, table
from docs.methodology import plots
from pipelines.home.places import Home

TEMPLATES = Path(__file__).parent / "methodology"
TEXTS = ("methodology", "deflation_sentences")
PAGES = (*(f"{name}.md" for name in TEXTS), *(f"img/{name}.svg" for name in plots.PICTURES))

_INLINE = re.compile(r"\{\{\s*(?P<format>[^|{}]*?)\s*\|(?P<sql>.+?)\}\}", re.DOTALL)
_TABLE = re.compile(r"^```table\n(?P<sql>.+?)^```$", re.DOTALL | re.MULTILINE)
_SENTENCE = re.compile(
    r"^```sentence\n(?P<sql>.+?)^---\n(?P<says>.+?)^---\n(?P<silent>.+?)^```$", re.DOTALL | re.MULTILINE
)


class EmptySlotError(LookupError):
    """A query of a template that does not find what the page is to say; the message is the query."""


def fill(template: str, db: duckdb.DuckDBPyConnection) -> str:
    """The page: every slot of the template filled from the release. Raises EmptySlotError where one finds nothing."""
    text = _TABLE.sub(lambda slot: _table(db, slot["sql"]), template)
    text = _numbered(_SENTENCE, text, lambda slot, place: _sentence(db, slot, place))
    return _INLINE.sub(lambda slot: _figure(db, slot["format"], slot["sql"]), text)


def queries(template: str) -> list[str]:
    """Every query of a template."""
    return [slot["sql"] for pattern in (_TABLE, _SENTENCE, _INLINE) for slot in pattern.finditer(template)]


def _numbered(pattern: re.Pattern[str], text: str, made: Callable[[re.Match[str], int], str]) -> str:
    place = iter(range(1, len(text)))
    return pattern.sub(lambda slot: made(slot, next(place)), text)


def _table(db: duckdb.DuckDBPyConnection, sql: str) -> str:
    found = db.sql(sql)
    rows = found.fetchall()
    if not rows:
        raise EmptySlotError(sql)
    shown = [[_shown(value) for value in row] for row in rows]
    query = f"<details><summary>query</summary>\n\n```sql\n{sql.strip()}\n```\n\n</details>"
    return f"{table([name.replace('_', ' ') for name in found.columns], shown)}\n\n{query}"


def _sentence(db: duckdb.DuckDBPyConnection, slot: re.Match[str], place: int) -> str:
    values = _row(db, slot["sql"])
    says, silent = (" ".join(slot[part].format(**values).split()) for part in ("says", "silent"))
    query = f"<details><summary>query</summary>\n\n```sql\n{slot['sql'].strip()}\n```\n\n</details>"
    return f"**{place}. {says}**\n\n*Limits.* {silent}\n\n{query}"


def _figure(db: duckdb.DuckDBPyConnection, how: str, sql: str) -> str:
    return format(next(iter(_row(db, sql).values())), how)


def _row(db: duckdb.DuckDBPyConnection, sql: str) -> dict[str, object]:
    found = db.sql(sql)
    rows = found.fetchall()
    if len(rows) != 1 or None in rows[0]:
        raise EmptySlotError(f"{len(rows)} rows, or nothing in one of their columns: {sql}")
    return dict(zip(found.columns, rows[0], strict=True))


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number(float(f"{value:.4g}") if abs(value) >= 5e-7 else 0.0)
    if isinstance(value, int):
        return f"{value:,}"
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def write(home: Home, folder: Path) -> None:
    """Fill both templates and draw the pictures."""
    with duckdb.connect(str(home.current / "rackhour.duckdb"), read_only=True) as db:
        plots.draw(db, folder / "img")
        for name in TEXTS:
            template = (TEMPLATES / f"{name}.md.in").read_text(encoding="utf-8")
            (folder / f"{name}.md").write_text(fill(template, db), encoding="utf-8")
