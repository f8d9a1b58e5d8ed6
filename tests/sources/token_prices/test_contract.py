"""The contracts of token prices: one synthetic row per rule they must refuse, and what the embedded files come to."""

from __future__ import annotations

import csv

import polars as pl
import pytest

from sources.registry import all_sources
from sources.token_prices.contract import CONTRACTS, PROCESSINGS, TOKEN_KINDS
from tests.conftest import ROOT

GOOD = {
    "provider_label": "synthetic",
    "model_label": "model-1",
    "model_name": "",
    "token_kind": "input",
    "processing": "standard",
    "tier": "base",
    "price": "2.5",
    "price_unit": "usd_per_mtok",
    "currency": "USD",
    "valid_from": "2026-01-01",
    "valid_to": "",
    "known_from": "2026-01-01",
    "known_basis": "published",
    "last_observed": "2026-01-01",
    "observation_count": "1",
    "grade": "B",
    "citation": "synthetic:1",
    "note": "",
}
STATEMENT = {
    "model_label": "model-1",
    "release_date": "2026-01-01",
    "weights": "open",
    **{k: GOOD[k] for k in GOOD if k in ("valid_from", "known_from", "known_basis", "last_observed")},
    "observation_count": "1",
    "grade": "B",
    "citation": "synthetic:1",
}


def verdict(**changes: str) -> pl.DataFrame:
    return CONTRACTS["observation"].validate(pl.DataFrame([GOOD | changes]), "synthetic").rejected


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"price": "0"},
        {"price": "375"},
        {"price": "1500", "token_kind": "output"},
        {"price": "0.0000025", "price_unit": "usd_per_token"},
        {"tier": "above_200000"},
        {"tier": "route mistral/eu"},
        {"tier": "route mistral/eu above_200000"},
    ],
    ids=str,
)
def test_a_sound_row_passes(changes):
    assert verdict(**changes).height == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price": "-1"}, "price"),
        ({"price": "-1", "price_unit": "usd_per_token"}, "price"),
        ({"price": ""}, "price"),
        ({"price": "free"}, "price"),
        ({"price": "inf"}, "price"),
        ({"price": "135000"}, "row"),
        ({"price": "3200", "token_kind": "output"}, "row"),
        ({"price": "500", "token_kind": "cached_input"}, "row"),
        ({"price": "0.135", "price_unit": "usd_per_token"}, "row"),
        ({"price_unit": "usd_per_kcount"}, "price_unit"),
        ({"currency": "CNY"}, "currency"),
        ({"token_kind": "web_searches_kcount"}, "token_kind"),
        ({"processing": "overnight"}, "processing"),
        ({"tier": "long"}, "tier"),
        ({"model_label": "sample_spec"}, "model_label"),
        ({"model_label": ""}, "model_label"),
        ({"provider_label": ""}, "provider_label"),
        ({"valid_to": "2026-01-01"}, "row"),
        ({"known_from": "yesterday"}, "known_from"),
        ({"grade": "D"}, "grade"),
    ],
    ids=str,
)
def test_a_broken_row_is_refused_by_name(changes, field):
    assert verdict(**changes)["field"].to_list() == [field]


@pytest.mark.parametrize(
    ("changes", "rejected"),
    [
        ({}, 0),
        ({"release_date": ""}, 0),
        ({"release_date": "", "weights": ""}, 1),
        ({"release_date": "2026-01"}, 1),
        ({"weights": "leaked"}, 1),
    ],
    ids=str,
)
def test_a_statement_about_a_model_says_something(changes, rejected):
    outcome = CONTRACTS["model_statement"].validate(pl.DataFrame([STATEMENT | changes]), "synthetic")
    assert outcome.rejected.height == rejected


@pytest.mark.parametrize(
    ("source_id", "received", "refused"),
    [
        ("genai_prices", 7770, 194),
        ("genai_prices_history", 2719, 0),
        ("genai_prices_history_captures", 19, 0),
        ("openrouter_history", 3729, 0),
        ("openrouter_history_captures", 31, 0),
        ("models_dev_models", 415, 0),
        ("document_token_prices", 49, 0),
    ],
)
def test_what_the_embedded_sources_come_to(source_id, received, refused):
    spec = all_sources()[source_id]
    connector = spec.load_connector()
    [payload] = connector.fetch_offline(spec)
    outcome = spec.load_contract().validate(connector.parse(payload), source_id)
    assert (outcome.received, outcome.rejected.height) == (received, refused)
    assert outcome.accepted.height == received - refused
    # Refused are prices of things that are no tokens, by their unit.
    assert set(outcome.rejected["field"]) <= {"price_unit"}
    assert not any("mtok" in str(value) for value in outcome.rejected["value"])


def test_every_kind_and_processing_is_explained_to_users():
    with (ROOT / "dbt_project" / "seeds" / "enumeration_token_prices.csv").open(encoding="utf-8") as stream:
        listed = [(row["column_name"], row["value"]) for row in csv.DictReader(stream)]
    assert [value for name, value in listed if name == "processing"] == list(PROCESSINGS)
    assert sorted(value for name, value in listed if name == "token_kind") == sorted(TOKEN_KINDS)


def test_openrouter_runs_of_one_route_never_overlap():
    spec = all_sources()["openrouter_history"]
    rows = pl.read_csv(spec.folder / spec.offline, infer_schema=False).sort("model_label", "token_kind", "valid_from")
    following = pl.col("valid_from").shift(-1).over("model_label", "token_kind")
    assert rows.filter(following.is_not_null() & (pl.col("valid_to").fill_null("9999") > following)).height == 0
    assert rows.filter(pl.col("last_observed") < pl.col("valid_from")).height == 0
    assert rows.filter(pl.col("valid_from") != pl.col("known_from")).height == 0


def test_contradictions_of_the_documents_stand_side_by_side_with_their_lines():
    spec = all_sources()["document_token_prices"]
    rows = pl.read_csv(spec.folder / spec.offline, infer_schema=False)
    assert set(rows["grade"]) == {"C"}
    opus = rows.filter(pl.col("model_label").str.starts_with("Opus 4.5"), pl.col("token_kind") == "output")
    assert sorted(zip(opus["price"], opus["citation"].str.slice(0, 7), strict=True)) == [
        ("25.0", "004:148"),
        ("75.0", "004:14 "),
    ]
    assert opus["note"].null_count() == 0
    assert rows.filter(pl.col("note").str.contains("outside knowledge"))["model_label"].unique().sort().to_list() == [
        "GPT-5",
        "Haiku 3.5",
    ]
