"""The publishers as a list, and everything about one of them. Not here: reading source.yml (sources/registry.py)."""

from __future__ import annotations

from typing import Any

from pipelines.home.places import Home
from sources.errors import RequestError
from sources.registry import SourceSpec, every_source

NAMES = ("source", "family", "publisher", "cadence_days", "how", "licence")
ABOUT = ("field", "value")


def listed(home: Home) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """One row per source, of the package and of the home, by family."""
    specs = sorted(every_source(home.sources).values(), key=lambda spec: (spec.family, spec.source_id))
    return NAMES, [
        (spec.source_id, spec.family, spec.publisher, spec.cadence_days, how(spec), spec.licence) for spec in specs
    ]


def how(spec: SourceSpec) -> str:
    """Where its observations come from, and what is missing here to ask for them."""
    if spec.connector == "loaded":
        return "loaded file"
    ways = [way for way, there in (("embedded", spec.offline), ("live", spec.live)) if there]
    missing = spec.not_set_up() if spec.live else ""
    return " and ".join(ways) + (f" ({missing})" if missing else "")


def about(home: Home, name: str) -> tuple[tuple[str, ...], list[tuple[str, Any]]]:
    """All that its entry states, its files, and what has landed of it here.

    Raises RequestError with the nearest names where there is no such source.
    """
    known = every_source(home.sources)
    if name not in known:
        import difflib

        near = difflib.get_close_matches(name, known, n=3) or [one for one in sorted(known) if name in one][:5]
        told = f"Did you mean {' or '.join(near)}?" if near else "`rackhour sources` lists all of them."
        raise RequestError(f"there is no source {name!r}. {told}")
    spec = known[name]
    stated = spec.model_dump(mode="json", exclude={"source_id"}, exclude_defaults=True)
    rows = [("source", spec.source_id), *[(key, _text(value)) for key, value in stated.items() if _text(value)]]
    return ABOUT, [*rows, ("how", how(spec)), *_files(home, spec), *_landed(home, spec)]


def _files(home: Home, spec: SourceSpec) -> list[tuple[str, str]]:
    if spec.connector == "loaded":
        return [("entry", f"{home.sources}/{spec.family}/{spec.source_id}.yml")]
    folder = f"sources/{spec.family}"
    own = (spec.folder / f"{spec.connector}.py").exists()
    files = [("entry", f"{folder}/source.yml"), ("contract file", f"{folder}/contract.py")]
    files.append(("connector file", f"{folder}/{spec.connector}.py" if own else f"sources/{spec.connector}.py"))
    return [*files, *([("data", f"{folder}/{spec.offline}")] if spec.offline else [])]


def _landed(home: Home, spec: SourceSpec) -> list[tuple[str, Any]]:
    from pipelines.landing import intake

    state = intake.state(spec, home)
    if not state.payloads:
        return [("landed here", "nothing yet")]
    return [
        ("landed here", f"{state.payloads:,} payloads, {state.accepted:,} rows accepted, {state.rejected:,} rejected"),
        ("newest observed", state.newest_observed),
        ("last looked", state.last_looked),
    ]


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value).strip()
