"""Token price facts, models and prices in force on the embedded record, built by dbt as the product builds them."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from tests.dbt.building import copy_of
from tests.dbt.token_prices import TODAY, build, land


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokens")
    return folder, land(folder)


@pytest.fixture(scope="module")
def today(landed):
    with duckdb.connect(str(build(*landed, TODAY)), read_only=True) as connection:
        yield connection


def one(connection, query: str):
    return connection.sql(query).fetchone()


def test_the_record_is_as_wide_as_promised(today):
    providers, labels, models = one(
        today,
        "select count(distinct provider), count(distinct (provider, model_label)), count(distinct model) "
        "from core.fct_token_price where source_id = 'genai_prices'",
    )
    assert providers == 47
    assert labels >= 2080
    assert models >= 820
    first, last = one(
        today,
        "select min(valid_from), max(last_observed) from core.fct_token_price where source_id = 'openrouter_history'",
    )
    assert (first, last) == (dt.date(2023, 7, 26), dt.date(2026, 9, 2))
    kinds = {row[0] for row in today.sql("select distinct token_kind from core.fct_token_price").fetchall()}
    assert {"input", "cached_input", "output", "cache_write", "cache_write_1h"} <= kinds


def test_every_accepted_row_is_in_a_fact_or_in_quarantine(today):
    accepted, facts, doubted = one(
        today,
        """select
            (select count(*) from staging.stg_token_prices__labelled),
            (select count(*) from core.fct_token_price),
            (select count(*) from quarantine.doubted_token_price)""",
    )
    assert accepted == facts + doubted
    landing = one(
        today,
        """select (select count(*) from landing.genai_prices) + (select count(*) from landing.openrouter_history)
            + (select count(*) from landing.genai_prices_history)
            + (select count(*) from landing.litellm_history) + (select count(*) from landing.tokencost_history)
            + (select count(*) from landing.document_token_prices)""",
    )
    assert landing == (accepted,)
    assert one(today, "select bool_or(provider_is_unmapped) from staging.stg_token_prices__labelled") == (False,)


MAPS = "source_id in ('litellm_history', 'tokencost_history')"
"""LiteLLM's map as wheels and commits show it: the list with the most errors of unit."""


def test_what_is_doubted_and_why(today):
    counted = "select reason, count(*) from quarantine.doubted_token_price where {} group by reason"
    set_aside_by_hand = {
        "another_processing": 6,
        "another_sellers_price": 47,
        "another_token_kind": 3,
        "another_unit": 18,
        "unit_factor_1000": 2,
    }
    of_lists = {"moving_alias": 169, "zero_is_not_a_price": 57, "far_from_other_sellers": 1}
    assert dict(today.sql(counted.format(f"not {MAPS}")).fetchall()) == of_lists | set_aside_by_hand
    # What corrections.yml names: Gemini by the character, tenths, a price per request; another model's prices.
    of_maps = dict(today.sql(counted.format(MAPS)).fetchall())
    assert of_maps == {"another_unit": 90, "another_sellers_price": 12, "zero_is_not_a_price": 166}
    # An alias that names the newest Haiku fell to a tenth when a cheaper Haiku came; no price had changed.
    assert one(today, "select count(*) from core.fct_token_price where model_label like '~%'") == (0,)


def test_zero_stands_only_on_routes_that_say_free_and_in_no_price_in_force(today):
    free = today.sql("select distinct model_label from core.fct_token_price where price_usd_per_mtok = 0").fetchall()
    assert len(free) > 100
    assert all(label.lower().endswith((":free", "-free")) for (label,) in free)
    assert one(today, "select min(least(input_usd_per_mtok, output_usd_per_mtok)) > 0 from core.token_price_asof") == (
        True,
    )


def test_nothing_below_or_above_what_was_ever_listed(today):
    low, high = one(
        today,
        "select min(price_usd_per_mtok) filter (price_usd_per_mtok > 0), max(price_usd_per_mtok) "
        "from core.fct_token_price",
    )
    assert (float(low), float(high)) == (0.0011, 600.0)


@pytest.mark.parametrize(
    ("label", "model"),
    [
        ("meta-llama/llama-3.1-70b-instruct", "llama-3.1-70b"),
        ("meta-llama/Meta-Llama-3.1-70B-Instruct-Turbo", "llama-3.1-70b"),
        ("meta.llama3-1-70b-instruct-v1:0", "llama-3.1-70b"),
        ("meta-llama/llama-3.1-405b-instruct:free", "llama-3.1-405b"),
        ("meta-llama/llama-3.1-405b", "llama-3.1-405b-base"),
        ("@cf/meta/llama-3.1-8b-instruct", "llama-3.1-8b"),
        ("llama-3.1-8b-instant", "llama-3.1-8b"),
        ("mistralai/Mixtral-8x7B-Instruct-v0.1", "mixtral-8x7b"),
        ("mistralai/mixtral-8x7b", "mixtral-8x7b-base"),
        ("meta-llama/Llama-2-70b-chat-hf", "llama-2-70b"),
        ("deepseek-ai/DeepSeek-R1", "deepseek-r1"),
        ("deepseek/deepseek-r1-0528", "deepseek-r1-0528"),
        ("deepseek/deepseek-r1-distill-llama-70b", "deepseek-r1-distill-llama-70b"),
        ("deepseek-ai/DeepSeek-V3", "deepseek-v3"),
        ("openai.gpt-oss-120b-1:0", "gpt-oss-120b"),
        ("openai/gpt-oss-120b:batch", "gpt-oss-120b"),
        ("openai/gpt-4o", "gpt-4o"),
        ("anthropic/claude-opus-4.5", "claude-opus-4-5"),
        ("claude-sonnet-4.6", "claude-sonnet-4-6"),
        ("anthropic/claude-3.7-sonnet:thinking", "claude-3-7-sonnet-latest"),
        ("Opus 4.5", "claude-opus-4-5"),
        ("Opus 4.5/4.6", "opus 4.5/4.6"),
        ("google/gemini-2.5-flash", "gemini-2.5-flash"),
        ("zai-org/GLM-4.6", "glm-4.6"),
    ],
)
def test_one_model_under_many_labels(today, label, model):
    found = today.execute("select distinct model from core.fct_token_price where model_label = ?", [label]).fetchall()
    assert found == [(model,)]


def test_a_name_that_passed_to_another_model_is_split_at_its_day(today):
    """deepseek-chat meant V2 until V3 came out on 2024-12-26."""
    found = today.sql(
        """select model, min(valid_from), max(valid_from) from core.fct_token_price
        where model_label = 'deepseek/deepseek-chat' and source_id = 'openrouter_history' group by model order by 2"""
    ).fetchall()
    assert [row[0] for row in found] == ["deepseek-chat", "deepseek-v3"]
    assert found[0][2] < dt.date(2024, 12, 26) < found[1][1]


def test_no_two_makers_share_a_name(today):
    """The rule "the last part of the label is the model" holds as long as this does. Who puts another's weights into
    fewer bits writes itself before the name (nvidia/GLM-5.3-Flash-NVFP4)."""
    names = today.sql(
        """select name, list(distinct lab.lab) from staging.stg_token_prices__labelled as stated
        inner join seeds.xwalk_lab as lab on stated.vendor = lab.vendor
        where lab.lab <> 'Perplexity' and stated.quantisation = 'unspecified'
        group by name having count(distinct lab.lab) > 1"""
    ).fetchall()
    assert names == []


def test_batch_routes_are_a_way_of_processing(today):
    assert today.sql(
        "select distinct processing from core.fct_token_price where model_label like '%:batch'"
    ).fetchall() == [("batch",)]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("llama-3.1-70b", ("Meta", dt.date(2024, 7, 23), "open", 70.0, 70.0, False)),
        ("deepseek-r1", ("DeepSeek", dt.date(2025, 1, 20), "open", 671.0, 37.0, True)),
        ("gpt-oss-120b", ("OpenAI", dt.date(2025, 8, 5), "open", 117.0, 5.1, True)),
        ("gpt-4o", ("OpenAI", dt.date(2024, 5, 13), "closed", None, None, False)),
        ("qwen3-235b-a22b-thinking-2507", ("Alibaba", dt.date(2025, 7, 25), "open", 235.0, 22.0, True)),
        ("llama-4-scout", ("Meta", dt.date(2025, 4, 5), "open", 109.0, 17.0, False)),
        ("gpt-j-6b", ("EleutherAI", None, "open", 6.0, 6.0, False)),
        ("wizardlm-2-8x22b", ("Microsoft", dt.date(2024, 4, 15), "open", None, None, None)),
        ("deepseek-chat", ("DeepSeek", None, "open", None, None, None)),
        # Epoch AI's day of the version that carried the price; models.dev has an announcement, or another version's.
        ("o3-mini", ("OpenAI", dt.date(2025, 1, 31), "closed", None, None, True)),
        ("mistral-large-2407", ("Mistral AI", dt.date(2024, 7, 24), "open", 123.0, 123.0, False)),
        # Of several versions under one name the first.
        ("claude-3-5-sonnet", ("Anthropic", dt.date(2024, 6, 20), "closed", None, None, False)),
    ],
)
def test_models_say_what_somebody_published_and_nothing_else(today, model, expected):
    columns = "lab, release_date, weights, parameters_b, active_parameters_b, reasoning"
    found = today.execute(f"select {columns} from core.dim_model where model = ?", [model]).fetchall()
    assert found == [expected]


def test_no_release_day_after_a_first_price(today):
    assert one(today, "select count(*) from core.dim_model where release_date > first_priced") == (0,)
    with_day, in_all = one(today, "select count(release_date), count(*) from core.dim_model")
    assert with_day > 390
    assert one(today, "select count(*) from core.dim_model where release_date is not null and citation is null") == (0,)
    assert in_all > 1050


def test_prices_in_force_come_from_one_quote(today):
    """Counted again by hand for a day: input and output of a row are the same label's, seen by that day."""
    missing = one(
        today,
        """select count(*) from core.token_price_asof as row
        where input_usd_per_mtok is not null and not exists (
            select 1 from core.fct_token_price as fact
            where fact.provider = row.provider and fact.model = row.model and fact.model_label = row.model_label
            and fact.source_id = row.source_id and fact.processing = row.processing and fact.tier = 'base'
            and fact.token_kind = 'input' and fact.price_usd_per_mtok = cast(row.input_usd_per_mtok as decimal(18, 9))
            and fact.valid_from <= row.as_of_date and (fact.valid_to is null or fact.valid_to > row.as_of_date))""",
    )
    assert missing == (0,)
    row = one(
        today,
        """select input_usd_per_mtok, output_usd_per_mtok, last_observed, age_days, is_stale, source_id
        from core.token_price_asof where provider = 'openrouter' and model = 'llama-3.1-70b'
        and processing = 'standard' and as_of_date = date '2025-06-30'""",
    )
    assert row == (0.1, 0.28, dt.date(2025, 6, 5), 25, False, "openrouter_history")


def test_old_prices_say_so_and_then_end(today):
    ages = "select max(age_days) from core.token_price_asof where"
    assert one(today, f"{ages} not is_stale")[0] <= 62
    assert one(today, f"{ages} is_stale")[0] <= 92
    # Nobody looked at OpenRouter's list between 2023-07-26 and 2023-12-03; LiteLLM's map was read on 2023-10-20.
    assert today.sql(
        "select distinct source_id, provider = 'openrouter' from core.token_price_asof "
        "where as_of_date = date '2023-11-30'"
    ).fetchall() == [("litellm_history", False)]


def test_documents_make_no_price_in_force(today):
    assert one(today, "select count(*) from core.token_price_asof where provider like 'document%'") == (0,)
    assert one(today, "select count(*) from core.fct_token_price where grade = 'C'") == (49,)


def test_announced_prices_are_kept_and_move_nothing(today):
    announced, newest = one(
        today,
        "select count(*) filter (valid_from > date '2026-11-10'), max(known_from) from core.fct_token_price",
    )
    assert announced >= 40
    assert newest == TODAY
    assert one(today, "select max(as_of_date) from core.token_price_asof") == (TODAY,)


@pytest.mark.parametrize("day", [dt.date(2024, 8, 15), dt.date(2026, 8, 5)], ids=str)
def test_a_day_can_be_built_again_from_what_was_known_then(landed, today, day):
    then = build(*landed, day)
    with duckdb.connect() as both:
        both.execute(f"attach '{copy_of(*landed, TODAY)}' as now (read_only); attach '{then}' as past (read_only)")
        known = both.sql("select max(known_from), max(last_observed), max(valid_to) from past.core.fct_token_price")
        assert max(known.fetchone()) <= day
        # The package of November knows of 2025; on these days it was not there to be read.
        assert both.sql(
            "select count(*) from past.core.fct_token_price where source_id = 'genai_prices'"
        ).fetchone() == (0,)
        rows = "from {}.core.token_price_asof where source_id = 'openrouter_history' and as_of_date < date '{}'"
        now, past = (rows.format(name, day) for name in ("now", "past"))
        assert both.sql(past).fetchall()
        assert both.sql(f"({past} except {now})").fetchall() == []
