"""Which payloads of a source count, and on which days each was seen: its `good.json` in landing.

A payload that comes again unchanged is a look of its own: the same bytes stand in the list once for each day.
Not here: payloads themselves (pipelines/landing/payload_store.py), what looks mean for a price (dbt's snapshots_as_of).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = "good.json"


@dataclass(frozen=True)
class Look:
    """A payload seen on a day (ISO), in the order of arrival; `day` is null where the payload vouches for none."""

    payload: str
    day: str | None


def looks(folder: Path) -> list[Look]:
    """Every look that counts, oldest first; of payloads that lie there whole."""
    path = folder / FILE
    if not path.exists():
        return []
    stated = [
        Look(item, None) if isinstance(item, str) else Look(**item)
        for item in json.loads(path.read_text(encoding="utf-8"))
    ]
    return [look for look in stated if (folder / look.payload / "landed.json").exists()]


def payloads(folder: Path) -> list[str]:
    """The payloads that count, by hash, each once, in the order in which they came."""
    return list(dict.fromkeys(look.payload for look in looks(folder)))


def keep(folder: Path, listed: Iterable[Look]) -> None:
    """Write the list, whole or not at all."""
    write_json(folder / FILE, [asdict(look) for look in listed])


def write_json(path: Path, document: object) -> None:
    """A JSON file, whole or not at all, the same bytes for the same content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".tmp")
    draft.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(path)
