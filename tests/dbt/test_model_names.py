"""Which labels are one model and which are not, by the rules and the crosswalk as they are committed."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict

import duckdb
import polars as pl
import pytest

from bench.split_names import judged_apart, split_names
from tests.dbt.model_names import TERMS, Offer, named_in_python, offer, offers, seed


@pytest.mark.parametrize(
    ("provider", "label", "expected"),
    [
        # AWS: where, maker, revision. Both lists' spellings of one seller's model.
        ("aws", "global.anthropic.claude-opus-4-7-v1:0", Offer("claude-opus-4-7", region="global")),
        ("aws", "regional.anthropic.claude-opus-4-7-v1:0", Offer("claude-opus-4-7", region="regional")),
        ("bedrock_converse", "us.anthropic.claude-opus-4-7", Offer("claude-opus-4-7", region="us")),
        ("bedrock", "apac.anthropic.claude-3-haiku-20240307-v1:0",
         Offer("claude-3-haiku", region="apac", snapshot="20240307")),
        ("bedrock", "us-gov-west-1/meta.llama3-70b-instruct-v1:0", Offer("llama-3-70b", region="us-gov-west-1")),
        ("bedrock_mantle", "openai.gpt-oss-20b", Offer("gpt-oss-20b", route="mantle")),
        ("aws", "openai.gpt-oss-120b-1:0", Offer("gpt-oss-120b")),
        ("aws", "us.deepseek.r1-v1:0", Offer("deepseek-r1", region="us")),
        ("aws", "nvidia.nemotron-nano-9b-v2:0", Offer("nemotron-nano-9b-v2")),
        ("aws", "mistral.mistral-7b-instruct-v0:2", Offer("mistral-7b-instruct-v0.2")),
        ("azure", "eu/gpt-4.1-2025-04-14", Offer("gpt-4.1", region="eu", snapshot="2025-04-14")),
        # Fireworks: p for the point, places, speeds.
        ("fireworks", "glm-5p3", Offer("glm-5.3")),
        ("fireworks", "glm-5p3-us", Offer("glm-5.3", region="us")),
        ("fireworks", "kimi-k3p1-pro", Offer("kimi-k3.1-pro")),
        ("fireworks_ai", "accounts/fireworks/models/llama-v3p1-8b-instruct", Offer("llama-3.1-8b")),
        ("fireworks_ai", "accounts/fireworks/models/qwen2p5-coder-1p5b", Offer("qwen2.5-coder-1.5b")),
        ("fireworks", "deepseek-v4p1-flash-1017-ultrafast",
         Offer("deepseek-v4.1-flash-1017", processing="fast", snapshot="1017")),
        # Sellers' own marks, number formats, speeds, routes.
        ("databricks", "databricks-glm-5-3-flash", Offer("glm-5.3-flash")),
        ("databricks", "databricks-deepseek-v4-1-flash", Offer("deepseek-v4.1-flash")),
        ("baseten", "zai-org/GLM-5.3-Fast", Offer("glm-5.3", processing="fast")),
        ("modal", "nvidia/GLM-5.3-Flash-NVFP4", Offer("glm-5.3-flash", quantisation="nvfp4")),
        ("doubleword", "Qwen/Qwen3.5-35B-A3B-FP8-dottxt",
         Offer("qwen3.5-35b-a3b", quantisation="fp8", route="dottxt")),
        ("together", "meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo", Offer("llama-3.1-70b", quantisation="fp8")),
        ("together", "meta-llama/Meta-Llama-3-8B-Instruct-Lite", Offer("llama-3-8b", quantisation="int4")),
        ("cloudflare", "@cf/meta/llama-3.1-8b-instruct-fp8-fast",
         Offer("llama-3.1-8b", quantisation="fp8", route="fast")),
        ("x-ai", "grok-3-mini-fast", Offer("grok-3-mini", processing="fast")),
        ("cursor", "grok-4.7-fast", Offer("grok-4.7", processing="fast")),
        ("minimax", "MiniMax-M2.7-highspeed", Offer("minimax-m2.7", processing="fast")),
        ("openrouter", "anthropic/claude-opus-4.6-fast", Offer("claude-opus-4-6", processing="fast")),
        ("openrouter", "openai/gpt-4o:batch", Offer("gpt-4o", processing="batch")),
        ("openrouter", "openai/gpt-4o:extended", Offer("gpt-4o", route="extended")),
        ("openrouter", "deepseek/deepseek-chat-v3-0324:free", Offer("deepseek-v3-0324", route="free", snapshot="0324")),
        ("perplexity", "perplexity/sonar", Offer("sonar", route="agent")),
        ("vertex_ai-anthropic_models", "claude-opus-4-5@20251101", Offer("claude-opus-4-5", snapshot="20251101")),
        ("google-vertex", "qwen/qwen3-next-80b-a3b-thinking-maas", Offer("qwen3-next-80b-a3b-thinking")),
        ("mistral", "zai-glm-5-3", Offer("glm-5.3")),
        ("sap-ai-core", "anthropic--claude-4.5-opus", Offer("claude-opus-4-5")),
    ],
)  # fmt: skip
def test_what_a_label_says(provider, label, expected):
    assert offer(provider, label) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("openai", "gpt-4"), ("openai", "gpt-4-turbo")),
        (("openai", "gpt-4"), ("openai", "gpt-4o")),
        (("openai", "gpt-4"), ("openai", "gpt-4.1")),
        (("openai", "gpt-4"), ("openai", "gpt-4-32k")),
        (("openai", "gpt-4-0314"), ("openai", "gpt-4-1106-preview")),
        (("openai", "gpt-3.5-turbo"), ("openai", "gpt-3.5-turbo-16k")),
        (("openai", "gpt-3.5-turbo"), ("openai", "gpt-3.5-turbo-instruct")),
        # Versions of one name at different prices: 5 and 15 USD/Mtok, then 2.50 and 10.
        (("openai", "gpt-4o-2024-05-13"), ("openai", "gpt-4o-2024-08-06")),
        (("openai", "gpt-4o"), ("openai", "gpt-4o-2024-05-13")),
        (("openai", "gpt-4o-mini"), ("openai", "gpt-4o-mini-tts-2025-03-20")),
        (("openai", "gpt-5"), ("openai", "gpt-5-mini")),
        (("openai", "gpt-5"), ("openai", "gpt-5.1")),
        (("openai", "o1"), ("openai", "o1-preview-2024-09-12")),
        (("openai", "gpt-oss-20b"), ("openai", "gpt-oss-120b")),
        (("google", "gemini-2.5-flash"), ("google", "gemini-2.5-flash-lite")),
        (("google", "gemini-2.5-flash"), ("google", "gemini-2.5-pro")),
        (("google", "gemini-2.5-flash-preview"), ("google", "gemini-2.5-flash")),
        (("google", "gemma-3-4b-it"), ("google", "gemma-3-12b-it")),
        (("google", "gemma-7b"), ("google", "gemma-7b-it")),
        (("openrouter", "qwen/qwen3-235b-a22b"), ("openrouter", "qwen/qwen3-235b-a22b-2507")),
        (("novita", "qwen/qwen3-235b-a22b-instruct-2507"), ("novita", "qwen/qwen3-235b-a22b-thinking-2507")),
        (("novita", "qwen/qwen3-32b"), ("novita", "qwen/qwen3-30b-a3b")),
        (("fireworks", "qwen2p5-72b-instruct"), ("fireworks", "qwen2p5-7b-instruct")),
        (("fireworks", "qwen2p5-72b"), ("fireworks", "qwen2p5-72b-instruct")),
        (("novita", "qwen/qwen-2-72b-instruct"), ("novita", "qwen/qwen-2.5-72b-instruct")),
        (("openrouter", "qwen/qwen-14b-chat"), ("openrouter", "qwen/qwen3-14b")),
        (("openrouter", "meta-llama/llama-3.1-405b"), ("openrouter", "meta-llama/llama-3.1-405b-instruct")),
        (("fireworks_ai", "llama-v2-70b"), ("fireworks_ai", "llama-v2-70b-chat")),
        ((None, "llama-2-70b-hf"), (None, "llama-2-70b-chat-hf")),
        ((None, "meta-llama-3-70b"), (None, "meta-llama-3-70b-instruct")),
        (("x-ai", "grok-4"), ("x-ai", "grok-4-fast")),
        (("x-ai", "grok-4-fast-reasoning"), ("x-ai", "grok-4-fast-non-reasoning")),
        (("x-ai", "grok-3"), ("x-ai", "grok-3-mini")),
        (("zai", "GLM-5"), ("zai", "GLM-5-Turbo")),
        (("zai", "GLM-4.5"), ("zai", "GLM-4.5-X")),
        (("zai", "GLM-4.5"), ("zai", "GLM-4.5-Air")),
        (("zai", "GLM-5.3-Flash"), ("zai", "GLM-5.3-FlashX")),
        (("openrouter", "morph/morph-v3-fast"), ("openrouter", "morph/morph-v3-large")),
        (("deepseek", "deepseek-v4-flash"), ("deepseek", "deepseek-v4.1-flash")),
        # Sold side by side at different prices by Modal, Arcee and QuickSilverPro.
        (("modal", "deepseek-ai/DeepSeek-V4.1-Flash"), ("modal", "deepseek-ai/DeepSeek-V4.1-Flash-1017")),
        (("moonshotai", "kimi-k2"), ("moonshotai", "kimi-k2-thinking")),
        (("moonshotai", "kimi-k3"), ("aws", "global.moonshotai.kimi-k3.1")),
        (("aws", "amazon.titan-embed-text-v1"), ("aws", "amazon.titan-embed-text-v2:0")),
        (("aws", "amazon.nova-lite-v1:0"), ("aws", "amazon.nova-2-lite-v1:0")),
        (("anthropic", "claude-3-5-sonnet"), ("anthropic", "claude-3-7-sonnet-latest")),
        (("anthropic", "claude-opus-4-0"), ("anthropic", "claude-opus-4-1")),
        (("voyageai", "voyage-3"), ("voyageai", "voyage-3-lite")),
    ],
)
def test_what_are_two_models(one, other):
    assert offer(*one).model != offer(*other).model


def test_deepseek_v4_1_flash_had_ten_names_and_has_one_per_version():
    before = {
        "fireworks": ["deepseek-v4p1-flash", "deepseek-v4p1-flash-us", "deepseek-v4p1-flash-1017",
                      "deepseek-v4p1-flash-1017-us", "deepseek-v4p1-flash-1017-ultrafast"],
        "databricks": ["databricks-deepseek-v4-1-flash"],
        "baseten": ["deepseek-ai/DeepSeek-V4.1-Flash-Fast", "deepseek-ai/DeepSeek-V4.1-Flash-1017-Fast"],
        "mistral": ["deepseek-v4-1-flash-1017"],
        "openrouter": ["deepseek/deepseek-v4.1-flash", "deepseek/deepseek-v4.1-flash-1017:batch"],
    }  # fmt: skip
    names = {offer(seller, label).model for seller, labels in before.items() for label in labels}
    assert names == {"deepseek-v4.1-flash", "deepseek-v4.1-flash-1017"}


def test_every_rule_matches_a_whole_name_says_why_and_comes_in_its_order():
    rules = seed("model_label_rule")
    positions = [int(rule["position"]) for rule in rules]
    assert positions == sorted(set(positions))
    known = {row["provider"] for row in seed("xwalk_token_provider")} | {
        row["provider_label"] for row in seed("xwalk_token_provider")
    }
    for rule in rules:
        assert re.fullmatch(r"\^.*\$", rule["pattern"]), rule
        assert rule["reason"], rule
        assert not rule["provider"] or rule["provider"] in known, rule
        assert bool(rule["column_name"]) == bool(rule["value"]), rule
        assert rule["column_name"] in ("", *TERMS), rule


def test_an_exception_says_what_no_rule_says():
    rows = seed("xwalk_model")
    ruled, _ = named_in_python((row["provider"] or None, row["model_label"]) for row in rows)
    for row in rows:
        name = ruled[row["provider"] or None, row["model_label"]].model
        assert name == row["model_label"], f"no label leaves {row['model_label']} behind: the rules make it {name}"
        assert row["model"] != row["model_label"]
        assert row["reason"]


@pytest.fixture(scope="module")
def real_labels(shared) -> set[tuple[str | None, str]]:
    """Every label of the panel of public lists, without LiteLLM's seller before it, and of the newest map."""
    panel = pl.read_parquet(shared / "data" / "token_prices" / "token_price_panel.parquet")
    named = panel.select("source", "provider", "model_id").drop_nulls().unique()
    with gzip.open(shared / "data" / "token_prices" / "litellm_wheel_1.110.2.json.gz", "rt") as file:
        newest = [("litellm", entry.get("litellm_provider"), key) for key, entry in json.load(file).items()]
    found = set()
    for source, provider, label in [*named.iter_rows(), *newest]:
        path = label.lower()
        found.add((provider, path.partition("/")[2] or path if source in ("litellm", "tokencost") else path))
    return found


@pytest.mark.shared
def test_the_rules_read_again_in_python_say_the_same_and_each_of_them_speaks(real_labels):
    assert len(real_labels) > 9000
    ours, (again, spoke) = offers(real_labels), named_in_python(real_labels)
    crossed = {row["model_label"] for row in seed("xwalk_model")}
    for key, told in again.items():
        if told.model not in crossed:
            assert ours[key] == told, key
        assert ours[key][1:] == told[1:], key
    silent = {rule["position"] for rule in seed("model_label_rule")} - spoke
    assert {rule["pattern"] for rule in seed("model_label_rule") if rule["position"] in silent} == set()


@pytest.fixture(scope="module")
def release(released_home):
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        yield connection


def test_no_model_in_force_has_two_names(released_home):
    """Counted by a rule of bench/split_names.py; before, 95 groups of 262 names. What is left a person judged apart."""
    apart = judged_apart()
    for names in split_names(released_home):
        first, *others = names
        assert {frozenset((first, other)) for other in others} <= apart, names


def test_no_name_in_force_holds_a_column(release):
    column = (
        r"^(us|eu|apac|au|jp|global|regional)\.|^(anthropic|meta|openai)\.|-(fp8|nvfp4|bf16|awq)\b|\dp\d|[/:@]|-200k$"
    )
    held = release.execute(
        """select distinct model from core.token_price_asof
        where regexp_matches(model, ?) and not starts_with(model, 'ft:')
        and as_of_date = (select max(as_of_date) from core.token_price_asof)""",
        [column],
    ).fetchall()
    assert held == []


def test_one_source_never_states_two_prices_of_one_dated_offer(release):
    """A merge of two models would show so. OpenRouter's old names, without a maker, stand in genai-prices next to the
    new ones, two names of Qwen2.5-VL, and Together's list a copy of Qwen2 by Arize: leftovers of a list."""
    stated = release.sql(
        """select provider, model, list(distinct model_label), count(distinct price_usd_per_mtok)
        from core.fct_token_price
        where grade <> 'C' and known_to is null and valid_to is null and token_kind = 'input' and tier = 'base'
        group by source_id, provider, model, processing, region, quantisation, route, snapshot
        having count(distinct price_usd_per_mtok) > 1 and count(distinct model_label) > 1"""
    ).fetchall()
    by_seller = defaultdict(set)
    for provider, model, labels, _ in stated:
        bare = any("/" not in label or label.startswith("arize-ai/") for label in labels)
        by_seller[provider].add("leftover" if bare or model.startswith("qwen2.5-vl") else model)
    assert dict(by_seller) == {"openrouter": {"leftover"}, "together": {"leftover"}}
