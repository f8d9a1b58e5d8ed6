"""An explained row as one JSON document: what pages and other programs read.

Not here: the text for a terminal (text.py).
"""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from pipelines.explain.explained import Explained
from pipelines.explain.facts import Facts, Observation
from pipelines.explain.tree import Tree


def as_json(explained: Explained) -> str:
    """The row's key, and every tree with formulas, operands and observations."""
    schema, _, name = explained.table.partition(".")
    document: dict[str, Any] = {"table": explained.table}
    if schema == "marts":
        document |= {"mart": name, "key": explained.key}
    else:
        document["row"] = {
            column: {"value": value, "meaning": explained.meanings.get(column)}
            for column, value in explained.row.items()
        }
    document["matching_rows"] = explained.matching
    document["figures"] = {
        column: node(tree, explained.facts, unit=explained.units.get(column))
        for column, tree in explained.trees.items()
    }
    return json.dumps(document, indent=1, default=_plain)


def node(tree: Tree, facts: Facts, unit: str | None = None) -> dict[str, Any]:
    """One node and everything below it."""
    made: dict[str, Any] = {"name": tree.name, "value": tree.value, "low": tree.low, "high": tree.high}
    made["unit"] = unit or (tree.formula.unit if tree.formula else None)
    if tree.formula:
        made["kind"] = "formula"
        made["formula"] = {
            "name": tree.formula.figure,
            "meaning": tree.formula.meaning,
            "source": tree.formula.source,
            "module": tree.formula.build.__module__,
        }
    elif tree.aggregate:
        made["kind"], made["aggregate"] = "aggregate", tree.aggregate
    else:
        made |= _leaf(tree, facts)
    if tree.operands:
        made["operands"] = [node(operand, facts) for operand in tree.operands]
    return made


def _leaf(tree: Tree, facts: Facts) -> dict[str, Any]:
    origin = facts.origin(tree)
    made: dict[str, Any] = {"kind": origin.kind}
    told = {"table": origin.table, "column": origin.column, "row": dict(origin.key), "meaning": origin.meaning}
    told |= {"unit": origin.unit, "reason": origin.reason}
    made |= {name: value for name, value in told.items() if value}
    if origin.in_core is not None:
        made |= {"value_in_core": origin.in_core, "taken_at": origin.end or "scenario"}
    if origin.observations:
        made["observations"] = [_observation(found) for found in origin.observations]
    return made


def _observation(found: Observation) -> dict[str, Any]:
    made = {
        "observation_id": found.observation_id,
        "source_id": found.source_id,
        "publisher": found.publisher,
        "title": found.title,
        "label": found.label,
        "value": found.value,
        **found.facts,
        "payload": found.payload,
        "payload_sha256": found.payload_sha256,
        "row_number": found.row_number,
        "corrections": [dict(correction) for correction in found.corrections],
    }
    return {name: value for name, value in made.items() if value not in (None, "", [])}


def _plain(value: object) -> object:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else str(value)
