"""The tables of a real release beside each other: every name has its dimension, every value its meaning."""

from __future__ import annotations

import re
import statistics
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from tests.dbt.model_names import named_in_python, seed


@pytest.fixture(scope="module")
def db(released_home: Path):
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        yield connection


def rows(db, query: str) -> list[tuple]:
    return db.sql(query).fetchall()


def test_the_breadth_the_issue_asks_for(db):
    ((providers, gpus),) = rows(
        db, "select count(distinct provider), count(distinct gpu) from core.fct_gpu_rental_rate"
    )
    assert providers >= 30
    assert gpus >= 20
    ((states,),) = rows(db, "select count(distinct zone) from core.fct_power_price where zone like 'US-%'")
    assert states >= 15
    counted = "select count(distinct model), count(distinct (provider, model_label)) from core.fct_token_price"
    ((models, offers),) = rows(db, counted)
    assert models >= 1000
    assert offers >= 2000


@pytest.mark.parametrize(
    ("fact", "column", "dimension", "key"),
    [
        ("fct_gpu_rental_rate", "gpu", "dim_gpu", "gpu"),
        ("fct_throughput", "gpu", "dim_gpu", "gpu"),
        ("fct_gpu_rental_rate", "provider", "dim_provider", "provider"),
        ("fct_token_price", "provider", "dim_provider", "provider"),
        ("fct_token_price", "model", "dim_model", "model"),
        ("fct_benchmark_score", "benchmark", "benchmark", "benchmark"),
        ("fct_colo_rate", "market", "dim_market", "colo_market"),
        ("fct_gpu_rental_rate", "source_id", "dim_source", "source_id"),
        ("fct_token_price", "source_id", "dim_source", "source_id"),
        ("fct_power_price", "source_id", "dim_source", "source_id"),
        ("assumption", "assumption_set", "dim_scenario", "scenario"),
    ],
)
def test_every_name_in_a_fact_has_its_dimension(db, fact, column, dimension, key):
    orphans = rows(
        db, f"select distinct {column} from core.{fact} where {column} not in (select {key} from core.{dimension} "
        f"where {key} is not null)",
    )  # fmt: skip
    if fact == "fct_colo_rate":  # basket markets (all of Europe, the world) are levels nobody places a GPU in
        orphans = [o for o in orphans if o[0] in ("northern_virginia", "silicon_valley", "dallas", "us_primary")]
    assert orphans == []


def test_most_scores_of_the_benchmarks_of_today_meet_a_price(db):
    """Of the versions scored; older benchmarks are full of models nobody ever sold."""
    shares = dict(
        rows(
            db,
            "select benchmark, count(distinct model) filter (version_match <> 'unpriced') / count(distinct model) "
            "from core.fct_benchmark_score group by benchmark",
        )
    )
    assert len(shares) == 27
    assert (
        min(shares[b] for b in ("gpqa_diamond", "math_level_5", "frontiermath", "aider_polyglot", "simplebench")) > 0.85
    )
    counted = "select sum(row_count) from core.unmapped_name where family = 'benchmark_scores'"
    unpriced = "select count(*) from core.fct_benchmark_score where version_match = 'unpriced'"
    assert rows(db, counted) == rows(db, unpriced)


def test_a_score_joins_prices_only_where_its_label_a_rule_or_the_crosswalk_says_so(db):
    """Counted again in Python: the label without seller and effort is the name, or a rule or a crosswalk gives it."""
    own = {(row["model_label"], row["model"]) for row in seed("xwalk_benchmark_model")}
    listed = {(row["model_label"], row["model"]) for row in seed("xwalk_model") if not row["provider"]}
    for label, model in rows(
        db, "select distinct model_label, model from core.fct_benchmark_score where version_match <> 'unpriced'"
    ):
        name = re.sub(r"_(none|minimal|low|medium|high|xhigh|max|thinking|unknown|\d+[kK])$", "", label).lower()
        name = name if " " in name else name.rpartition("/")[2]
        name = re.sub(r"(?<=\d)\.(?=\d)", "-", name) if name.startswith("claude-") else name
        ruled = named_in_python([(None, name)])[0][None, name].model
        assert ruled == model or (name, model) in own or (ruled, model) in listed, label


def test_every_enumerated_value_is_explained(db):
    columns = rows(
        db,
        """
        select distinct c.schema_name, c.table_name, c.column_name from duckdb_columns() as c
        join (select distinct column_name from core.enumeration) as e using (column_name)
        where c.schema_name in ('core', 'marts') and c.table_name not in ('enumeration', 'dim_scenario')
            -- its scenarios name a rent, a price and a mix each: as many as the day has of them
            and not (c.table_name = 'rack_hour_factory' and c.column_name = 'scenario')
        """,
    )
    assert len(columns) > 20
    unexplained = []
    for schema, table, column in columns:
        unexplained += rows(
            db,
            f"select distinct '{schema}.{table}.{column}', cast({column} as varchar) from {schema}.{table} "
            f"where {column} is not null and cast({column} as varchar) not in "
            f"(select value from core.enumeration where column_name = '{column}')",
        )
    assert unexplained == []


def test_forms_and_terms_are_never_merged(db):
    assert rows(db, "select * from core.fct_gpu_rental_rate where gpu in ('H100', 'A100', 'H100 80GB')") == []
    named = dict(rows(db, "select gpu, count(*) from core.fct_gpu_rental_rate where gpu like 'H100%' group by all"))
    assert {"H100 SXM", "H100 PCIe", "H100 NVL", "H100 (unspecified)"} <= set(named)


def test_a_headline_is_the_median_of_providers_lowest_rates_recomputed_by_hand(db):
    """A second implementation over the fact, for a day on which everything is fresh."""
    day = "2026-07-31"
    quotes = rows(
        db,
        f"""
        select provider, cast(price_usd_per_gpu_hour as double) from core.fct_gpu_rental_rate
        where gpu = 'H100 SXM' and commitment = 'on_demand' and form_factor <> 'partial' and grade <> 'C'
            and known_to is null and valid_from <= '{day}' and (valid_to is null or valid_to > '{day}')
            and last_observed > date '{day}' - 92
        """,
    )
    lowest = defaultdict(list)
    for provider, price in quotes:
        lowest[provider].append(price)
    ((price, low, high, count),) = rows(
        db,
        f"""
        select cast(price_usd_per_gpu_hour as double), cast(price_usd_per_gpu_hour_low as double),
            cast(price_usd_per_gpu_hour_high as double), provider_count
        from core.headline_rate where as_of_date = '{day}' and gpu = 'H100 SXM' and commitment = 'on_demand'
            and provider_tier = 'all'
        """,
    )
    cheapest = [min(prices) for prices in lowest.values()]
    assert count == len(cheapest)
    assert price == pytest.approx(statistics.median(cheapest))
    assert (low, high) == (pytest.approx(min(cheapest)), pytest.approx(max(cheapest)))


def test_under_three_providers_a_headline_is_indicative(db):
    assert rows(db, "select * from core.headline_rate where is_indicative <> (provider_count < 3)") == []


def test_the_documents_prefill_fails_the_roofline_and_its_decode_passes(db):
    # 004:122: 46.8 billion tokens an hour on 72 H100 needs 650,000 tok/s/GPU * 2 * 37e9 = 1.3e16 FLOP/s of 2e15.
    ((reason, needed, peak),) = rows(
        db, "select reason, needed_flop_s, peak_flop_s from quarantine.impossible_throughput "
        "where submission_id = 'prefill'",
    )  # fmt: skip
    assert needed == pytest.approx(46.8e9 / 3600 / 72 * 2 * 37e9, rel=0.001)
    assert "roofline" in reason
    assert needed > 6 * peak
    ((decode,),) = rows(
        db, "select output_tokens_per_s_per_gpu from core.fct_throughput where submission_id = 'decode'"
    )
    assert decode == pytest.approx(46.7e6 / 3600 / 72, rel=0.001)


def test_announced_prices_are_known_and_do_not_move_the_as_of_day(db):
    ((future,),) = rows(db, "select count(*) from core.fct_token_price where valid_from > '2026-11-10'")
    assert future > 0
    assert rows(db, "select max(as_of_date) from core.calendar")[0][0].isoformat() == "2026-11-10"
    assert rows(db, "select count(*) from core.fct_token_price where known_from > '2026-11-10'") == [(0,)]


def test_zero_prices_are_free_routes_or_quarantined(db):
    free = "select distinct model_label from core.fct_token_price where price_usd_per_mtok = 0"
    assert [label for (label,) in rows(db, free) if not label.lower().endswith((":free", "-free"))] == []
    ((doubted,),) = rows(db, "select count(*) from quarantine.doubted_token_price where price_usd_per_mtok = 0")
    assert doubted > 0


def test_no_rejected_or_doubted_observation_reaches_a_fact(db):
    for table, fact in (("doubted_token_price", "fct_token_price"), ("gpu_rental_rate", "fct_gpu_rental_rate")):
        shared = f"select * from core.{fact} where observation_id in (select observation_id from quarantine.{table})"
        assert rows(db, shared) == []
