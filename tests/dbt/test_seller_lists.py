"""Sellers' own token lists of past days in a release: known prices, and whole lists against what a capture shows."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipelines.home.places import Home
from pipelines.release import query

LABS = {"openai": "openai", "anthropic": "anthropic", "gemini": "google"}
"""The map's name of a seller, and ours."""


@pytest.fixture(scope="module")
def connection(released_home):
    return query.connect(Home(released_home))


def in_force(connection, provider: str, model: str, day: str) -> tuple[float, float] | None:
    return connection.execute(
        "select max(price_usd_per_mtok) filter (token_kind = 'input')::double,"
        " max(price_usd_per_mtok) filter (token_kind = 'output')::double from core.fct_token_price"
        " where provider = ? and model = ? and processing = 'standard' and tier = 'base' and grade <> 'C'"
        " and valid_from <= ?::date and (valid_to is null or valid_to > ?::date) and known_to is null"
        " and source_id in ('litellm_history', 'tokencost_history')",
        [provider, model, day, day],
    ).fetchone()


@pytest.mark.parametrize(
    ("provider", "model", "day", "price"),
    [
        # What the makers announced: GPT-4 2023-03, GPT-4o 2024-05-13 and its cut of 2024-10-02, Claude 3 2024-03-04.
        ("openai", "gpt-4", "2023-12-01", (30, 60)),
        ("openai", "gpt-4", "2024-06-01", (30, 60)),
        ("openai", "gpt-4o", "2024-06-01", (5, 15)),
        ("openai", "gpt-4o", "2025-01-01", (2.5, 10)),
        ("openai", "gpt-4o-mini", "2024-12-31", (0.15, 0.6)),
        ("openai", "o1", "2025-06-30", (15, 60)),
        ("anthropic", "claude-3-haiku", "2024-06-30", (0.25, 1.25)),
        ("anthropic", "claude-3-5-sonnet", "2024-12-31", (3, 15)),
        ("google", "gemini-1.5-pro", "2024-08-31", (3.5, 10.5)),
        ("google", "gemini-2.5-pro", "2025-12-31", (1.25, 10)),
    ],
)
def test_prices_are_those_the_makers_announced(connection, provider, model, day, price):
    assert in_force(connection, provider, model, day) == pytest.approx(price)


@pytest.mark.parametrize("day", ["2024-01-01", "2024-07-01", "2025-01-14", "2025-12-14"])
def test_a_list_of_a_day_is_what_the_capture_shows(connection, shared, day):
    """Every input and output price of three labs in the newest capture before the day is in force on it, and no other.

    But for shutdown days, which the captures of their time do not know, and prices a person or a rule set aside.
    """
    panel = pl.read_parquet(shared / "data" / "token_prices" / "token_price_panel.parquet").filter(
        pl.col("source") == "litellm",
        pl.col("provider").is_in(list(LABS)),
        pl.col("mode").is_in(["chat", "completion", "responses"]),
        pl.col("as_of") < dt.date.fromisoformat(day),
    )
    shown = (
        panel.filter(pl.col("as_of") == panel["as_of"].max())
        .select(
            pl.col("provider"),
            pl.col("model_id").str.replace(r"^gemini/", "").alias("model_label"),
            pl.col("input_usd_mtok").alias("input"),
            pl.col("output_usd_mtok").alias("output"),
        )
        .unpivot(["input", "output"], index=["provider", "model_label"], variable_name="token_kind", value_name="price")
        .filter(pl.col("price") > 0)
    )
    held = connection.execute(
        "select provider_label as provider, model_label, token_kind, price_usd_per_mtok::double as held"
        " from core.fct_token_price where source_id = 'litellm_history' and processing = 'standard'"
        " and provider_label in ('openai', 'anthropic', 'gemini') and token_kind in ('input', 'output')"
        " and valid_from <= ?::date and (valid_to is null or valid_to > ?::date)",
        [day, day],
    ).pl()
    aside = connection.execute(
        "select model_label, token_kind from quarantine.doubted_token_price where source_id = 'litellm_history'"
    ).pl()
    both = shown.join(held, on=["provider", "model_label", "token_kind"], how="full", coalesce=True)
    assert both.filter(pl.col("price").is_null()).is_empty()
    gone = both.filter(pl.col("held").is_null()).join(aside, on=["model_label", "token_kind"], how="anti")
    assert gone.height <= 0.15 * shown.height, gone
    kept = both.drop_nulls(["price", "held"])
    assert kept.height >= (40 if day > "2024-12" else 20)
    assert ((kept["price"] / kept["held"] - 1).abs() < 1e-9).all()
