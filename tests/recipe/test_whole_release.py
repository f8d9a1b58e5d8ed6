"""A refresh of a tree with a new publisher, formula and mart publishes all three: price, figure, table, account.

Not here: the recipe's parts one by one (test_new_publisher.py, test_new_mart.py).
"""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from tests.recipe import mart, publisher
from tests.recipe.tree import attempt, copy_tree, run, touched

pytestmark = pytest.mark.skipif(
    not os.environ.get("RACKHOUR_SLOW_TESTS"), reason="a whole refresh more: CI sets RACKHOUR_SLOW_TESTS=1"
)
PROVIDERS = """
    select gpu, provider_tier, provider_count from rackhour.core.headline_rate
    where as_of_date = date '2026-11-10' and commitment = 'on_demand' and starts_with(gpu, 'H100')
"""
ACCOUNT = f"""
    select accepted_rows, in_facts_rows, folded_rows, unmapped_rows, difference_rows
    from core.source_account where source_id = '{publisher.SOURCE}'
"""
PRICE = f"""
    select headlines.gpu, headlines.provider_tier, facts.price_usd_per_gpu_hour::double as usd
    from core.headline_rate as headlines
    inner join core.fct_gpu_rental_rate as facts
        on list_contains(headlines.observation_ids, facts.observation_id)
    where headlines.as_of_date = date '2026-11-10' and facts.source_id = '{publisher.SOURCE}'
    order by all
"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> tuple[Path, Path]:
    """The tree after all three recipes, and the home it was refreshed in."""
    folder = tmp_path_factory.mktemp("recipe")
    tree, home = copy_tree(folder), folder / "home"
    publisher.add_entry_and_module(tree)
    publisher.map_its_name(tree)
    publisher.land_three_days(tree, home)
    mart.add_formula(tree)
    mart.add_mart(tree)
    mart.list_its_value(tree)
    outcome = attempt(tree, "-m", "pipelines.cli", "refresh", home=home)
    assert outcome.returncode == 0, outcome.stdout[-2000:] + outcome.stderr[-4000:]
    assert touched(tree) == publisher.FILES | mart.FORMULA_FILES | mart.MART_FILES
    return tree, home


def rackhour(followed: tuple[Path, Path], *arguments: str) -> str:
    tree, home = followed
    return run(tree, "-m", "pipelines.cli", *arguments, home=home)


def asked(followed: tuple[Path, Path], query: str) -> list[dict]:
    return json.loads(rackhour(followed, "sql", query, "--format", "json"))


def test_every_row_of_the_publisher_is_accounted_for(followed):
    assert asked(followed, ACCOUNT) == [
        {"accepted_rows": 3, "in_facts_rows": 2, "folded_rows": 1, "unmapped_rows": 0, "difference_rows": 0}
    ]


def test_its_price_takes_part_in_the_headlines_of_its_tier_and_of_all(followed, released_home):
    gpu = "H100 (unspecified)"
    assert asked(followed, PRICE) == [
        {"gpu": gpu, "provider_tier": "all", "usd": 2.5},
        {"gpu": gpu, "provider_tier": "neocloud", "usd": 2.5},
    ]
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        before = {row[:2]: row[2] for row in connection.sql(PROVIDERS).fetchall()}
    after = {(r["gpu"], r["provider_tier"]): r["provider_count"] for r in asked(followed, PROVIDERS)}
    one_more = {(gpu, tier): before[gpu, tier] + 1 for tier in ("all", "neocloud")}
    assert after == before | one_more


def test_explain_follows_the_headline_to_the_publishers_payload(followed):
    where = "gpu = 'H100 (unspecified)' and provider_tier = 'neocloud' and commitment = 'on_demand'"
    text = rackhour(followed, "explain", "core.headline_rate", "--where", where)
    assert "2.5  synthetic_cloud s8 on_demand" in text
    payload = re.search(rf"(landing/gpu_rental/{publisher.SOURCE}/\w+/payload\.gz), row 1\n", text)
    assert payload
    offers = json.loads(gzip.decompress((followed[1] / payload[1]).read_bytes()))
    assert (offers[0]["price"], offers[0]["gpu_count"]) == (2000, 8)


def test_the_mart_is_published_with_its_kind_and_one_row_per_headline(followed):
    comment = asked(
        followed,
        f"select comment from duckdb_tables() where schema_name = 'marts' and table_name = '{mart.MART}'",
    )[0]["comment"]
    assert comment.splitlines()[0].startswith("One row per day and GPU.")
    assert comment.splitlines()[-1].startswith("Kind: answer (")
    # Computed again in SQL: eight times the headline, nothing missing and nothing more.
    compared = asked(
        followed,
        f"""
        select count(*) as headlines, count(made.gpu) as found, (select count(*) from marts.{mart.MART}) as rows,
            max(abs({mart.FIGURE} - 8 * rates.price_usd_per_gpu_hour::double)) as furthest
        from core.headline_rate as rates
        left join marts.{mart.MART} as made using (as_of_date, gpu)
        where rates.commitment = 'on_demand' and rates.provider_tier = 'all'
        """,
    )[0]
    assert compared["headlines"] == compared["found"] == compared["rows"] > 500
    assert compared["furthest"] < 1e-9


def test_tables_describe_and_explain_answer_for_the_mart(followed):
    listed = {row["table"]: row for row in json.loads(rackhour(followed, "tables", "--format", "json"))}
    assert listed[f"marts.{mart.MART}"]["kind"] == "answer"
    described = json.loads(rackhour(followed, "describe", f"marts.{mart.MART}", "--format", "json"))
    units = {row["column"]: row["unit"] for row in described}
    assert units[mart.FIGURE] == "usd/hour"
    assert units["price_usd_per_gpu_hour"] == "usd/gpu_hour"
    text = rackhour(followed, "explain", mart.MART, "--where", "gpu = 'H100 SXM'", "--figure", mart.FIGURE)
    assert f"marts.{mart.MART}: as_of_date = 2026-11-10, gpu = H100 SXM" in text
    assert "synthetic: a server holds eight GPUs" in text
    assert "core.headline_rate" in text


def test_the_trees_own_tests_of_every_mart_hold_for_the_new_one(followed):
    tree, home = followed
    tests = ["tests/explain/test_every_mart.py", "tests/mart_kit/test_identity.py"]
    only = ["-q", "-p", "no:cacheprovider", "-k", mart.MART]
    told = run(
        tree,
        "-m",
        "pytest",
        *only,
        "--junit-xml",
        str(home.parent / "told.xml"),
        *tests,
        RACKHOUR_TEST_RELEASE=str(home),
    )
    passed = [case.get("name") for case in ElementTree.parse(home.parent / "told.xml").iter("testcase")]
    assert passed == [
        f"test_every_figure_leads_to_somebody_who_stated_it_and_comes_out_again[{mart.MART}]",
        f"test_it_holds_on_the_real_release_and_a_changed_figure_breaks_it[{mart.MART}: {mart.IDENTITY}]",
    ], told
