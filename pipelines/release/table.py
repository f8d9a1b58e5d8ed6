"""One table to publish. Not here: which tables there are (tables.py), writing them (publish.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipelines.mart_kit.schema import Kind

MEANINGS: Mapping[Kind, str] = {
    "answer": "people query it",
    "panel": "what answers are made of",
    "audit": "how we know",
}
_KIND_LINE = re.compile(rf"\s*Kind: ({'|'.join(MEANINGS)}) \([^)]*\)\.\s*$")


@dataclass(frozen=True)
class Table:
    """One table to publish: where it goes, which kind it is, the SQL that yields it, what it means."""

    schema: str
    name: str
    kind: Kind
    query: str
    description: str
    column_descriptions: Mapping[str, str]

    @property
    def comment(self) -> str:
        """The table's comment in the release: its grain, its meaning, and in the last line its kind."""
        return f"{self.description.rstrip()}\n{kind_line(self.kind)}"


def kind_line(kind: Kind) -> str:
    """The line of a table's comment that says which kind it is."""
    return f"Kind: {kind} ({MEANINGS[kind]})."


def without_kind(comment: str) -> tuple[str, str]:
    """The kind a table's comment ends with, "" where it names none, and the comment before it."""
    found = _KIND_LINE.search(comment)
    return (found.group(1), comment[: found.start()]) if found else ("", comment)
