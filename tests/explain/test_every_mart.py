"""`rackhour explain` on a real release: every figure of one row of each kind of every mart, down to its leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.explain.explaining import ALL, Explained, explain, figures
from pipelines.explain.facts import OBSERVATION, UNKNOWN
from pipelines.explain.tree import evaluate, leaves, walk
from pipelines.home.places import Home
from pipelines.mart_kit.all_marts import marts
from pipelines.release import query

KINDS = {
    "model_result": "model_id",
    "claim_check": "kind",
    "inconsistency_check": "found",
    "price_index": "deflator",
    "price_deflation": "deflator",
}
"""Marts whose rows are of more kinds than readings: the column that tells them apart."""


@pytest.fixture(scope="module")
def connection(released_home: Path):
    return query.connect(Home(released_home))


def explained(connection, mart: str) -> Iterator[Explained]:
    """One row of each reading of each kind."""
    names = [name for name in (KINDS.get(mart), "reading") if name in marts()[mart].SCHEMA.names]
    if not names:
        yield explain(connection, mart, None, ALL)
        return
    for values in connection.sql(
        f"select distinct {', '.join(names)} from rackhour.marts.{mart} order by all"
    ).fetchall():
        where = " and ".join(f"{name} = '{value}'" for name, value in zip(names, values, strict=True))
        yield explain(connection, mart, where, ALL)


@pytest.mark.parametrize("mart", [name for name, module in marts().items() if figures(module.SCHEMA)])
def test_every_figure_leads_to_somebody_who_stated_it_and_comes_out_again(connection, mart):
    wrong = []
    explained_figures = 0
    for found in explained(connection, mart):
        where = f"{mart} {found.key}"
        assert set(found.trees) == {n for n in found.trees if found.row[n] is not None}
        for name, of in found.trees.items():
            explained_figures += 1
            again = evaluate(of)[0]
            if again != pytest.approx(found.row[name], rel=1e-9, abs=1e-9):
                wrong.append(f"{where}: {name} is {found.row[name]}, its leaves give {again}")
            for leaf in leaves(of).values():
                origin = found.facts.origin(leaf)
                if origin.kind == UNKNOWN and leaf.value is not None:
                    wrong.append(f"{where}: {name}: nobody says where {leaf.name} = {leaf.value} comes from")
                if origin.kind == OBSERVATION and not origin.observations:
                    wrong.append(f"{where}: {name}: no observation behind {origin.table}.{origin.column}")
                for observation in origin.observations:
                    assert observation.publisher or observation.facts.get("citation"), (where, leaf)
            assert all(node.name for node in walk(of))
    assert wrong == []
    assert explained_figures
