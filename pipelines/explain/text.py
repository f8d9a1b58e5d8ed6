"""An explained row as a tree on a terminal. Not here: JSON (document.py)."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.explain.document import unit_of
from pipelines.explain.explaining import Explained
from pipelines.explain.facts import ASSUMPTION, DOCUMENT, RULE, UNKNOWN, Facts, Observation, Origin
from pipelines.explain.tree import Tree

SHOWN = 8
"""Observations told one by one; the others are counted."""

MEMBERS = 4
"""The same for members of an aggregate, which have members of their own."""

BRANCH, LAST, PIPE, SPACE = "├─ ", "└─ ", "│  ", "   "


def as_text(explained: Explained, depth: int | None = None) -> str:
    """The row and the trees of its figures, `depth` levels of operands deep."""
    lines = [f"marts.{explained.mart}: {', '.join(f'{k} = {v}' for k, v in explained.key.items())}"]
    if explained.matching > 1:
        lines.append(f"({explained.matching:,} rows match; this is the first. --where can narrow by the key.)")
    if explained.row.get("note"):
        lines.append(f"note: {explained.row['note']}")
    for name, tree in explained.trees.items():
        lines.append("")
        lines += _Printer(explained.facts).node(tree, depth, "", "", unit_of(explained, name))
    return "\n".join(lines) + "\n"


def number(value: float | None) -> str:
    """Six significant digits, thousands apart; a dash for what is not there."""
    if value is None:
        return "-"
    whole = abs(value) >= 1e6 or value == int(value)
    return f"{value:,.0f}" if whole and abs(value) < 1e15 else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:.6g}"


class _Printer:
    """Prints one tree; what stands in it twice is told once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.told: set[tuple[str, float | None, str]] = set()

    def node(self, tree: Tree, depth: int | None, first: str, rest: str, unit: str | None = None) -> Iterator[str]:
        """The lines of a node and of `depth` levels below it."""
        origin = None if tree.operands else self.facts.origin(tree)
        unit = unit or (tree.formula.unit if tree.formula else origin.unit if origin else None)
        ends = "" if tree.low is None or tree.high is None else f"  ({number(tree.low)} to {number(tree.high)})"
        head = f"{first}{tree.name} = {number(tree.value)}{f' {unit}' if unit else ''}{ends}"
        seen = (tree.name, tree.value, tree.key if origin else "")
        if seen in self.told and (origin is None or origin.observations):
            yield f"{head}  as above"
            return
        self.told.add(seen)
        yield head
        hangs = bool(tree.operands) and depth != 0
        under = rest + (PIPE if hangs else SPACE)
        if origin is not None:
            yield from (under + line for line in _leaf(origin))
        elif tree.formula:
            yield f"{under}{tree.formula.meaning.partition(chr(10))[0]}  [{tree.formula.source}]"
        else:
            yield f"{under}{tree.aggregate} of {len(tree.operands):,}"
        if hangs:
            yield from self._operands(tree, None if depth is None else depth - 1, rest)

    def _operands(self, tree: Tree, depth: int | None, rest: str) -> Iterator[str]:
        shown = tree.operands if tree.formula else tree.operands[:MEMBERS]
        left = len(tree.operands) - len(shown)
        for place, operand in enumerate(shown):
            last = place == len(shown) - 1 and not left
            yield from self.node(operand, depth, rest + (LAST if last else BRANCH), rest + (SPACE if last else PIPE))
        if left:
            yield f"{rest}{LAST}and {left:,} more (--format json tells all)"


def _leaf(origin: Origin) -> Iterator[str]:
    if origin.kind == RULE:
        yield f"set by the mart: {origin.reason}"
        return
    if origin.kind == UNKNOWN:
        yield origin.reason or "not traced"
        return
    if origin.in_core is not None:
        taken = f"taken at its {origin.end} end" if origin.end else "CHANGED"
        yield f"{taken}: core holds {number(origin.in_core)}"
    row = ", ".join(f"{name} = {value}" for name, value in origin.key.items())
    if origin.kind in (ASSUMPTION, DOCUMENT):
        stated = origin.observations[0]
        mark = "ASSUMPTION" if origin.kind == ASSUMPTION else "document"
        yield f"{mark}: {row}"
        if origin.reason:
            yield f"because: {origin.reason}"
        yield from _dates(stated)
        return
    yield f"core.{origin.table}: {row}" if "." not in str(origin.table) else f"{origin.table}: {row}"
    if origin.meaning:
        yield origin.meaning
    if origin.reason:
        yield origin.reason
    for found in origin.observations[:SHOWN]:
        yield f"• {number(found.value)}  {found.label}"
        yield from (f"  {line}" for line in _dates(found))
    if len(origin.observations) > SHOWN:
        yield f"• and {len(origin.observations) - SHOWN:,} more observations (--format json tells all)"


def _dates(found: Observation) -> Iterator[str]:
    facts = found.facts
    until = f" to {facts['valid_to']}" if "valid_to" in facts else ""
    known = f"known {facts['known_from']}" if "known_from" in facts else ""
    if known and "known_basis" in facts:
        known += f" ({facts['known_basis']})"
    parts = [
        f"{found.publisher or found.source_id}" + (f", grade {facts['grade']}" if "grade" in facts else ""),
        f"valid {facts['valid_from']}{until}" if "valid_from" in facts else "",
        known,
        f"last seen {facts['last_observed']}" if "last_observed" in facts else "",
        f"restated {facts['known_to']}" if "known_to" in facts else "",
    ]
    yield "; ".join(part for part in parts if part)
    if "citation" in facts:
        yield str(facts["citation"])
    if "payload_sha256" in facts:
        yield f"landing/*/{found.source_id}/{facts['payload_sha256']}/payload.gz, row {facts['row_number']}"
    for change in found.corrections:
        was = f"{number(change['published_price'])} {change['published_unit']}"
        now = f" -> {number(change['corrected_price'])} {change['corrected_unit']}" if change["corrected_price"] else ""
        yield f"CORRECTED by {change['correction_id']} ({change['decided_by']}, {change['decided_on']}): {was}{now}"
        yield f"because: {change['reason']}"
