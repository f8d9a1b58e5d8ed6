"""Explain names who states each operand: a document, an operator, a law, or rackhour. Not here: what it is worth."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.explain.explaining import ALL, Explained, explain
from pipelines.explain.facts import ASSUMPTION, DOCUMENT, STATED, Origin, signature
from pipelines.explain.text import as_text
from pipelines.explain.tree import leaves
from pipelines.home.places import Home
from pipelines.release import query
from sources.documents import DOCUMENTS, OURS


@pytest.fixture(scope="module")
def connection(released_home: Path):
    return query.connect(Home(released_home))


def origins(told: Explained) -> Iterator[tuple[str, Origin]]:
    for tree in told.trees.values():
        for leaf in leaves(tree).values():
            yield leaf.name, told.facts.origin(leaf)


def test_success_at_a_task_is_ours_and_the_price_beside_it_is_the_documents(connection) -> None:
    told = explain(
        connection, "model_result", "model_id = 'M25' and reading = 'illustration' and line = 'cost_of_pass_usd'", ALL
    )
    signed = {
        name: (origin.kind, origin.observations[0].publisher) for name, origin in origins(told) if origin.observations
    }
    assert signed["success_share"] == (ASSUMPTION, OURS)
    assert signed["output_tokens_per_attempt"] == (ASSUMPTION, OURS)
    assert signed["output_price_usd_per_mtok"] == (DOCUMENT, DOCUMENTS)
    text = as_text(told)
    assert "ASSUMPTION of rackhour: assumption_set = m25_cost_of_pass, parameter = success_share" in text
    assert "docs/economics.md#m25" in text


def test_rent_and_realised_share_of_the_documents_factory_are_ours(connection) -> None:
    told = explain(connection, "rack_hour_factory", "scenario = 'base' and inference_share = 0.5", ALL)
    assert told.row["reading"] == "illustration"
    signed = {name: origin.observations[0].publisher for name, origin in origins(told) if origin.observations}
    ours = {"rental_usd_per_gpu_hour", "realised_price_share", "tokens_per_s_per_rack", "inference_share"}
    assert {name for name in ours if signed[name] == OURS} == ours
    assert {signed["mix_price_usd_per_mtok"], signed["gpus"], signed["kw_per_rack"]} == {DOCUMENTS}


def test_no_result_on_invented_operands_is_called_published(connection) -> None:
    rows = connection.sql(
        "select distinct model_id, reading from rackhour.marts.model_result where model_id in ('M23', 'M24', 'M25')"
    ).fetchall()
    assert {reading for _, reading in rows} == {"illustration", "professional"}
    scenarios = connection.sql("select distinct reading from rackhour.marts.rack_hour_factory").fetchall()
    assert {reading for (reading,) in scenarios} == {"illustration", "professional"}


def test_a_law_is_neither_a_document_nor_ours(connection) -> None:
    row = connection.sql("select * from rackhour.core.assumption where subject = 'MACRS 5-year' limit 1").pl()
    assert signature("assumption", row.row(0, named=True)) == "US Internal Revenue Service"
    told = explain(connection, "buy_vs_rent", "reading = 'professional' and gpu = 'H100 SXM'", ALL)
    kinds = {origin.observations[0].publisher: origin.kind for _, origin in origins(told) if origin.observations}
    assert kinds["US Internal Revenue Service"] == STATED


@pytest.mark.parametrize(
    ("table", "row", "signed"),
    [
        ("assumption", {"publisher": "DeepSeek", "citation": "004:1"}, "DeepSeek"),
        ("claim", {"citation": "000:7"}, DOCUMENTS),
        ("claim_binding", {"citation": "000:15", "source_id": "claim_bindings_gpu_hour"}, DOCUMENTS),
        ("inconsistency_operand", {"citation": "docs/economics.md#plain-arithmetic: hours of a year"}, OURS),
    ],
)
def test_what_names_no_publisher_is_signed_by_its_citation(table: str, row: dict[str, str], signed: str) -> None:
    assert signature(table, row) == signed
