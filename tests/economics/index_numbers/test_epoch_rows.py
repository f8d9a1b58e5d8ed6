"""The 21 rows that Epoch AI published with its study of token prices, from the study's own inputs.

The rows are in tests/golden/epoch_price_trends.csv. Their factors were computed in double precision from dates in
nanoseconds, which costs them the last few digits: the bound on ours is against 50-digit arithmetic.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from pipelines.economics.index_numbers.frontier import Candidates, epoch_rule
from pipelines.economics.index_numbers.student import t_two_sided
from tests.economics.index_numbers import slow_frontier

GOLDEN = Path(__file__).parents[2] / "golden"
PUBLISHED = list(csv.DictReader((GOLDEN / "epoch_price_trends.csv").open(encoding="utf-8")))
CURATED = Path(__file__).parents[3] / "sources" / "benchmark_scores" / "curated" / "epoch_llm_price_study.csv"
EMBEDDED = list(csv.DictReader(CURATED.open(encoding="utf-8")))
RENAMED = {"GPT-3 175B (davinci)": "GPT-3"}
LEFT_OUT = ("o1-mini",)


@pytest.fixture(scope="module")
def inputs(shared):
    rows = []
    for name in ("aa_data_with_math5.csv", "epoch_ai_price_data_not_in_aa_with_benchmarks.csv"):
        rows += csv.DictReader((shared / "data" / "epoch_llm_price" / name).open(encoding="utf-8"))
    return rows


@pytest.fixture(scope="module")
def chosen(shared):
    """The points of each published line, by benchmark and threshold model."""
    points = {}
    path = shared / "data" / "epoch_llm_price" / "lowest_price_models_data.csv"
    for row in csv.DictReader(path.open(encoding="utf-8")):
        point = (row["Model Name"], row["Release Date"], float(row["USD per 1M Tokens"]))
        points.setdefault((row["bench"], row["threshold_model"]), []).append(point)
    return points


def scored(inputs, benchmark):
    rows = [row for row in inputs if row[benchmark]]
    return Candidates.of(
        [RENAMED.get(row["Model Name"], row["Model Name"]) for row in rows],
        [dt.date.fromisoformat(row["Release Date"]).toordinal() for row in rows],
        [float(row["USD per 1M Tokens"]) for row in rows],
        [float(row[benchmark]) for row in rows],
    )


def rel(ours, theirs):
    return abs(ours / float(theirs) - 1.0)


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row['benchmark_label']}-{row['threshold_model']}")
def test_a_published_row(row, inputs, chosen):
    everyone = scored(inputs, row["benchmark_label"])
    ceiling = 100.0 if row["score_unit"] == "pct" else None
    found = everyone.only(everyone.reaching(float(row["threshold"]), ceiling, LEFT_OUT))
    fit = epoch_rule(found)
    ours = [
        (str(found.model[i]), dt.date.fromordinal(int(found.day[i])).isoformat(), float(found.price[i]))
        for i in fit.points
    ]
    assert ours == chosen[row["benchmark_label"], row["threshold_model"]]
    assert fit.n == int(row["n"])
    assert (ours[0][1], ours[-1][1]) == (row["first"], row["last"])
    assert round(fit.r_squared, 2) == float(row["r_squared_rounded"])
    for name, published in (("factor", "annual_factor"), ("t_low", "t_low"), ("t_high", "t_high")):
        assert rel(getattr(fit, name), row[published]) < 2e-11, name
    points = [(name, dt.date.fromisoformat(day).toordinal(), price, 0.0) for name, day, price in ours]
    factor, slope, error = slow_frontier.factor_and_error(points)
    t = t_two_sided(0.9, fit.n - 2)
    assert rel(fit.factor, factor) < 1e-12
    assert rel(fit.t_low, slow_frontier.yearly(slope, error, t)) < 1e-12
    assert rel(fit.t_high, slow_frontier.yearly(slope, error, -t)) < 1e-12


def test_one_point_dropped_moves_851_to_between_31_and_2781(inputs):
    everyone = scored(inputs, "GPQA Diamond")
    fit = epoch_rule(everyone.only(everyone.reaching(53.0, 100.0, LEFT_OUT)))
    assert (fit.n, round(fit.factor), round(fit.drop_low), round(fit.drop_high)) == (4, 851, 31, 2781)
    # The t-interval and the resampled one do not agree either: four points say little.
    assert fit.ci_low > fit.t_low


def test_the_model_left_out_by_name_would_have_moved_a_row(inputs):
    everyone = scored(inputs, "GPQA Diamond")
    kept = everyone.only(everyone.reaching(56.0, 100.0))
    fit = epoch_rule(kept)
    assert "o1-mini" in kept.model[fit.points]
    assert fit.n == 5


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row['benchmark_label']}-{row['threshold_model']}")
def test_a_published_row_from_the_embedded_source(row):
    """The same from what rackhour carries (family benchmark_scores), so that anybody can do it offline."""
    rows = [one for one in EMBEDDED if one["benchmark_label"] == row["benchmark_label"] and one["price_usd_per_mtok"]]
    everyone = Candidates.of(
        [one["model_label"] for one in rows],
        [dt.date.fromisoformat(one["release_date"]).toordinal() for one in rows],
        [float(one["price_usd_per_mtok"]) for one in rows],
        [float(one["score"]) for one in rows],
    )
    ceiling = 100.0 if row["score_unit"] == "pct" else None
    fit = epoch_rule(everyone.only(everyone.reaching(float(row["threshold"]), ceiling, LEFT_OUT)))
    assert fit.n == int(row["n"])
    for name, published in (("factor", "annual_factor"), ("t_low", "t_low"), ("t_high", "t_high")):
        assert rel(getattr(fit, name), row[published]) < 2e-11, name
