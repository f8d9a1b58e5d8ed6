"""Readings of a list folded into what held when and was known when; prices judged. Every list here is synthetic."""

from __future__ import annotations

import datetime as dt

import duckdb
import pytest

from tests.dbt.token_prices import build, land, reading

LAST = dt.date(2026, 11, 30)
CHANGED = [{"prices": {"input_mtok": 3}}, {"constraint": {"start_date": "2026-11-15"}, "prices": {"input_mtok": 2}}]
ANNOUNCED = [
    {"constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 5}},
    {"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 9}},
]
CORRECTED = [{"constraint": {"start_date": "2026-06-01"}, "prices": {"input_mtok": 6}}]


def plain(name: str, price: float) -> dict:
    return {"id": name, "prices": {"input_mtok": price}}


def first() -> dict[str, list[dict]]:
    return {
        "openai": [
            plain("stays", 1),
            plain("cheaper-later", 3),
            plain("dated-later", 3),
            plain("vanishes", 4),
            {"id": "announced", "prices": ANNOUNCED},
            {"id": "corrected", "prices": ANNOUNCED[:1]},
        ],
        "nobody-knows": [plain("stays", 1)],
    }


def second() -> dict[str, list[dict]]:
    return {
        "openai": [
            plain("stays", 1),
            plain("cheaper-later", 2.5),
            {"id": "dated-later", "prices": CHANGED},
            {"id": "announced", "prices": ANNOUNCED[:1]},
            {"id": "corrected", "prices": CORRECTED},
        ],
        # Judged: the same model at five sellers, one of them in another unit; cents for dollars; per token for Mtok.
        **{seller: [plain("peer", 1)] for seller in ("together", "novita", "groq")},
        "fireworks": [plain("peer", 90), plain("tiny", 7.5e-07)],
        "mistral": [
            {
                "id": "cents",
                "prices": [
                    {"prices": {"input_mtok": 75}},
                    {"constraint": {"start_date": "2026-11-02"}, "prices": {"input_mtok": 0.075}},
                ],
            },
            plain("twice", 1),
            plain("twice", 2),
        ],
        "cohere": [
            {
                "id": "history",
                "prices": [
                    {"prices": {"input_mtok": 1}},
                    {"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 0.9}},
                    {"constraint": {"start_date": "2026-02-01"}, "prices": {"input_mtok": 300}},
                    {"constraint": {"start_date": "2026-03-01"}, "prices": {"input_mtok": 0.8}},
                ],
            }
        ],
        # One model, many offers; the dearer one may be the plain one.
        "aws": [
            plain("regional.anthropic.claude-opus-9-v1:0", 5.5),
            plain("global.anthropic.claude-opus-9-v1:0", 5),
            plain("openai.offered-20b", 2),
            plain("eu.openai.offered-20b", 1.9),
        ],
        "baseten": [plain("lab/Offered-20B-FP8", 1), plain("lab/offered-20b", 2), plain("zai-org/GLM-9-Fast", 3)],
        "openrouter": [
            plain("lab/offered-20b:free", 0),
            plain("lab/offered-20b:nitro", 1),
            plain("lab/offered-20b", 2),
        ],
        "doubleword": [plain("lab/Offered-20B-FP8", 1)],
    }


@pytest.fixture(scope="module")
def landed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("readings")
    return folder, land(folder, [reading("2026-11-10", first()), reading("2026-11-20", second())])


@pytest.fixture(scope="module")
def after(landed):
    with duckdb.connect(str(build(*landed, LAST)), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def between(landed):
    with duckdb.connect(str(build(*landed, dt.date(2026, 11, 12))), read_only=True) as connection:
        yield connection


def history(connection, model: str) -> list[tuple]:
    """price, valid_from, valid_to, known_from, known_to, last_observed, observation_count; days as text."""
    days = ", ".join(
        f"cast({c} as varchar)" for c in ("valid_from", "valid_to", "known_from", "known_to", "last_observed")
    )
    return connection.execute(
        f"select cast(price_usd_per_mtok as double), {days}, observation_count from core.fct_token_price "
        "where model = ? and provider = 'openai' order by known_from, valid_from",
        [model],
    ).fetchall()


def test_a_price_seen_again_is_one_row(after):
    assert history(after, "stays") == [(1.0, "2026-11-10", None, "2026-11-10", None, "2026-11-20", 2)]


def test_an_undated_price_ends_with_the_reading_that_shows_another(after):
    assert history(after, "cheaper-later") == [
        (3.0, "2026-11-10", "2026-11-20", "2026-11-10", None, "2026-11-10", 1),
        (2.5, "2026-11-20", None, "2026-11-20", None, "2026-11-20", 1),
    ]


def test_a_day_the_list_gives_later_ends_what_was_seen_before(after):
    assert history(after, "dated-later") == [
        (3.0, "2026-11-10", "2026-11-15", "2026-11-10", None, "2026-11-14", 2),
        (2.0, "2026-11-15", None, "2026-11-20", None, "2026-11-20", 1),
    ]


def test_a_model_that_vanishes_ends(after):
    assert history(after, "vanishes") == [(4.0, "2026-11-10", "2026-11-20", "2026-11-10", None, "2026-11-10", 1)]


def test_an_announcement_that_is_cancelled_is_known_to_have_stood(after):
    assert history(after, "announced") == [
        (5.0, "2026-06-01", None, "2026-11-10", "2026-11-20", "2026-11-10", 1),
        (9.0, "2027-01-01", None, "2026-11-10", "2026-11-20", "2026-11-10", 1),
        (5.0, "2026-06-01", None, "2026-11-20", None, "2026-11-20", 1),
    ]


def test_a_corrected_past_keeps_both_figures(after):
    assert history(after, "corrected") == [
        (5.0, "2026-06-01", None, "2026-11-10", "2026-11-20", "2026-11-10", 1),
        (6.0, "2026-06-01", None, "2026-11-20", None, "2026-11-20", 1),
    ]


def test_the_days_between_two_readings_know_the_first_alone(between):
    assert history(between, "corrected") == [(5.0, "2026-06-01", None, "2026-11-10", None, "2026-11-10", 1)]
    assert history(between, "cheaper-later") == [(3.0, "2026-11-10", None, "2026-11-10", None, "2026-11-10", 1)]
    assert history(between, "dated-later") == [(3.0, "2026-11-10", None, "2026-11-10", None, "2026-11-10", 1)]
    prices = between.sql("select model, input_usd_per_mtok from core.token_price_asof where as_of_date = '2026-11-12'")
    assert dict(prices.fetchall()) == {
        "stays": 1.0,
        "cheaper-later": 3.0,
        "dated-later": 3.0,
        "vanishes": 4.0,
        "announced": 5.0,
        "corrected": 5.0,
    }


def test_prices_in_force_follow_the_current_knowledge(after):
    prices = after.sql(
        "select model, input_usd_per_mtok from core.token_price_asof "
        "where provider = 'openai' and as_of_date = '2026-11-30'"
    )
    assert dict(prices.fetchall()) == {
        "stays": 1.0,
        "cheaper-later": 2.5,
        "dated-later": 2.0,
        "announced": 5.0,
        "corrected": 6.0,
    }
    june = after.sql("select model, input_usd_per_mtok from core.token_price_asof where as_of_date = '2026-06-30'")
    assert {row for row in june.fetchall() if row[0] in ("announced", "corrected")} == {
        ("announced", 5.0),
        ("corrected", 6.0),
    }


def test_of_many_offers_of_a_model_the_plain_one_is_in_force(after):
    """No route, no region's premium, no number format named; where a seller has no such offer, what it has."""
    found = after.sql(
        """select provider, model, processing, input_usd_per_mtok, region, quantisation, route, quote_count
        from core.token_price_asof where as_of_date = '2026-11-30'
        and model in ('offered-20b', 'claude-opus-9', 'glm-9') order by all"""
    ).fetchall()
    assert found == [
        ("aws", "claude-opus-9", "standard", 5.0, "global", "unspecified", "standard", 2),
        ("aws", "offered-20b", "standard", 2.0, "unspecified", "unspecified", "standard", 2),
        ("baseten", "glm-9", "fast", 3.0, "unspecified", "unspecified", "standard", 1),
        ("baseten", "offered-20b", "standard", 2.0, "unspecified", "unspecified", "standard", 2),
        ("doubleword", "offered-20b", "standard", 1.0, "unspecified", "fp8", "standard", 1),
        ("openrouter", "offered-20b", "standard", 2.0, "unspecified", "unspecified", "standard", 2),
    ]


@pytest.mark.parametrize(
    ("reason", "rows"),
    [
        ("provider_in_no_crosswalk", [("nobody-knows", "stays", 1.0)]),
        ("per_token_in_a_per_mtok_field", [("fireworks", "tiny", 7.5e-07)]),
        ("far_from_other_sellers", [("fireworks", "peer", 90.0)]),
        (
            "far_from_its_own_history",
            [("cohere", "history", 300.0), ("mistral", "cents", 0.075), ("mistral", "cents", 75.0)],
        ),
        ("two_prices_at_once", [("mistral", "twice", 1.0), ("mistral", "twice", 2.0)]),
    ],
)
def test_a_price_that_cannot_be_is_kept_with_its_reason_and_in_no_fact(after, reason, rows):
    query = "select provider, model_label, price_usd_per_mtok from quarantine.doubted_token_price where reason = ?"
    assert sorted(after.execute(query, [reason]).fetchall()) == rows
    for provider, label, price in rows:
        fact = "select count(*) from core.fct_token_price where (provider, model_label, price_usd_per_mtok) = (?, ?, ?)"
        assert after.execute(fact, [provider, label, price]).fetchone() == (0,)
