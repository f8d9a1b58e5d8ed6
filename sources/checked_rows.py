"""Rows that a connector hands on by key: a key that is no column of the contract is an error, never a null elsewhere.

Not here: values (the contract judges them), rows that come as frames (sources/contract.py names unknown columns).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from sources.errors import SourceError


def known_keys(row: Mapping[str, Any], columns: Iterable[str], source_id: str) -> None:
    """Raises SourceError that names the first key that is no column, and the column it is nearest to."""
    known = tuple(columns)
    strange = [key for key in row if key not in known]
    if strange:
        near = difflib.get_close_matches(strange[0], known, n=1, cutoff=0.4)
        hint = f"Did its parser mean {near[0]}?" if near else f"Columns: {', '.join(known)}."
        raise SourceError(source_id, f"a row has the key {strange[0]!r}, which is no column of its contract.", hint)
