"""One table to publish. Not here: which tables there are (tables.py), writing them (publish.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """One table to publish: where it goes, the SQL that yields it, what it means."""

    schema: str
    name: str
    query: str
    description: str
    column_descriptions: Mapping[str, str]
