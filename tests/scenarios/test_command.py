"""`rackhour scenario` as a person uses it, on a real release."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT, rackhour

ROW = "gpu = 'H100 SXM' and market = 'us_average' and commitment = 'on_demand' and rent_basis = 'headline_all'"


def rows(*arguments: str, home) -> list[dict]:
    outcome = rackhour("scenario", *arguments, "--format", "csv", home=home)
    assert outcome.returncode == 0, outcome.stderr
    return list(csv.DictReader(io.StringIO(outcome.stdout)))


def test_base_differs_from_itself_in_nothing(released_home):
    told = rows("base", home=released_home)
    assert len({row["mart"] for row in told}) >= 4
    assert all(float(row["difference"] or 0) == 0 for row in told)


def test_the_published_mart_is_the_base(released_home):
    column = "total_cost_usd_per_gpu_hour"
    told = rows("--mart", "gpu_hour_margin", "--where", ROW, "--column", column, home=released_home)
    query = (
        f"select {column} from marts.gpu_hour_margin where {ROW} and reading = 'professional' "
        "and as_of_date = (select max(as_of_date) from core.calendar)"
    )
    published = rackhour("sql", query, "--format", "csv", home=released_home).stdout.splitlines()[1]
    assert float(told[0]["base_value"]) == pytest.approx(float(published), rel=1e-9)


def test_overrides_and_names_compose(released_home):
    asked = ("--mart", "gpu_hour_margin", "--where", ROW, "--column", "total_cost_usd_per_gpu_hour")
    power = rows("stress_power", *asked, home=released_home)
    both = rows("stress_power+stress_utilisation", *asked, home=released_home)
    by_hand = rows("stress_power", "--set", "professional.utilisation=0.4/0.45/0.5", *asked, home=released_home)
    assert 0 < float(power[0]["difference"]) < float(both[0]["difference"])
    assert {k: both[0][k] for k in ("value", "value_low", "value_high")} == {
        k: by_hand[0][k] for k in ("value", "value_low", "value_high")
    }


def test_a_grid_is_one_set_of_lines_a_point(released_home):
    asked = ("--mart", "gpu_hour_margin", "--where", ROW, "--column", "gross_margin_pct")
    told = rows(*asked, "--grid", "professional.utilisation=0.5:0.9:0.2", home=released_home)
    assert [row["professional.utilisation"] for row in told] == ["0.5", "0.7", "0.9"]
    margins = [float(row["value"]) for row in told]
    assert margins == sorted(margins)
    assert float(told[1]["difference"]) == pytest.approx(0.0, abs=1e-9)


def test_own_scenarios_stand_beside_the_packaged(released_home, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "current").symlink_to((released_home / "current").resolve())
    (home / "scenarios").mkdir()
    (home / "scenarios" / "mine.yml").write_text(
        "description: Synthetic.\nextends: stress_power\noverrides:\n"
        "  - {set: professional.life_years, to: x0.5, reason: synthetic, source: synthetic}\n"
    )
    listed = json.loads(rackhour("scenario", "list", "--format", "json", home=home).stdout)
    assert {"mine", "base", "stress_power"} <= {row["scenario"] for row in listed}
    shown = rackhour("scenario", "show", "mine", "--format", "csv", home=home)
    assert "professional.life_years" in shown.stdout
    assert "power_price_asof.price_usd_per_kwh" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["stres_power"], "Did you mean: stress_power"),
        (["--set", "professional.utilisaton=0.5"], "Did you mean: utilisation"),
        (["--mart", "gpu_margin"], "Did you mean: gpu_hour_margin"),
        (["--mart", "gpu_hour_margin", "--column", "gross_margin"], "gross_margin_pct"),
        (["--mart", "gpu_hour_margin", "--where", "gpus = 1"], "gpu"),
        (["--grid", "professional.utilisation=1:0:1"], "lo:hi:step"),
        (["--grid", "professional.utilisation=0:1:0.0001"], "points"),
        (["show"], "show which"),
        (["--format", "xml"], "none of table"),
    ],
)
def test_mistakes_are_told_in_a_line(released_home, arguments, told):
    outcome = rackhour("scenario", *arguments, home=released_home)
    assert outcome.returncode == 1
    assert told in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_it_works_without_dagster_and_dbt(released_home):
    program = (
        "import sys; sys.argv = ['rackhour', 'scenario', 'stress_power', '--format', 'csv']\n"
        "from pipelines.cli.main import app\n"
        "try: app()\nexcept SystemExit: pass\n"
        "assert not {'dagster', 'dbt'} & set(sys.modules), 'orchestrator imported'"
    )
    environment = {**os.environ, "RACKHOUR_HOME": str(released_home)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, cwd=ROOT, capture_output=True)


def test_the_published_results_are_those_of_the_command(released_home):
    told = rows("stress_utilisation", home=released_home)
    query = "select mart, key, \"column\", value from marts.scenario_result where scenario = 'stress_utilisation'"
    published = json.loads(rackhour("sql", query, "--format", "json", home=released_home).stdout)
    ours = {(r["mart"], r["key"], r["column"]): float(r["value"]) for r in told if r["value"]}
    theirs = {(r["mart"], r["key"], r["column"]): r["value"] for r in published if r["value"] is not None}
    assert ours.keys() == theirs.keys()
    assert all(ours[key] == pytest.approx(theirs[key], rel=1e-9) for key in ours)


DRAWN = ("--mart", "gpu_hour_margin", "--where", ROW, "--column", "gross_margin_pct", "--draws", "20000")


def test_draws_give_quantiles_and_drivers_that_add_up(released_home):
    told = rows(*DRAWN, home=released_home)
    numbers = {name: float(told[0][name]) for name in ("base", "low", "p10", "p50", "p90", "high")}
    assert numbers["low"] < numbers["p10"] < numbers["p50"] < numbers["p90"] < numbers["high"]
    assert {"utilisation", "price_usd_per_gpu_hour", "(interaction)"} <= {row["driver"] for row in told}
    assert sum(float(row["variance_share_pct"]) for row in told) == pytest.approx(100.0)
    shares = [float(row["variance_share_pct"]) for row in told[:-1]]
    assert shares == sorted(shares, reverse=True)
    published = rows(*DRAWN[:-2], home=released_home)
    assert numbers["base"] == pytest.approx(float(published[0]["base_value"]))


def test_draws_are_the_seeds(released_home):
    first, again, other = (rows(*DRAWN, "--seed", seed, home=released_home) for seed in ("7", "7", "8"))
    assert first == again
    assert first != other


def test_a_scenario_moves_the_whole_distribution(released_home):
    base, stressed = rows(*DRAWN, home=released_home), rows("stress_utilisation", *DRAWN, home=released_home)
    for name in ("p10", "p50", "p90"):
        assert float(stressed[0][name]) < float(base[0][name])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--draws", "1"], "two at least"),
        (["--draws", "100", "--shape", "bell"], "triangular"),
        (["--draws", "100", "--grid", "utilisation=0.4:0.6:0.1"], "do not go together"),
        (["--mart", "gpu_hour_margin", "--where", "true", "--draws", "100"], "too many to draw"),
    ],
)
def test_what_cannot_be_drawn_is_told(released_home, arguments, told):
    outcome = rackhour("scenario", *arguments, home=released_home)
    assert outcome.returncode == 1
    assert told in outcome.stderr
    assert "Traceback" not in outcome.stderr
