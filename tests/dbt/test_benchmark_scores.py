"""Benchmark scores as dbt builds them: one unit, canonical names, what is set aside. Prices here are synthetic."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from sources.payload import Payload
from tests.dbt.token_prices import build, land, reading

LAST = dt.date(2026, 11, 30)
PRICED = (
    "claude-3-5-sonnet", "deepseek-r1", "deepseek-v3.2", "gpt-4o", "gpt-4o-2024-05-13", "gpt-5", "kimi-k2-0905",
    "llama-3.1-405b", "o1", "qwen-14b-chat",
)  # fmt: skip
LISTS = {"together": [{"id": name, "prices": {"input_mtok": 1.0}} for name in PRICED]}
HEAD = (
    "valid_from,known_from,known_basis,last_observed,observation_count,grade,citation,benchmark_label,model_label,"
    "setting,scored_by,scored_on,scored_on_basis,score,score_unit,test_cases,run_cost,run_cost_basis"
)
# In place of Aider's: the first line is a published row of it, the others are made up.
LINES = (
    "polyglot,o1-2024-12-17 (high),edit format: diff,Aider,2024-12-21,run,61.7,pct,224,186.4958,run",
    "polyglot,repeated,edit format: whole,Aider,2025-01-02,run,50,pct,225,4.5,run",
    "polyglot,repeated,edit format: whole,Aider,2025-01-02,run,50,pct,225,4.5,run",
    "polyglot,disputed,edit format: whole,Aider,2025-01-02,run,50,pct,225,0,run",
    "polyglot,disputed,edit format: whole,Aider,2025-01-02,run,60,pct,225,0,run",
    "polyglot,disputed,edit format: diff,Aider,2025-01-02,run,60,pct,225,0,run",
    "edit,ollama/gpt-5,edit format: whole,Aider,2025-01-02,run,50,pct,133,4.5,run",
    "edit,misfiled,edit format: whole,Aider,2025-01-02,run,50,pct,225,4.5,run",
    "nobody knows it,new,edit format: whole,Aider,2025-01-02,run,50,pct,225,4.5,run",
)


def aider() -> Payload:
    known = "2025-01-02,2025-01-02,published,2025-01-02,1,A,synthetic,"
    text = "\n".join([HEAD, *[known + line for line in LINES]])
    return Payload("aider_leaderboards", "synthetic", text.encode(), "text/csv")


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scores")
    return folder, land(folder, [reading("2026-11-10", LISTS)], live=[aider()])


@pytest.fixture(scope="module")
def built(landed):
    made = build(*landed, LAST, "enumeration_benchmark +benchmark_score +fct_benchmark_score")
    with duckdb.connect(str(made), read_only=True) as connection:
        yield connection


def rows(connection, query: str) -> list[tuple]:
    return connection.sql(query).fetchall()


# Percent of what the publisher prints as a fraction, and the name prices carry.
@pytest.mark.parametrize(
    ("benchmark", "label", "model", "variant", "match", "score"),
    [
        ("gpqa_diamond", "gpt-5-2025-08-07_high", "gpt-5", "high", "only", None),
        ("gpqa_diamond", "gemini-3-flash-preview", "gemini-3-flash-preview", None, "unpriced", 83.2070707071),
        ("gpqa_diamond", "deepseek-reasoner", "deepseek-v3.2", "reasoner", "only", 83.4235209235),
        ("gpqa_diamond", "DeepSeek-R1", "deepseek-r1", None, "only", 69.2234848485),
        ("gpqa_diamond", "claude-3-5-sonnet-20240620", "claude-3-5-sonnet", None, "first", None),
        ("gpqa_diamond", "claude-3-5-sonnet-20241022", "claude-3-5-sonnet", None, "later", None),
        ("gpqa_diamond", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13", None, "only", None),
        # Another version than the one priced here, and than the bare name that moves: it meets no price.
        ("gpqa_diamond", "gpt-4o-2024-08-06", "gpt-4o-2024-08-06", None, "unpriced", None),
        ("swe_bench_bash", "claude-opus-4-5-20251101", "claude-opus-4-5", None, "unpriced", 76.8),
        ("aider_polyglot", "o1-2024-12-17 (high)", "o1", "high", "only", 61.7),
        # A copy run at home, a base model and an elder namesake are not what sellers price under the bare name.
        ("aider_edit", "ollama/gpt-5", "ollama/gpt-5", None, "unpriced", 50),
        ("mmlu", "Llama-3.1-405B", "llama-3.1-405b-base", None, "unpriced", None),
        ("gsm8k", "Qwen-14B-Chat", "qwen-1.0-14b-chat", None, "unpriced", None),
        ("arc_agi_2", "gpt-5-2025-08-07-high", "gpt-5", "high", "only", None),
        ("arena_text", "claude-3-5-sonnet-20241022", "claude-3-5-sonnet", None, "later", None),
        # The board means the Qwen of 2023.
        ("arena_text", "qwen-14b-chat", "qwen-1.0-14b-chat", None, "unpriced", None),
        # Epoch does not know how hard it thought.
        ("webdev_arena", "claude-opus-4-6_unknown", "claude-opus-4-6", None, "unpriced", 1556.29),
    ],
)
def test_a_version_has_the_name_its_prices_carry(built, benchmark, label, model, variant, match, score):
    *found, reached = rows(
        built,
        "select model, variant, version_match, score from core.fct_benchmark_score where source_id <> "
        f"'epoch_llm_price_study' and benchmark = '{benchmark}' and model_label = '{label}' order by scored_on desc",
    )[0]
    assert found == [model, variant, match]
    assert score is None or reached == pytest.approx(score, rel=1e-11)


def test_costs_are_told_per_run_and_per_task(built):
    costs = "select run_cost_usd, run_cost_usd_per_task, run_cost_basis from core.fct_benchmark_score where "
    whole = rows(built, costs + "model = 'o1' and benchmark = 'aider_polyglot'")
    assert whole == [(186.4958, pytest.approx(186.4958 / 224), "run")]
    of_task = "model_label = 'claude-opus-4-5-20251101' and benchmark = 'swe_bench_bash' order by all"
    assert rows(built, costs + of_task) == [(pytest.approx(500 * cost), cost, "task") for cost in (0.72, 0.75)]
    games = "model_label = 'anthropic-opus-4-8-high' and benchmark = 'arc_agi_3'"
    assert rows(built, costs + games) == [(10000, None, "run")], "nobody states how many games there are"
    # Aider's zero is no cost.
    assert rows(built, costs + "model = 'disputed'") == [(None, None, None)]


def test_what_contradicts_itself_is_set_aside_with_its_reason(built):
    own = "from quarantine.benchmark_score where source_id = 'aider_leaderboards' order by all"
    assert rows(built, f"select rejection, model_label, score {own}") == [
        ("benchmark_in_no_crosswalk", "new", 50),
        ("more_tasks_than_the_benchmark_has", "misfiled", 50),
        ("repeats_a_row", "repeated", 50),
        ("two_scores_at_once", "disputed", 50),
        ("two_scores_at_once", "disputed", 60),
    ]
    # Another edit format is another run.
    assert rows(built, "select setting from core.fct_benchmark_score where model = 'disputed'") == [
        ("edit format: diff",)
    ]


def test_every_row_is_a_fact_or_set_aside(built):
    judged = "select count(*), count(rejection) from staging.stg_benchmark_scores__judged"
    ((received, aside),) = rows(built, judged)
    assert rows(built, "select count(*) from core.fct_benchmark_score") == [(received - aside,)]
    assert rows(built, "select count(*) from quarantine.benchmark_score") == [(aside,)]


def test_who_printed_a_score_of_its_own_model_is_known(built):
    told = rows(
        built,
        "select distinct scored_by, is_self_reported from core.fct_benchmark_score where benchmark = 'mmlu' and model_"
        "label in ('gpt-4-0314', 'Qwen-14B', 'LLaMA-65B', 'DeepSeek-V3') and scored_by in ('GPT-4 Technical Report', "
        "'Qwen Technical Report', 'Stanford CRFM Leaderboard', 'LLaMA: Open and Efficient Foundation Language Models') "
        "and not (model_label = 'LLaMA-65B' and scored_by = 'Qwen Technical Report') order by all",
    )
    assert told == [
        ("GPT-4 Technical Report", True),
        ("LLaMA: Open and Efficient Foundation Language Models", True),
        ("Qwen Technical Report", True),
        ("Stanford CRFM Leaderboard", False),
    ]
    assert rows(
        built, "select distinct is_self_reported from core.fct_benchmark_score where scored_by = 'Epoch AI'"
    ) == [(False,)]


def test_a_board_without_release_days_has_those_of_the_hub(built):
    told = (
        "select release_date, valid_from from core.fct_benchmark_score where benchmark = 'arena_text' and model_label"
    )
    day = dt.date(2024, 10, 22)
    assert rows(built, f"{told} = 'claude-3-5-sonnet-20241022'") == [(day, day)]
    assert rows(built, f"{told} = 'Step 5 Preview'") == [(None, dt.date(2026, 10, 5))]


def test_a_score_is_what_its_publisher_said_on_the_day(landed, built):
    told = (
        "select score, valid_to from core.fct_benchmark_score where benchmark = 'frontiermath_tier_4' "
        "and model_label = 'gpt-5-pro-2025-10-06_high' order by known_from"
    )
    changed = dt.date(2026, 4, 19)
    assert rows(built, told) == [(12.5, changed), (pytest.approx(14.6), None)]
    before = build(*landed, changed - dt.timedelta(days=1), "+fct_benchmark_score")
    with duckdb.connect(str(before), read_only=True) as connection:
        assert rows(connection, told) == [(12.5, None)]


def test_a_mistaken_release_day_is_corrected_with_the_reason(built):
    days = "select distinct release_date from core.fct_benchmark_score where model = 'kimi-k2-0905' and release_date"
    assert rows(built, f"{days} is not null") == [(dt.date(2025, 9, 5),)]


def test_every_scorer_and_value_has_its_meaning(built):
    unknown = "select distinct scored_by from core.fct_benchmark_score except select scored_by from "
    assert rows(built, unknown + "seeds.benchmark_scorer") == [("Artificial Analysis or Epoch AI",)]
    for column in ("score_unit", "scored_on_basis", "run_cost_basis", "version_match"):
        listed = f"select value from seeds.enumeration_benchmark where column_name = '{column}'"
        assert (
            rows(
                built,
                f"select distinct {column} from core.fct_benchmark_score where {column} is not null except {listed}",
            )
            == []
        )
    beyond = "select count(*) from core.fct_benchmark_score as f inner join core.benchmark as b using (benchmark) "
    assert rows(built, f"{beyond} where f.score_unit <> b.score_unit or f.score > b.ceiling") == [(0,)]
