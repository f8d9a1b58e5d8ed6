"""docs/built/sources.md, every source with licence and address, from source.yml and docs/sources_measured.csv.

Not here: any statement about a source that does not stand in its source.yml; measuring (bench/sources.py).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from pipelines.home.places import Home
from sources.registry import SourceSpec, all_sources

HERE = Path(__file__).parent
PAGES = ("sources.md",)
MEASURED = HERE / "sources_measured.csv"
GRADES = "Grade A: the publisher's own figures; B: a collector that names the publisher; C: an estimate."
HEAD = f"""# Sources

Made of `sources/*/source.yml` by `make docs`; change it there. {GRADES} Cadence: how often the publisher shows
something new, in days. A source that gives the same figures for longer than twice that is `frozen`, unless its entry
says otherwise. Live sources are asked by `rackhour refresh --live`; their base address can
be replaced by `RACKHOUR_BASE_<SOURCE_ID>`. Embedded sources are files of this repository, every row with its citation.
"""
MEASURED_HEAD = """
## Measured against real payloads

Payloads that others kept, served by a server on the same machine, asked for by the source's own `fetch`, landed in a
fresh home: `python -m bench.sources`. Seconds include fetching, parsing, judging every row and writing Parquet. Where
no real payload could be had (gpuhunt, SkyPilot, Azure, Amazon, Lambda, Shadeform, EIA, Energy-Charts, Ember's hourly
zip, OpenRouter, llm-prices), tests run on small synthetic ones in the documented shape; live answers were never asked.
"""


def page() -> str:
    """The whole page."""
    families: dict[str, list[SourceSpec]] = {}
    for spec in all_sources().values():
        families.setdefault(spec.family, []).append(spec)
    parts = [HEAD]
    for family, specs in families.items():
        parts.append(f"\n## {family.replace('_', ' ').capitalize()}\n")
        live = [spec for spec in specs if spec.live]
        embedded = [spec for spec in specs if not spec.live]
        if live:
            parts.append("### Live\n" + _table(_live_head(), map(_live_row, live)))
        if embedded:
            parts.append("### Embedded\n" + _table(_embedded_head(), map(_embedded_row, embedded)))
    parts.append("\n## Attribution\n")
    stated = {spec.attribution: None for spec in all_sources().values() if spec.attribution}
    parts.extend(f"- {text}" for text in stated)
    parts.append(MEASURED_HEAD)
    parts.append(_measured())
    return "\n".join(parts).rstrip() + "\n"


def _live_head() -> tuple[str, ...]:
    return ("source", "publisher", "what", "unit", "cadence", "grade", "licence", "address", "key", "limits", "terms")


def _live_row(spec: SourceSpec) -> Iterable[str]:
    address = f"`{spec.live}`" + (f" ([documentation]({spec.documentation}))" if spec.documentation else "")
    key = ", ".join(f"`{name}`" for name in spec.secrets) or ("none" if not spec.extra else "")
    if spec.extra:
        key = f"{key} extra `{spec.extra}`".strip()
    return (
        f"`{spec.source_id}`",
        _linked(spec),
        spec.title,
        spec.unit,
        str(spec.cadence_days),
        spec.grade,
        spec.licence,
        address,
        key,
        spec.limits or "not stated",
        spec.terms or "not stated",
    )


def _embedded_head() -> tuple[str, ...]:
    return ("source", "publisher", "what", "unit", "cadence", "grade", "licence", "notes")


def _embedded_row(spec: SourceSpec) -> Iterable[str]:
    cadence = str(spec.cadence_days)
    return (
        f"`{spec.source_id}`",
        _linked(spec),
        spec.title,
        spec.unit,
        cadence,
        spec.grade,
        spec.licence,
        spec.notes or "",
    )


def _linked(spec: SourceSpec) -> str:
    return f"[{spec.publisher}]({spec.homepage})" if spec.homepage else spec.publisher


def _measured() -> str:
    with MEASURED.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    return _table([name.replace("_", " ") for name in head], rows)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(head)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines.extend("| " + " | ".join(_cell(value) for value in row) + " |" for row in rows)
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def write(_home: Home, folder: Path) -> None:
    """Write the page; it needs no release."""
    (folder / PAGES[0]).write_text(page(), encoding="utf-8")
