"""models.dev, synthetic entries in the published shape: kinds, tiers, modes, zeros of plans, unknown keys told."""

from __future__ import annotations

import json

import polars as pl
import pytest

from sources.errors import SourceError
from sources.payload import Payload
from sources.token_prices import models_dev
from sources.token_prices.contract import CONTRACTS

DAY = "2026-06-30"


def payload(document: object) -> Payload:
    return Payload("models_dev", "synthetic", json.dumps(document).encode(), "application/json", DAY)


def rows(cost: object, **model: object) -> pl.DataFrame:
    entry = {"id": "m", "name": "M", "cost": cost, "limit": {"context": 1}, "release_date": "2026-01", **model}
    return models_dev.parse(payload({"seller": {"id": "seller", "name": "S", "models": {"m": entry}}}))


def stated(frame: pl.DataFrame) -> list[tuple]:
    return sorted(frame.select("token_kind", "processing", "tier", "price", "price_unit").rows())


def test_every_kind_of_the_schema():
    frame = rows(
        {
            "input": 3,
            "output": 15.5,
            "reasoning": 20,
            "cache_read": 0.3,
            "cache_write": 3.75,
            "input_audio": 40,
            "output_audio": 80,
        },
        status="deprecated",
    )
    outcome = CONTRACTS["observation"].validate(frame, "models_dev")
    assert outcome.accepted.select("provider_label", "model_label", "model_name", "token_kind", "price").rows() == [
        ("seller", "m", "M", "input", 3.0),
        ("seller", "m", "M", "output", 15.5),
        ("seller", "m", "M", "output_reasoning", 20.0),
        ("seller", "m", "M", "cached_input", 0.3),
        ("seller", "m", "M", "cache_write", 3.75),
        ("seller", "m", "M", "input_audio", 40.0),
        ("seller", "m", "M", "output_audio", 80.0),
    ]
    assert set(outcome.accepted["note"]) == {"status deprecated"}


@pytest.mark.parametrize(("key", "tier"), [("context_over_128k", "above_128000"), ("context_over_1m", "above_1000000")])
def test_a_length_is_read_from_its_key(key, tier):
    assert rows({"input": 1, key: {"input": 3}}).filter(pl.col("price") == "3")["tier"].to_list() == [tier]


def test_longer_prompts_in_both_forms_and_modes():
    old = {"input": 2, "output": 9}
    frame = rows(
        {
            "input": 1,
            "context_over_200k": old,
            "tiers": [{**old, "tier": {"size": 200000, "type": "context"}}, {"input": 4, "tier": {"size": 500000}}],
        },
        experimental={
            "modes": {
                "fast": {"cost": {"input": 6, "tiers": [{"input": 12, "tier": {"size": 200000}}]}},
                "deep": {"cost": {"input": 7}},
                "plain": {"provider": {}},
            }
        },
    )
    assert stated(frame) == [
        ("input", "fast", "above_200000", "12", "usd_per_mtok"),
        ("input", "fast", "base", "6", "usd_per_mtok"),
        ("input", "standard", "above_200000", "2", "usd_per_mtok"),
        ("input", "standard", "above_500000", "4", "usd_per_mtok"),
        ("input", "standard", "base", "1", "usd_per_mtok"),
        ("input", "standard", "mode deep", "7", "usd_per_mtok"),
        ("output", "standard", "above_200000", "9", "usd_per_mtok"),
    ]
    assert CONTRACTS["observation"].validate(frame, "models_dev").rejected.height == 0


def test_a_plan_paid_by_the_month_passes_with_its_zeros_and_a_model_without_a_cost_has_no_row():
    assert rows({"input": 0, "output": 0})["price"].to_list() == ["0", "0"]
    assert rows({}).height == 0
    assert rows(None).height == 0


def test_what_is_no_token_and_what_nobody_explains():
    frame = rows({"input": 1, "request": 5, "image": 21, "cache_input": 0.1, "smell": 2})
    outcome = CONTRACTS["observation"].validate(frame, "models_dev")
    assert outcome.accepted["token_kind"].to_list() == ["input"]
    assert sorted(frame["parse_error"].drop_nulls()) == [
        "m: a price of an unknown kind (cache_input)",
        "m: a price of an unknown kind (smell)",
    ]


@pytest.mark.parametrize(
    "cost",
    [
        7,
        [1],
        {"tiers": 5},
        {"tiers": [5]},
        {"tiers": [{"input": 1}]},
        {"tiers": [{"input": 1, "tier": {"size": "big"}}]},
        {"tiers": [{"input": 1, "tier": {"size": 5, "type": "hour"}}]},
        {"context_over_200k": 3},
        {"input": {"base": 1}},
    ],
    ids=str,
)
def test_a_cost_of_an_unknown_form_is_told(cost):
    frame = rows(cost)
    assert frame.height == 1
    assert frame["parse_error"].null_count() == 0


def test_a_model_that_stands_twice_with_two_prices_is_refused_in_both_readings():
    text = '{"s": {"models": {"m": {"cost": {"input": 1}}, "m": {"cost": {"input": 2}}, "n": {"cost": {"input": 3}}}}}'
    frame = models_dev.parse(Payload("models_dev", "synthetic", text.encode(), "application/json", DAY))
    assert frame.filter(pl.col("parse_error").is_null())["model_label"].to_list() == ["n"]
    assert frame["parse_error"].drop_nulls().to_list() == ["m: input stands 2 times, as 1 and 2"] * 2


def test_a_seller_of_an_unknown_form_is_told_and_the_next_is_read():
    frame = models_dev.parse(payload({"a": 7, "b": {"models": [1]}, "s": {"models": {"m": {"cost": {"input": 1}}}}}))
    assert frame["parse_error"].null_count() == 1
    assert frame.height == 3


def test_the_form_of_stored_captures_is_read_too():
    frame = models_dev.parse(payload({"seller/lab/m:v1": {"cost": {"input": 1}, "release_date": "2026-01-01"}}))
    assert frame.select("provider_label", "model_label").rows() == [("seller", "lab/m:v1")]


@pytest.mark.parametrize("document", [[], {}, {"a": 7}, {"a": {"models": {}}}, {"a": {"models": []}}], ids=str)
def test_what_lists_no_models_is_refused_whole(document):
    with pytest.raises(SourceError):
        models_dev.parse(payload(document))
