"""Published falls of prices as yearly factors, and verdicts: by hand, on synthetic measures beside the real claims."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from pipelines.marts import deflation_claim
from pipelines.marts.deflation_reconciliation import SCHEMA as RECONCILIATION
from pipelines.marts.price_deflation import SCHEMA as DEFLATION

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "published_fall.csv"
CLAIMS = Path(__file__).parents[2] / "sources" / "claims" / "curated" / "document_claims.csv"
NUMBERS = ("factor", "factor_low", "factor_high", "span_years", "span_years_low", "span_years_high")
DATES = ("period_from", "period_to", "published_on")
MMLU, INPUT, RENT = "frontier_study/mmlu/64.8", "tokens/input/all", "gpu_rental/H100 SXM/on_demand"


def deflator(segment: str, method: str, factor: float, low: float | None, high: float | None, kind: str) -> dict:
    return {
        "segment": segment,
        "method": method,
        "output": "multilateral" if method == "geks_jevons" else "trend",
        "window_months": 0,
        "splice": "none",
        "deflator": kind,
        "annual_factor": factor,
        "ci_low": low,
        "ci_high": high,
        "ci_basis": "bootstrap_units",
        "n": 9,
        "first_period": dt.date(2023, 1, 1),
        "last_period": dt.date(2025, 1, 1),
        "is_extrapolated": False,
    }


def rent(day: str, price: float, providers: int, tier: str = "all") -> dict:
    return {
        "as_of_date": dt.date.fromisoformat(day),
        "gpu": "H100 SXM",
        "commitment": "on_demand",
        "provider_tier": tier,
        "price_usd_per_gpu_hour": price,
        "provider_count": providers,
    }


def core(as_of: str = "2026-11-10") -> dict[str, pl.DataFrame]:
    """The real claims beside invented measures."""
    seed = pl.read_csv(SEED, infer_schema=False).with_columns(
        *[pl.col(name).cast(pl.Float64) for name in NUMBERS], *[pl.col(name).str.to_date() for name in DATES]
    )
    with CLAIMS.open(encoding="utf-8") as file:
        stated = {row["claim_id"]: row for row in csv.DictReader(file)}
    told = [stated[name] for name in seed["claim_id"].drop_nulls().unique()]
    claims = pl.DataFrame(
        {
            "claim_id": [row["claim_id"] for row in told],
            "unit": [row["unit"] for row in told],
            "value_low": [float(row["value_low"]) for row in told],
            "value_high": [float(row["value_high"]) if row["value_high"] else None for row in told],
        },
        schema_overrides={"value_high": pl.Float64},
    )
    measured = [
        deflator(MMLU, "epoch_rule", 15.8, 8.2, 50.5, "quality_adjusted"),
        deflator("frontier/mmlu/70/all/input_output_3_1", "epoch_rule", 25.0, 17.0, 80.0, "quality_adjusted"),
        deflator("frontier/mmlu/70/open/input_output_3_1", "epoch_rule", 2.0, 1.0, 3.0, "quality_adjusted"),
        deflator(INPUT, "geks_jevons", 1.2, 1.1, 1.4, "matched_model"),
        deflator(RENT, "geks_jevons", 1.02, 1.0, 1.24, "matched_model"),
    ]
    average = {
        "segment": INPUT,
        "basis": "geometric_mean",
        "measure": "total",
        "change_log_pct": -200.0,
        "items_to": 30,
        "from_period": dt.date(2023, 1, 1),
        "to_period": dt.date(2025, 1, 1),
    }
    rents = [rent("2023-08-31", 12.0, 1), rent("2026-02-28", 11.0, 3), rent("2026-08-31", 3.0, 11)]
    return {
        "calendar": pl.DataFrame({"as_of_date": [dt.date.fromisoformat(as_of)]}),
        "claim": claims,
        "published_fall": seed,
        "headline_rate": pl.DataFrame(rents),
        "marts.price_deflation": pl.concat([DEFLATION.empty(), pl.DataFrame(measured)], how="diagonal_relaxed"),
        "marts.deflation_reconciliation": pl.concat(
            [RECONCILIATION.empty(), pl.DataFrame([average])], how="diagonal_relaxed"
        ),
    }


@pytest.fixture(scope="module")
def made():
    return deflation_claim.build(core())


def row(made: pl.DataFrame, claim: str, segment: str, method: str, output: str | None = None) -> dict:
    found = made.filter(claim=claim, segment=segment, method=method)
    return (found if output is None else found.filter(output=output)).row(0, named=True)


def test_yearly_equivalents(made):
    """50 times in 2.5 years, 280 in two, 1,000 in three, 64 to 75% off: worked on paper (docs/economics.md#m14)."""
    yearly = {r["claim"]: r["claimed_annual_factor"] for r in made.iter_rows(named=True)}
    assert yearly["000-D3-008"] == pytest.approx(4.78, abs=0.005)
    assert yearly["003-DIS-023"] == pytest.approx(16.73, abs=0.005)
    assert yearly["Andreessen Horowitz 2024, 1,000 times"] == pytest.approx(10.0)
    assert yearly["003-DIS-033 as printed"] == pytest.approx(3.16, abs=0.005)
    peak = row(made, "004-GPU-005", RENT, "geks_jevons")
    assert (peak["claimed_factor_low"], peak["claimed_factor_high"]) == (pytest.approx(1 / 0.36), pytest.approx(4.0))
    assert peak["claimed_annual_factor_high"] == pytest.approx(4 ** (1 / 2.5))
    assert row(made, "Epoch AI 2025", MMLU, "epoch_rule")["claimed_annual_change_pct_low"] == pytest.approx(
        -99.89, abs=0.01
    )


def test_a_claim_is_held_against_the_score_it_names(made):
    found = row(made, "003-DIS-023", MMLU, "epoch_rule")
    assert found["is_its_milestone"]
    assert found["verdict"] == "inside"
    assert found["claimed_over_measured"] == pytest.approx(280**0.5 / 15.8)
    segments = set(made.filter(claim="003-DIS-023", compared_with="quality_adjusted")["segment"])
    assert segments == {MMLU, "frontier/mmlu/70/all/input_output_3_1"}, "of our own, all models at the study's blend"
    assert row(made, "000-D3-008", MMLU, "epoch_rule")["verdict"] == "below"
    assert row(made, "003-DIS-023", "frontier/mmlu/70/all/input_output_3_1", "epoch_rule")["verdict"] == "below"


def test_an_interval_that_would_hold_nearly_every_claim_holds_none():
    tables = core()
    wide = pl.when(segment=MMLU, method="epoch_rule").then(pl.lit(1e6)).otherwise("ci_high").alias("ci_high")
    tables["marts.price_deflation"] = tables["marts.price_deflation"].with_columns(wide)
    found = row(deflation_claim.build(tables), "003-DIS-023", MMLU, "epoch_rule")
    assert found["verdict"] == "uninformative"


def test_another_thing_is_not_comparable_and_says_so(made):
    found = row(made, "003-DIS-023", INPUT, "geks_jevons")
    assert found["verdict"] == "not_comparable"
    assert "list prices" in found["reason"]
    printed = row(made, "003-DIS-023 as printed", INPUT, "geks_jevons")
    assert printed["verdict"] == "above", "as a fall of the price of tokens it is far above what the same models did"
    level = row(made, "003-DIS-023 as printed", INPUT, "geometric_mean")
    assert level["verdict"] == "no_interval"
    assert level["measured_annual_factor"] == pytest.approx(2.7183 ** (2 * 365 / 731), rel=1e-4)


def test_the_h100_off_its_peak(made):
    then, now = (row(made, "004-GPU-005", RENT, "headline_all", when) for when in ("level_then", "level_now"))
    assert (then["verdict"], then["measured_to"], then["n"]) == ("above", dt.date(2026, 2, 28), 3)
    assert now["measured_annual_factor"] == pytest.approx(4.0 ** (365 / 1096))
    assert now["verdict"] == "inside"
    assert row(made, "004-GPU-005", RENT, "geks_jevons")["verdict"] == "above"


def test_what_was_not_published_by_then_is_not_there():
    made = deflation_claim.build(core("2024-12-31"))
    assert set(made["publisher"]) == {"Andreessen Horowitz"}
    assert deflation_claim.build(core("2020-01-01")).is_empty()
    assert deflation_claim.SCHEMA.problems(made).is_empty()
