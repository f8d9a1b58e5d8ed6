"""Real bad input of other public lists, held to this family's contract: each is refused, by name and with its reason.

The lists are not sources of the product; their defects are what a source of this family may send one day.
"""

from __future__ import annotations

import gzip
import json

import polars as pl
import pytest

from sources.token_prices.contract import CONTRACTS
from tests.sources.token_prices.test_contract import GOOD

PAYLOADS = "data/token_prices/payloads"


def rejected(rows: list[dict[str, str]]) -> pl.DataFrame:
    return CONTRACTS["observation"].validate(pl.DataFrame([GOOD | row for row in rows]), "synthetic").rejected


def litellm(shared) -> dict[str, dict]:
    path = shared / PAYLOADS / "litellm_wheel_1.99.0__asof_2026-08-25.json.gz"
    return json.loads(gzip.decompress(path.read_bytes()))


def per_token(label: str, price: object) -> dict[str, str]:
    return {"model_label": label, "price": str(price), "price_unit": "usd_per_token"}


@pytest.mark.shared
@pytest.mark.parametrize("prefix", ["wandb/", "azure_ai/jais-30b-chat", "watsonx/core42/jais-13b-chat"])
def test_prices_a_thousand_to_a_hundred_thousand_times_too_high(shared, prefix):
    rows = [
        per_token(key, entry["input_cost_per_token"])
        for key, entry in litellm(shared).items()
        if key.startswith(prefix) and entry.get("input_cost_per_token", 0) > 1e-5
    ]
    assert rows
    found = rejected(rows)
    assert found.height == len(rows)
    assert set(found["rule"]) == {"price_at_most_375_usd_per_mtok_in_and_1500_out"}


@pytest.mark.shared
def test_the_format_example_is_no_model(shared):
    example = litellm(shared)["sample_spec"]
    found = rejected([per_token("sample_spec", example["input_cost_per_token"])])
    assert found["field"].to_list() == ["model_label"]
    texts = rejected([per_token("synthetic", example["max_tokens"])])
    assert texts["rule"].to_list() == ["must be a finite number"]


@pytest.mark.shared
def test_every_sound_price_of_the_list_passes(shared):
    """The bounds cost nothing: of thousands of prices only those above them are refused, each one a unit error."""
    rows = [
        per_token(key, entry["output_cost_per_token"]) | {"token_kind": "output"}
        for key, entry in litellm(shared).items()
        if isinstance(entry.get("output_cost_per_token"), (int, float)) and key != "sample_spec"
    ]
    assert len(rows) > 2000
    sellers = {json.loads(row)["model_label"].split("/")[0] for row in rejected(rows)["row_json"]}
    assert sellers == {"azure_ai", "wandb", "watsonx"}


def test_minus_one_for_varies_is_no_price_synthetic():
    assert rejected([per_token("openrouter/auto", -1)])["field"].to_list() == ["price"]
    assert rejected([{"price": "-1000000"}])["field"].to_list() == ["price"]
