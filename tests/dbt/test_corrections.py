"""What people decided about rows, at work on synthetic readings: set aside, let through, rewritten, or left alone."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest
import yaml

from tests.dbt.token_prices import build, land, reading

LAST = dt.date(2026, 11, 30)


def plain(name: str, price: float) -> dict:
    return {"id": name, "prices": {"input_mtok": price}}


def entry(name: str, label: str | list[str], action: str, **keys) -> dict:
    stated = {"source_id": "genai_prices", "match": {"provider_label": "openai", "model_label": label}}
    decided = {"reason": "A synthetic decision.", "decided_on": "2026-11-20", "decided_by": "test"}
    return {"id": name, "action": action, **stated, **decided, **keys}


ENTRIES = [
    entry("set-aside", "wrong", "reject", reason_code="known_wrong"),
    entry("let-through", "tiny", "release", reason_code="per_token_in_a_per_mtok_field"),
    entry("another-rule", "tiny-too", "release", reason_code="far_from_other_sellers"),
    entry("in-thousands", "per-thousand", "correct", set={"multiply_price_by": 1000}),
    entry("by-hand", "unknown-unit", "correct", set={"price": 0.000003, "price_unit": "usd_per_token"}),
    entry("mended", "mended", "correct", set={"multiply_price_by": 1000}, expect={"price_at_most": 0.01}),
    entry("watched", "stays", "expect", expect={"price_equals": 1}),
    entry("gone", "no-such-model", "reject", reason_code="known_wrong"),
    entry("idle", "stays", "release"),
    entry("later", "stays", "reject", reason_code="known_wrong", first_day="2026-11-15"),
]


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corrections")
    (folder / "home" / "corrections").mkdir(parents=True)
    own = folder / "home" / "corrections" / "token_prices.yml"
    own.write_text(yaml.safe_dump({"corrections": ENTRIES}), encoding="utf-8")
    same = [plain("stays", 1), plain("wrong", 4), plain("tiny", 1e-05), plain("tiny-too", 1e-05)]
    same += [plain("per-thousand", 0.002), plain("unknown-unit", 7)]
    first = {"openai": [*same, plain("mended", 0.003)]}
    second = {"openai": [*same, plain("mended", 3)]}
    return folder, land(folder, [reading("2026-11-10", first), reading("2026-11-20", second)])


@pytest.fixture(scope="module")
def after(landed):
    with duckdb.connect(str(build(*landed, LAST, "+correction +corrected_row")), read_only=True) as connection:
        yield connection


def facts(connection, label: str) -> list[tuple]:
    columns = "cast(price_usd_per_mtok as double), original_price, original_unit, correction_ids"
    query = f"select {columns} from core.fct_token_price where model_label = ? order by valid_from"
    return connection.execute(query, [label]).fetchall()


def test_a_row_set_aside_by_hand_is_in_no_fact_and_keeps_its_figure(after):
    assert facts(after, "wrong") == []
    aside = "select reason, original_price, correction_ids from quarantine.doubted_token_price where model_label = ?"
    assert after.execute(aside, ["wrong"]).fetchall() == [("known_wrong", 4.0, "set-aside")]


def test_a_row_a_rule_set_aside_is_let_through_from_that_rule_alone(after):
    assert facts(after, "tiny") == [(1e-05, 1e-05, "usd_per_mtok", "let-through")]
    assert facts(after, "tiny-too") == []


def test_a_corrected_figure_stands_beside_the_published_one(after):
    assert facts(after, "per-thousand") == [(2.0, 0.002, "usd_per_mtok", "in-thousands")]
    assert facts(after, "unknown-unit") == [(3.0, 7.0, "usd_per_mtok", "by-hand")]


def test_a_figure_upstream_mended_is_left_alone(after):
    assert facts(after, "mended") == [
        (3.0, 0.003, "usd_per_mtok", "mended"),
        (3.0, 3.0, "usd_per_mtok", None),
    ]


def test_a_day_bounds_what_an_entry_names(after):
    """The price stands since the 10th: an entry from the 15th on is not about it."""
    assert facts(after, "stays") == [(1.0, 1.0, "usd_per_mtok", None)]


def test_every_entry_says_what_became_of_it(after):
    told = after.sql(
        "select correction_id, matched_rows, acted_rows, guard_failed_rows, status from quarantine.correction "
        "where origin = 'own' order by correction_id"
    ).fetchall()
    assert told == [
        ("another-rule", 2, 0, 0, "changes_nothing"),
        ("by-hand", 2, 1, 0, "acts"),
        ("gone", 0, 0, 0, "matches_no_row"),
        ("idle", 2, 0, 0, "changes_nothing"),
        ("in-thousands", 2, 1, 0, "acts"),
        ("later", 1, 0, 0, "changes_nothing"),
        ("let-through", 2, 1, 0, "acts"),
        ("mended", 2, 1, 1, "guard_failed"),
        ("set-aside", 2, 1, 0, "acts"),
        ("watched", 2, 0, 0, "guard_holds"),
    ]


def test_packaged_entries_wait_for_their_source(after):
    """Of the sources with entries this build holds one alone, and none of the rows its entries are about."""
    packaged = (
        "select distinct source_id = 'genai_prices' as is_there, status from quarantine.correction "
        "where origin = 'packaged' order by all"
    )
    assert after.sql(packaged).fetchall() == [(False, "source_is_empty"), (True, "matches_no_row")]


def test_published_and_corrected_figure_of_each_row(after):
    columns = "published_price, corrected_price, corrected_unit"
    row = f"select {columns} from quarantine.corrected_row where correction_id = ?"
    assert set(after.execute(row, ["by-hand"]).fetchall()) == {(7.0, 0.000003, "usd_per_token")}
    assert sorted(after.execute(row, ["mended"]).fetchall(), key=str) == [
        (0.003, 3.0, "usd_per_mtok"),
        (3.0, None, None),
    ]


def test_knowledge_of_an_earlier_day_meets_earlier_rows_only(landed):
    with duckdb.connect(
        str(build(*landed, dt.date(2026, 11, 12), "+correction +corrected_row")), read_only=True
    ) as then:
        told = dict(then.sql("select correction_id, status from quarantine.correction where origin = 'own'").fetchall())
        assert told["later"] == "not_known_yet"
        assert told["mended"] == "acts"
