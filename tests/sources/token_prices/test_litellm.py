"""LiteLLM's map, synthetic entries: one per form of key, and what a key that stands twice comes to."""

from __future__ import annotations

import json

import polars as pl
import pytest

from sources.errors import SourceError
from sources.payload import Payload
from sources.token_prices import litellm
from sources.token_prices.contract import CONTRACTS

DAY = "2026-11-03"


def payload(text: str) -> Payload:
    return Payload("litellm", "synthetic", text.encode(), "application/json", DAY)


def rows(**entry: object) -> pl.DataFrame:
    """What one synthetic model comes to."""
    return litellm.parse(payload(json.dumps({"m": {"litellm_provider": "s", "mode": "chat", **entry}})))


def stated(frame: pl.DataFrame) -> list[tuple]:
    return frame.select("token_kind", "processing", "tier", "price", "price_unit", "currency").rows()


@pytest.mark.parametrize(
    ("key", "kind", "processing", "tier"),
    [
        ("input_cost_per_token", "input", "standard", "base"),
        ("input_cost_per_token_batches", "input", "batch", "base"),
        ("input_cost_per_token_batch_requests", "input", "batch", "base"),
        ("output_cost_per_token_flex", "output", "flex", "base"),
        ("output_cost_per_token_above_200k_tokens_priority", "output", "priority", "above_200000"),
        ("output_cost_per_token_priority_above_272k_tokens", "output", "priority", "above_272000"),
        ("input_cost_per_token_above_1m_tokens", "input", "standard", "above_1000000"),
        ("input_cost_per_token_above_32000_tokens", "input", "standard", "above_32000"),
        ("input_cost_per_token_above_128K_tokens_batches", "input", "batch", "above_128000"),
        ("output_cost_per_token_ultrafast", "output", "standard", "service_tier ultrafast"),
        (
            "cache_read_input_token_cost_above_272k_tokens_ultrafast",
            "cached_input",
            "standard",
            "service_tier ultrafast above_272000",
        ),
        ("output_cost_per_reasoning_token", "output_reasoning", "standard", "base"),
        ("citation_cost_per_token", "output_citation", "standard", "base"),
        ("input_cost_per_audio_token_batches", "input_audio", "batch", "base"),
        ("output_cost_per_image_token", "output_image", "standard", "base"),
        ("output_cost_per_video_token", "output_video", "standard", "base"),
        ("cache_read_input_audio_token_cost", "cached_audio", "standard", "base"),
        ("cache_read_input_image_token_cost", "cached_image", "standard", "base"),
        ("input_cost_per_token_cache_hit", "cached_input", "standard", "base"),
        ("explicit_cache_read_input_token_cost", "cached_input", "standard", "cache explicit"),
        ("cache_creation_input_token_cost", "cache_write", "standard", "base"),
        ("cache_creation_input_audio_token_cost", "cache_write_audio", "standard", "base"),
        ("cache_creation_input_token_cost_above_1hr", "cache_write_1h", "standard", "base"),
        ("cache_creation_input_token_cost_above_1hr_above_200k_tokens", "cache_write_1h", "standard", "above_200000"),
        (
            "cache_creation_input_token_cost_above_12hr_above_272k_tokens_batches",
            "cache_write_12h",
            "batch",
            "above_272000",
        ),
    ],
)
def test_what_a_key_prices(key, kind, processing, tier):
    frame = rows(**{key: 2.5e-06})
    assert stated(frame) == [(kind, processing, tier, "2.5e-06", "usd_per_token", "USD")]
    assert CONTRACTS["observation"].validate(frame, "litellm").accepted["price"].to_list() == [2.5e-06]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-06-13", ("2024-06-12", "2024-06-13", "2024-06-12")),  # no longer served when the map was read
        (DAY, ("2026-11-02", DAY, "2026-11-02")),
        ("2026-11-04", (DAY, "2026-11-04", DAY)),
        ("2027-01-31", (DAY, "2027-01-31", DAY)),
        ("soon", (DAY, None, DAY)),
        (None, (DAY, None, DAY)),
    ],
)
def test_the_day_a_model_is_no_longer_served_ends_its_price(day, expected):
    frame = rows(input_cost_per_token=1.5e-06, deprecation_date=day)
    row = CONTRACTS["observation"].validate(frame, "litellm").accepted.row(0, named=True)
    found = (row["valid_from"], row["valid_to"], row["last_observed"])
    assert tuple(date and date.isoformat() for date in found) == expected
    assert (row["known_from"].isoformat(), row["known_basis"]) == (DAY, "first_seen")
    assert row["note"] == (None if day is None else f"deprecation_date {day}")


@pytest.mark.parametrize(
    ("key", "kind", "unit"),
    [
        ("output_cost_per_image", "output_cost_per_image", "usd_per_image"),
        ("input_cost_per_audio_per_second", "input_cost_per_audio_per_second", "usd_per_audio_per_second"),
        ("output_cost_per_second_1080p", "output_cost_per_second_1080p", "usd_per_second_1080p"),
        ("input_cost_per_character", "input_cost_per_character", "usd_per_character"),
        ("ocr_cost_per_page", "ocr_cost_per_page", "usd_per_page"),
        ("output_cost_per_image_0.5K", "output_cost_per_image_0.5K", "usd_per_image_0.5K"),
    ],
)
def test_what_is_no_token_goes_on_with_its_unit_and_is_turned_away(key, kind, unit):
    frame = rows(**{key: 0.04})
    assert frame.select("token_kind", "price_unit").rows() == [(kind, unit)]
    rejected = CONTRACTS["observation"].validate(frame, "litellm").rejected
    assert "price_unit" in rejected["all_failures"][0]


def test_prices_of_a_search_by_its_size_are_rows_of_their_own():
    frame = rows(search_context_cost_per_query={"search_context_size_low": 0.03, "search_context_size_high": 0.05})
    assert frame.select("tier", "price", "price_unit").rows() == [
        ("option search_context_size_low", "0.03", "usd_per_query"),
        ("option search_context_size_high", "0.05", "usd_per_query"),
    ]


def test_databricks_units_are_no_dollars():
    frame = rows(input_dbu_cost_per_token=1.4e-06)
    assert CONTRACTS["observation"].validate(frame, "litellm").rejected["field"].to_list() == ["currency"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("input_cost_per_smell_token", 1e-06),
        ("input_cost_per_token_turbo", 1e-06),
        ("output_db_cost_per_token", 1e-06),
        ("price_per_mtok", 3),
        ("time_of_use_pricing", {"peak_rates": {"input_cost_per_token": 1}}),
        ("usd_in", 1),
    ],
)
def test_a_price_of_an_unknown_kind_is_told_and_the_rest_is_read(key, value):
    frame = rows(input_cost_per_token=1e-06, **{key: value})
    assert [reason for reason in frame["parse_error"].drop_nulls() if key in reason]
    assert frame.filter(pl.col("parse_error").is_null())["token_kind"].to_list() == ["input"]


def test_keys_that_are_no_price_make_no_row():
    assert rows(rpm=1, max_tokens=5, supports_vision=True, regional_endpoint_uplift_multiplier=1.1).height == 0
    assert rows(input_cost_per_token=None).height == 0


@pytest.mark.parametrize("value", ["", "free", True, [1e-06], {"a": 1}, "1e400", "NaN"], ids=str)
def test_what_is_no_number_in_a_price_is_refused_and_told(value):
    frame = rows(input_cost_per_token=value)
    outcome = CONTRACTS["observation"].validate(frame, "litellm")
    assert (outcome.received, outcome.rejected.height) == (1, 1)


@pytest.mark.parametrize(("value", "price"), [("2.5e-06", 2.5e-06), (" 0.000001 ", 1e-06), (0, 0.0), (3e-05, 3e-05)])
def test_numbers_in_every_writing_and_zero_are_passed(value, price):
    outcome = CONTRACTS["observation"].validate(rows(input_cost_per_token=value), "litellm")
    assert outcome.accepted["price"].to_list() == [price]


def test_steps_by_length_of_the_prompt():
    frame = rows(
        input_cost_per_token=1e-06,
        tiered_pricing=[
            {"range": [0, 32000.0], "input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06},
            {"range": [32000.0, 128000.0], "input_cost_per_token": 2e-06},
        ],
    )
    assert sorted(frame.select("token_kind", "tier", "price", "note").rows()) == [
        ("input", "above_32000", "2e-06", None),
        ("input", "base", "1e-06", "stands 2 times, alike"),
        ("output", "base", "5e-06", None),
    ]


@pytest.mark.parametrize(
    "steps",
    [
        7,
        [7],
        [{"input_cost_per_token": 1}],
        [{"range": "0-1", "input_cost_per_token": 1}],
        [{"range": [0.5, 1], "input_cost_per_token": 1}],
        [{"range": [None, 1], "input_cost_per_token": 1}],
        [{"range": [1e999, 1], "input_cost_per_token": 1}],
        [{"range": [10, 20], "input_cost_per_token_above_200k_tokens": 1}],
    ],
    ids=str,
)
def test_steps_of_an_unknown_form_are_told(steps):
    assert rows(tiered_pricing=steps)["parse_error"].null_count() == 0


def test_hours_the_map_calls_off_peak():
    frame = rows(
        input_cost_per_token=3e-07,
        off_peak_pricing={"hours_utc": "16:30-00:30", "input_cost_per_token": 1.5e-07},
    )
    assert frame.select("processing", "price", "note").rows() == [
        ("standard", "3e-07", None),
        ("off_peak", "1.5e-07", 'off-peak hours (UTC): "16:30-00:30"'),
    ]


TWICE = '{{"m": {{"litellm_provider": "s", {}}}, "m": {{"litellm_provider": "s", {}}}}}'


def test_a_key_that_stands_twice_alike_is_one_row_and_says_so():
    frame = litellm.parse(payload(TWICE.format('"input_cost_per_token": 1e-06', '"input_cost_per_token": 0.000001')))
    assert frame.select("price", "note", "parse_error").rows() == [("1e-06", "stands 2 times, alike", None)]


def test_a_key_that_stands_twice_with_two_prices_is_refused_in_both_readings():
    text = TWICE.format(
        '"input_cost_per_token": 1e-06, "output_cost_per_token": 5e-06',
        '"input_cost_per_token": 9e-06, "output_cost_per_token": 5e-06',
    )
    frame = litellm.parse(payload(text))
    assert frame.filter(pl.col("parse_error").is_null())["token_kind"].to_list() == ["output"]
    refused = CONTRACTS["observation"].validate(frame, "litellm").rejected
    assert refused["rule"].to_list() == ["m: input stands 2 times, as 1e-06 and 9e-06"] * 2
    assert [json.loads(row)["price"] for row in refused["row_json"]] == ["1e-06", "9e-06"]


def test_a_price_key_that_stands_twice_in_one_entry_is_seen_too():
    frame = litellm.parse(
        payload('{"m": {"litellm_provider": "s", "input_cost_per_token": 1e-06, "input_cost_per_token": 1}}')
    )
    assert frame["parse_error"].null_count() == 0
    two_sellers = litellm.parse(
        payload('{"m": {"litellm_provider": "s", "litellm_provider": "t", "input_cost_per_token": 1}}')
    )
    assert "litellm_provider stands 2 times" in two_sellers["parse_error"][0]


@pytest.mark.parametrize("text", ["[]", "{}", "7", '{"m": ', "\ud83d", "[" * 100_000, '{"a": ' + "9" * 5000 + "}"])
def test_what_is_no_map_is_refused_whole(text):
    whole = Payload("litellm", "synthetic", text.encode("utf-8", "surrogatepass"), "application/json", DAY)
    with pytest.raises(SourceError):
        litellm.parse(whole)
    with pytest.raises(SourceError, match="no date"):
        litellm.parse(Payload("litellm", "synthetic", b'{"m": {}}', "application/json"))
