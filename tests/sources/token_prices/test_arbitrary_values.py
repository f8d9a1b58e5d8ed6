"""Arbitrary JSON in every field of the live lists: rows with reasons or one SourceError, never another error.

Every document is synthetic. What the contract makes of the rows adds up in every case.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sources.errors import SourceError
from sources.payload import Payload
from sources.token_prices import genai_prices, litellm, llm_prices, models_dev, openrouter
from sources.token_prices.contract import CONTRACTS

DAY = "2026-11-21"
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["-1", "0", "1e-6", "NaN", "1e999", "2026-13-01", "2026-01-01", "0001-01-01", ":free", "\ud800"]),
)
NUMBERS = st.one_of(
    st.integers(), st.integers(-(10**40), 10**40), st.floats(allow_nan=True, allow_infinity=True), st.booleans()
)
ANYTHING = st.recursive(
    st.one_of(st.none(), TEXTS, NUMBERS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXTS, inner, max_size=3)),
    max_leaves=6,
)
QUICK = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


def objects(keys: list[str], **known: st.SearchStrategy) -> st.SearchStrategy:
    """An object with any of the publisher's own keys, each with any value or one of its usual form."""
    fields = {key: st.one_of(ANYTHING, known.get(key, NUMBERS)) for key in keys}
    return st.one_of(st.fixed_dictionaries({}, optional=fields), ANYTHING)


COSTS = [*litellm.KINDS, *litellm.DBU, litellm.EXPLICIT_CACHE, "output_cost_per_image", "input_cost_per_smell_token"]
COSTS = [f"{key}{end}" for key in COSTS for end in ("", "_above_200k_tokens", "_batches", "_ultrafast")]
STEPS = st.lists(objects(["range", "max_results_range", *COSTS[:8]], range=st.lists(NUMBERS, max_size=3)), max_size=3)
LITELLM = st.dictionaries(
    TEXTS,
    objects(
        ["litellm_provider", "deprecation_date", "tiered_pricing", "off_peak_pricing", *COSTS],
        litellm_provider=TEXTS,
        tiered_pricing=STEPS,
        off_peak_pricing=objects(["hours_utc", "windows", *COSTS[:8]]),
    ),
    max_size=3,
)
PRICED = [*openrouter.KINDS, *openrouter.OTHER_UNITS]
OPENROUTER = st.fixed_dictionaries(
    {
        "data": st.lists(
            objects(
                ["id", "name", "canonical_slug", "expiration_date", "pricing"],
                id=TEXTS,
                pricing=objects(
                    [*PRICED, "overrides", "discount"],
                    overrides=st.lists(objects([*openrouter.CONDITIONS, *PRICED[:4]]), max_size=4),
                ),
            ),
            max_size=3,
        )
    }
)
COST = objects(
    [*models_dev.KINDS, *models_dev.OTHER_UNITS, "tiers", "context_over_200k", "tier"],
    tiers=st.lists(objects(["tier", "input", "output"], tier=objects(["size", "type"])), max_size=3),
    context_over_200k=objects(["input", "output", "tiers"]),
)
MODELS_DEV = st.dictionaries(
    TEXTS,
    objects(
        ["models", "cost"],
        models=st.dictionaries(
            TEXTS,
            objects(
                ["name", "status", "cost", "experimental"],
                cost=COST,
                experimental=objects(["modes"], modes=st.dictionaries(TEXTS, objects(["cost"], cost=COST), max_size=2)),
            ),
            max_size=2,
        ),
    ),
    max_size=3,
)
LLM_PRICES = st.fixed_dictionaries(
    {"prices": st.lists(objects([*llm_prices.LABELS, *llm_prices.KINDS], id=TEXTS, vendor=TEXTS), max_size=4)}
)
GENAI = st.lists(
    objects(
        ["id", "models"],
        id=TEXTS,
        models=st.lists(objects(["id", "name", "prices", "price_variants"], id=TEXTS), max_size=2),
    ),
    max_size=2,
)


def read(module, source_id: str, document: object) -> None:
    """Parse and check one document; anything but rows that add up, or a SourceError, fails the test."""
    whole = Payload(source_id, "synthetic", json.dumps(document).encode(), "application/json", DAY)
    try:
        rows = module.parse(whole)
    except SourceError:
        return
    outcome = CONTRACTS["observation"].validate(rows, source_id)
    assert outcome.received == outcome.accepted.height + outcome.rejected.height
    assert (outcome.accepted["price"] >= 0).all()
    assert outcome.accepted["provider_label"].null_count() == 0
    assert set(outcome.rejected["rule"].is_null()) <= {False}


@QUICK
@given(LITELLM)
@example({"m": {"litellm_provider": "s", "tiered_pricing": [{"range": [float("nan"), 1]}]}})
@example({"m": {"litellm_provider": "s", "input_cost_per_token": 10**400}})
def test_litellm(document):
    read(litellm, "litellm", document)


@QUICK
@given(OPENROUTER)
@example({"data": [{"id": "m", "pricing": {"prompt": "x", "overrides": [{"utc_start": 1, "prompt": {"a": 1}}]}}]})
@example({"data": [{"id": "m", "pricing": {"overrides": [{"min_prompt_tokens": 10**30, "prompt": None}]}}]})
def test_openrouter(document):
    read(openrouter, "openrouter", document)


@QUICK
@given(MODELS_DEV)
@example({"s": {"models": {"m": {"cost": {"context_over_200k": {"context_over_200k": {"input": 1}}}}}}})
def test_models_dev(document):
    read(models_dev, "models_dev", document)


@QUICK
@given(LLM_PRICES)
@example({"prices": [{"id": "m", "vendor": "v", "input": 1, "from_date": None, "to_date": "9999-12-31"}]})
def test_llm_prices(document):
    read(llm_prices, "llm_prices_historical", document)


@QUICK
@given(GENAI)
@example([{"id": "\ud800", "models": [None]}])
def test_genai_prices(document):
    read(genai_prices, "genai_prices", document)


@QUICK
@given(ANYTHING)
@pytest.mark.parametrize(
    "module", [litellm, openrouter, models_dev, llm_prices, genai_prices], ids=lambda m: m.__name__
)
def test_a_document_that_is_anything_at_all(module, document):
    read(module, module.__name__.rpartition(".")[2], document)
