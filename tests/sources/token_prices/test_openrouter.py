"""OpenRouter's list, synthetic in its documented shape: texts per token, sentinels, other units, overrides, hours."""

from __future__ import annotations

import json

import polars as pl
import pytest

from sources.errors import SourceError
from sources.payload import Payload
from sources.token_prices import openrouter
from sources.token_prices.contract import CONTRACTS

DAY = "2026-11-21"
# The shape of the documentation's model object; every figure and name is invented.
SYNTHETIC_MODEL = {
    "id": "lab/model-1",
    "canonical_slug": "lab/model-1-20260101",
    "name": "Lab: Model 1",
    "created": 1767225600,
    "context_length": 200000,
    "architecture": {"modality": "text->text", "input_modalities": ["text"], "output_modalities": ["text"]},
    "top_provider": {"is_moderated": False, "context_length": 200000, "max_completion_tokens": 8192},
    "per_request_limits": None,
    "supported_parameters": ["max_tokens"],
    "expiration_date": None,
}


def payload(*models: object) -> Payload:
    content = json.dumps({"data": list(models)}).encode()
    return Payload("openrouter", "synthetic", content, "application/json", DAY)


def rows(pricing: object, **model: object) -> pl.DataFrame:
    return openrouter.parse(payload({**SYNTHETIC_MODEL, "pricing": pricing, **model}))


def stated(frame: pl.DataFrame) -> list[tuple]:
    return sorted(frame.select("token_kind", "processing", "tier", "price").rows())


def test_every_documented_price_has_its_kind():
    frame = rows(
        {
            "prompt": "0.000003",
            "completion": "0.000015",
            "internal_reasoning": "0.00002",
            "input_cache_read": "0.0000003",
            "input_cache_write": "0.00000375",
            "input_cache_write_1h": "0.000006",
            "audio": "0.00004",
            "audio_output": "0.00008",
            "input_audio_cache": "0.000004",
            "image_token": "0.000005",
            "request": "0.01",
            "image": "0.0048",
            "image_output": "0.04",
            "web_search": "0.01",
        }
    )
    outcome = CONTRACTS["observation"].validate(frame, "openrouter")
    assert outcome.accepted.select("token_kind", "price").rows() == [
        ("input", 3e-06),
        ("output", 1.5e-05),
        ("output_reasoning", 2e-05),
        ("cached_input", 3e-07),
        ("cache_write", 3.75e-06),
        ("cache_write_1h", 6e-06),
        ("input_audio", 4e-05),
        ("output_audio", 8e-05),
        ("cached_audio", 4e-06),
        ("input_image", 5e-06),
    ]
    assert set(outcome.accepted["price_unit"]) == {"usd_per_token"}
    assert set(outcome.accepted["grade"]) == {"A"}
    assert set(outcome.accepted["note"]) == {"canonical slug lab/model-1-20260101"}
    assert outcome.rejected.height == 4
    assert all("price_unit" in reason for reason in outcome.rejected["all_failures"])


def test_minus_one_means_varies_and_is_refused():
    outcome = CONTRACTS["observation"].validate(rows({"prompt": "-1", "completion": "-1"}), "openrouter")
    assert outcome.rejected.select("field", "value").rows() == [("price", "-1.0")] * 2


def test_free_routes_pass_with_their_zeros():
    outcome = CONTRACTS["observation"].validate(rows({"prompt": "0", "completion": "0"}, id="lab/m:free"), "openrouter")
    assert outcome.accepted.select("model_label", "price").rows() == [("lab/m:free", 0.0)] * 2


def test_a_price_of_an_unknown_kind_is_told():
    frame = rows({"prompt": "0.1", "per_thought": "0.2"})
    assert frame["parse_error"].to_list() == ["lab/model-1: a price of an unknown kind (per_thought)", None]


def test_longer_prompts_are_a_tier_and_what_an_override_leaves_out_is_not_invented():
    frame = rows(
        {
            "prompt": "0.000001",
            "completion": "0.00001",
            "overrides": [{"min_prompt_tokens": 200000, "prompt": "0.000002"}],
        }
    )
    assert stated(frame) == [
        ("input", "standard", "above_200000", "0.000002"),
        ("input", "standard", "base", "0.000001"),
        ("output", "standard", "base", "0.00001"),
    ]


def test_of_two_overrides_that_apply_the_later_goes_first():
    frame = rows(
        {
            "prompt": "1",
            "overrides": [
                {"min_prompt_tokens": 5, "prompt": "2", "completion": "7"},
                {"min_prompt_tokens": 5, "prompt": "3"},
            ],
        }
    )
    assert stated(frame) == [
        ("input", "standard", "above_5", "3"),
        ("input", "standard", "base", "1"),
        ("output", "standard", "above_5", "7"),
    ]


def test_cheaper_hours_are_off_peak():
    frame = rows(
        {
            "prompt": "0.4",
            "completion": "0.8",
            "input_cache_read": "0.1",
            "overrides": [{"utc_start": 1630, "utc_end": 30, "prompt": "0.2"}],
        }
    )
    assert stated(frame) == [
        ("cached_input", "standard", "base", "0.1"),
        ("input", "off_peak", "base", "0.2"),
        ("input", "standard", "base", "0.4"),
        ("output", "standard", "base", "0.8"),
    ]
    [hours] = frame.filter(pl.col("processing") == "off_peak")["note"]
    assert "utc_start 1630, utc_end 30" in hours


def test_where_an_override_is_dearer_the_base_is_the_discount():
    frame = rows({"prompt": "0.2", "overrides": [{"utc_start": 30, "utc_end": 1630, "prompt": "0.4"}]})
    assert stated(frame) == [("input", "off_peak", "base", "0.2"), ("input", "standard", "base", "0.4")]


def test_two_windows_of_one_price_are_one_and_a_third_level_is_an_option():
    same = rows(
        {
            "prompt": "4",
            "overrides": [
                {"utc_days": ["sat", "sun"], "prompt": "2"},
                {"utc_start": 1, "utc_end": 2, "prompt": "2"},
            ],
        }
    )
    assert stated(same) == [("input", "off_peak", "base", "2"), ("input", "standard", "base", "4")]
    three = rows(
        {
            "prompt": "4e-6",
            "overrides": [
                {"utc_start": 1, "utc_end": 2, "prompt": "3e-6"},
                {"utc_start": 3, "utc_end": 4, "prompt": "2e-6"},
            ],
        }
    )
    assert [row[1:] for row in stated(three)] == [
        ("off_peak", "base", "2e-6"),
        ("standard", "base", "4e-6"),
        ("standard", "hours utcstart1utcend2", "3e-6"),
    ]
    assert CONTRACTS["observation"].validate(three, "openrouter").accepted.height == 3


def test_hours_of_longer_prompts():
    frame = rows(
        {
            "prompt": "1",
            "overrides": [
                {"min_prompt_tokens": 9, "prompt": "2"},
                {"min_prompt_tokens": 9, "utc_start": 1, "utc_end": 2, "prompt": "1.5"},
            ],
        }
    )
    assert stated(frame) == [
        ("input", "off_peak", "above_9", "1.5"),
        ("input", "standard", "above_9", "2"),
        ("input", "standard", "base", "1"),
    ]


@pytest.mark.parametrize(
    "override",
    [
        7,
        {"prompt": "1"},
        {"min_prompt_tokens": "many", "prompt": "1"},
        {"min_prompt_tokens": True, "prompt": "1"},
        {"min_prompt_tokens": -1, "prompt": "1"},
        {"max_prompt_tokens": 5, "prompt": "1"},
        {"min_prompt_tokens": 5, "region": "eu", "prompt": "1"},
    ],
    ids=str,
)
def test_an_override_of_an_unknown_form_is_told_and_the_base_is_read(override):
    frame = rows({"prompt": "0.5", "overrides": [override]})
    assert stated(frame.filter(pl.col("parse_error").is_null())) == [("input", "standard", "base", "0.5")]
    [reason] = frame["parse_error"].drop_nulls()
    assert "an override of an unknown form" in reason


@pytest.mark.parametrize("model", [7, {}, {"id": 5, "pricing": {}}, {"id": "a", "pricing": "dear"}], ids=str)
def test_a_model_of_an_unknown_form_is_told_and_the_next_is_read(model):
    good = {**SYNTHETIC_MODEL, "pricing": {"prompt": "1"}}
    frame = openrouter.parse(payload(model, good))
    assert frame["parse_error"].null_count() == 1


def test_notes_say_when_a_model_may_go_and_what_is_taken_off():
    frame = rows({"prompt": "1", "discount": 0.25}, canonical_slug="lab/model-1", expiration_date="2026-12-31")
    assert frame["note"].to_list() == ["may be removed after 2026-12-31; discount 0.25 stated beside it"]
    assert frame["valid_to"].to_list() == [None]


@pytest.mark.parametrize("content", [b"[]", b'{"data": []}', b'{"data": {"a": 1}}', b'{"error": {"code": 500}}'])
def test_an_answer_that_lists_no_models_is_refused_whole(content):
    with pytest.raises(SourceError, match=r"no models|no JSON object"):
        openrouter.parse(Payload("openrouter", "synthetic", content, "application/json", DAY))
