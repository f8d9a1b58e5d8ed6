"""What a person can get wrong about a scenario, told with the nearest names. Not here: checks of data."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ScenarioError(ValueError):
    """A scenario cannot be applied; the text says why and what to write instead."""


def unknown(kind: str, name: str, known: Iterable[str]) -> ScenarioError:
    """The error for a name nobody knows: the nearest ones, or all where none is near and they are few."""
    names = sorted(set(known))
    near = difflib.get_close_matches(name, names, n=4, cutoff=0.5)
    listed = near or (names if len(names) <= 20 else names[:20])
    told = "Did you mean" if near else "There are"
    more = "" if near or len(names) <= 20 else f" and {len(names) - 20} more"
    return ScenarioError(f"no {kind} named {name!r}. {told}: {', '.join(listed)}{more}.")
