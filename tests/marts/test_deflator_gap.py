"""The gap between a deflator and the matched index of the same span, and spend as price times volume: by hand."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest

from pipelines.marts import deflator_gap, spend_decomposition
from pipelines.marts.price_index import SCHEMA as INDEX
from tests.marts.test_deflation_claim import INPUT, MMLU, core


@pytest.fixture(scope="module")
def tables():
    """Invented measures: the matched index of input tokens falls from 1.0 to 0.81 between 2023-01 and 2025-01."""
    level = [("2022-06-01", 1.2), ("2023-01-01", 1.0), ("2024-01-01", 0.9), ("2025-01-01", 0.81), ("2025-06-01", 0.5)]
    index = pl.DataFrame(
        [
            {
                "segment": INPUT,
                "method": "geks_jevons",
                "output": "multilateral",
                "window_months": 0,
                "splice": "none",
                "period": dt.date.fromisoformat(period),
                "index_level": value,
            }
            for period, value in level
        ]
    )
    stated = [
        ("m27_spend", "price_fall_times", "10x cheaper, 100x tokens", 10.0),
        ("m27_spend", "volume_index", "10x cheaper, 100x tokens", 100.0),
        ("m27_budget", "price_fall_times", "280x cheaper, budget +320%", 280.0),
        ("m27_budget", "bill_growth_pct", "280x cheaper, budget +320%", 320.0),
        ("m14_stated_falls", "span_years", "price of a million tokens", 2.0),
    ]
    assumption = pl.DataFrame(stated, schema=["assumption_set", "parameter", "subject", "value"], orient="row")
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("value_low", "value_high")]
    return {
        **core(),
        "marts.price_index": pl.concat([INDEX.empty(), index], how="diagonal_relaxed"),
        "assumption": assumption.with_columns(nothing),
    }


def test_the_matched_side_is_read_over_the_span_of_the_other(tables):
    made = deflator_gap.build(tables)
    assert deflator_gap.SCHEMA.problems(made).is_empty()
    frontier = made.filter(segment=MMLU, matched_segment=INPUT).row(0, named=True)
    years = 731 / 365
    assert (frontier["matched_from"], frontier["matched_to"]) == (dt.date(2023, 1, 1), dt.date(2025, 1, 1))
    assert frontier["measured_annual_log_pct"] == pytest.approx(-100 * math.log(15.8))
    assert frontier["matched_annual_log_pct"] == pytest.approx(100 * math.log(0.81) / years)
    assert frontier["gap_annual_log_pct"] == pytest.approx(-100 * math.log(15.8) - 100 * math.log(0.81) / years)
    average = made.filter(compared_with="average_level").row(0, named=True)
    assert average["measured_annual_log_pct"] == pytest.approx(-200 / years)
    assert average["adds"] == "entry_and_exit"


def test_nothing_to_compare_is_an_empty_table(tables):
    assert deflator_gap.build({name: table.clear() for name, table in tables.items()}).is_empty()


def test_a_bill_is_price_and_volume_and_nothing_else(tables):
    """003:43-45: ten times the bill at a tenth of the price; 4.2 times at 1/280 takes 1,176 times the tokens."""
    made = spend_decomposition.build(tables)
    assert spend_decomposition.SCHEMA.problems(made).is_empty()
    assert (made["spend_effect_log_pct"] - 100 * made["spend_index"].log()).abs().max() < 1e-9
    printed = {row["case"]: row for row in made.filter(fall_basis="as_printed").iter_rows(named=True)}
    assert printed["10x cheaper, 100x tokens"]["spend_index"] == pytest.approx(10.0)
    assert printed["280x cheaper, budget +320%"]["spend_index"] == pytest.approx(4.2)
    assert printed["280x cheaper, budget +320%"]["volume_index"] == pytest.approx(1176.0)
    measured = made.filter(fall_basis=f"{INPUT} | geks_jevons").row(0, named=True)
    assert measured["price_fall_times"] == pytest.approx(1.2**2)
    assert measured["volume_index"] == pytest.approx(4.2 * 1.44), "the bill at the same models' list prices"
    assert spend_decomposition.build({**tables, "assumption": tables["assumption"].clear()}).is_empty()
