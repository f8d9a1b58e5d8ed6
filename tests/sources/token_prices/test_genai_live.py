"""genai-prices live: the real JSON through a local server, and the answers a server should not give."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable

import polars as pl
import pytest

from sources.client import open_client
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import all_sources
from sources.token_prices import genai_prices

REAL = "data/token_prices/payloads/genai_prices_v2_14590c4f__asof_2026-08-19.json.gz"


@pytest.fixture
def answer(publisher_server, monkeypatch) -> Callable[..., None]:
    """Sets what the publisher on this machine answers."""
    monkeypatch.setenv("RACKHOUR_BASE_GENAI_PRICES", publisher_server.base + "/v2/data.json")

    def say(body: bytes, status: int = 200) -> None:
        headers = {"Content-Type": "text/plain; charset=utf-8", "ETag": '"synthetic"'}
        publisher_server.serve("/v2/data.json", body, headers, status)

    return say


def fetched() -> Payload:
    spec = all_sources()["genai_prices"]
    with open_client(spec) as client:
        [payload] = genai_prices.fetch_live(spec, client)
    return payload


@pytest.mark.shared
def test_the_real_list_of_august_is_read(shared, answer):
    body = gzip.decompress((shared / REAL).read_bytes())
    answer(body)
    payload = fetched()
    assert payload.content == body
    assert payload.metadata["etag"] == '"synthetic"'
    today = dt.datetime.now(dt.UTC).date()
    assert payload.observed_on == today.isoformat()
    spec = all_sources()["genai_prices"]
    outcome = spec.load_contract().validate(genai_prices.parse(payload), spec.source_id)
    assert outcome.received == outcome.accepted.height + outcome.rejected.height
    assert set(outcome.rejected["field"]) == {"price_unit"}
    accepted = outcome.accepted
    assert accepted["provider_label"].n_unique() == 36
    assert accepted.select("provider_label", "model_label").n_unique() >= 1300
    assert set(accepted["known_from"]) == {today}
    assert set(accepted["known_basis"]) == {"loaded"}
    assert accepted["citation"][0].startswith("http://127.0.0.1")
    opus = accepted.filter(
        pl.col("model_label") == "claude-opus-4-6",
        pl.col("provider_label") == "anthropic",
        pl.col("token_kind") == "output",
    )
    # The long-context price ended when the next record, which has none, began.
    assert opus.select("tier", "price", "valid_from", "valid_to").sort("tier").rows() == [
        ("above_200000", 37.5, dt.date(2026, 3, 12), dt.date(2026, 3, 13)),
        ("base", 25.0, dt.date(2026, 3, 12), None),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>busy</html>", "a web page in place of data"),
        (b"[]", "is no list of providers"),
        (b'{"providers": []}', "is no list of providers"),
        (b'[{"id": "x"}]', "is no list of providers"),
        (b'[{"id": "x", "models": [], "models": []}]', "is no list of providers"),
        (b"\xff\xfe", "something else than json"),
        (b"[{\xff", "cannot be read"),
    ],
    ids=str,
)
def test_an_answer_that_is_no_list_is_refused_whole(body, said, answer):
    answer(body)
    with pytest.raises(SourceError, match=said):
        fetched()


def test_a_refusal_is_told_with_the_way_out(answer):
    answer(b"", 404)
    with pytest.raises(SourceError, match="RACKHOUR_BASE_GENAI_PRICES"):
        fetched()


def test_a_price_that_stands_twice_is_refused_and_the_rest_is_read_synthetic(answer):
    body = json.dumps([{"id": "s", "models": [{"id": "a", "prices": {"input_mtok": 1}}]}])
    twice = '{"id": "b", "prices": {"input_mtok": 1, "input_mtok": 1000000}}'
    answer(body.replace("]}]", f", {twice}]}}]").encode())
    frame = genai_prices.parse(fetched())
    assert frame.filter(pl.col("parse_error").is_null())["model_label"].to_list() == ["a"]
    [reason] = frame["parse_error"].drop_nulls()
    assert "stands twice" in reason
