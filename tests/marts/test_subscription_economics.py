"""Subscription economics: the document's rows from its own operands, and what must hold of the observed ones."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from pipelines.marts import subscription_economics

LABS = Path(__file__).parents[2] / "sources" / "assumptions" / "curated" / "operands_labs.csv"
DAYS = (dt.date(2026, 1, 31), dt.date(2026, 2, 28))


@pytest.fixture
def labs() -> dict[str, pl.DataFrame]:
    """The curated operands, and synthetic list prices of two days: the later one is 4, 0.4 and 20."""
    operands = pl.read_csv(LABS, infer_schema=False).with_columns(
        pl.col("value", "value_low", "value_high").cast(pl.Float64),
        pl.col("subject").fill_null(""),
        pl.col("valid_from").str.to_date(),
    )
    prices = [
        {
            "as_of_date": day,
            "provider": "anthropic",
            "model": subscription_economics.MODEL,
            "processing": "standard",
            "tier": "base",
            "input_usd_per_mtok": read,
            "cached_input_usd_per_mtok": read / 10,
            "output_usd_per_mtok": 5 * read,
        }
        for day, read in zip(DAYS, (9.0, 4.0), strict=True)
    ]
    return {"assumption": operands, "token_price_asof": pl.DataFrame(prices)}


@pytest.fixture
def table(labs) -> pl.DataFrame:
    return subscription_economics.build(labs)


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    assert subscription_economics.SCHEMA.problems(table, enumeration).is_empty()


@pytest.mark.parametrize(
    ("user_type", "cost", "printed_markup", "implied"),
    [
        ("casual_pro", 1.35, 13.3, 3.33),
        ("heavy_pro", 2.71, 6.67, 3.33),
        ("claude_code_moderate", 2.88, 20.0, 5.36),
        ("claude_code_heavy", 9.90, 11.8, 5.37),
        ("max_worst_case", 321.43, 0.67, 2.80),
    ],
)
def test_the_documents_users_come_out_of_their_own_operands(table, user_type, cost, printed_markup, implied) -> None:
    row = table.filter(reading="as_published", user_type=user_type).row(0, named=True)
    assert row["monthly_cost_usd"] == pytest.approx(cost, abs=0.005)
    assert row["printed_markup"] == pytest.approx(printed_markup, abs=0.05)
    assert row["implied_output_cost_usd_per_mtok"] == pytest.approx(implied, abs=0.005)
    assert row["as_of_date"] == DAYS[1]


def test_the_worst_case_is_worth_the_weekly_limit_at_list_prices(table) -> None:
    row = table.filter(reading="as_published", user_type="max_worst_case").row(0, named=True)
    assert row["api_equivalent_usd"] == pytest.approx(625 * 30 / 7, rel=1e-6)


def test_observed_rows_take_the_newest_price_and_the_assumed_share(table) -> None:
    row = table.filter(reading="professional", user_type="heavy_pro").row(0, named=True)
    share, days = 0.5625, 365 / 12
    listed = days * (0.07 * (4 * (1 - share) + 0.4 * share) + 0.03 * 20)
    assert row["as_of_date"] == DAYS[1]
    assert row["api_equivalent_usd"] == pytest.approx(listed)
    assert row["api_equivalent_uncached_usd"] == pytest.approx(days * (0.07 * 4 + 0.03 * 20))
    assert row["monthly_cost_usd"] == pytest.approx(0.155 * listed)
    assert row["markup"] == pytest.approx(20 / (0.155 * listed))
    # The widest corners: everything cached at the best share, nothing cached at the worst.
    cheapest = days * (0.07 * (4 * 0.1 + 0.4 * 0.9) + 0.03 * 20) * 0.05
    assert row["monthly_cost_usd_low"] == pytest.approx(cheapest)
    assert row["monthly_cost_usd_high"] == pytest.approx(0.6 * row["api_equivalent_uncached_usd"])


def test_thinking_on_every_query_multiplies_output_alone(table) -> None:
    observed = table.filter(reading="professional")
    plain = observed.filter(user_type="claude_code_heavy").row(0, named=True)
    thinking = observed.filter(user_type="thinking_every_query").row(0, named=True)
    assert thinking["output_cost_usd_per_month"] == pytest.approx(7.5 * plain["output_cost_usd_per_month"])
    assert thinking["input_cost_usd_per_month"] == pytest.approx(plain["input_cost_usd_per_month"])


def test_without_prices_the_document_stands_alone_and_without_the_document_nothing(labs) -> None:
    alone = subscription_economics.build({**labs, "token_price_asof": labs["token_price_asof"].clear()})
    assert alone["reading"].unique().to_list() == ["as_published"]
    early = {**labs, "assumption": labs["assumption"].filter(pl.col("known_basis") == "loaded")}
    assert subscription_economics.build(early).is_empty()


def test_the_table_does_not_depend_on_the_order_of_its_inputs(labs, table) -> None:
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=7) for name, frame in labs.items()}
    assert subscription_economics.build(shuffled).equals(table)
