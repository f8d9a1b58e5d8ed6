"""The command on a real release: what it prints, what it refuses, and that a correction shows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest

from tests.conftest import rackhour

ROW = "gpu = 'H100 SXM' and market = 'us_average' and commitment = 'on_demand' and rent_basis = 'headline_all'"
PARTS = (
    "(price - cost) / price",
    "core.headline_rate:",
    "grade B",
    "known ",
    "ASSUMPTION of rackhour:",
    "without evidence",
)


def test_a_tree_from_the_margin_to_who_asks_the_rent(released_home):
    told = rackhour("explain", "gpu_hour_margin", "--where", ROW, home=released_home)
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0].startswith("marts.gpu_hour_margin: as_of_date = ")
    assert any(line.startswith("gross_margin_pct = ") for line in lines)
    assert [part for part in PARTS if part not in told.stdout] == []
    assert told.stdout.count("Median of the providers' lowest prices") == 1


def test_depth_cuts_the_tree(released_home):
    short = rackhour("explain", "gpu_hour_margin", "--where", ROW, "--depth", "1", home=released_home).stdout
    assert "total_cost_usd_per_gpu_hour" in short
    assert "fixed_cost_usd_per_gpu_hour" not in short


def test_json_holds_the_same_tree(released_home):
    told = rackhour("explain", "gpu_hour_margin", "--where", ROW, "--format", "json", home=released_home)
    document = json.loads(told.stdout)
    assert document["mart"] == "gpu_hour_margin"
    (margin,) = document["figures"].values()
    operands = {operand["name"]: operand for operand in margin["operands"]}
    price, cost = operands["price_usd_per_gpu_hour"], operands["total_cost_usd_per_gpu_hour"]
    assert margin["value"] == pytest.approx(100 * (price["value"] - cost["value"]) / price["value"])
    assert margin["unit"] == "percent"
    assert margin["formula"]["module"].startswith("pipelines.economics.")
    assert price["kind"] == "observation"
    asked = sorted(found["value"] for found in price["observations"])
    middle = len(asked) // 2
    median = asked[middle] if len(asked) % 2 else (asked[middle - 1] + asked[middle]) / 2
    assert price["value"] == pytest.approx(median, abs=1e-8)
    assert (price["low"], price["high"]) == pytest.approx((asked[0], asked[-1]))
    for found in price["observations"]:
        assert {"observation_id", "publisher", "citation", "valid_from", "known_from", "grade"} <= set(found)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gpu_hours_margin"], "Did you mean gpu_hour_margin"),
        (["gpu_hour_margin", "--figure", "gross_margin"], "Did you mean gross_margin_pct"),
        (["gpu_hour_margin", "--where", "gpu = 'no such GPU'"], "no row of marts.gpu_hour_margin has gpu ="),
        (["gpu_hour_margin", "--where", "no_such_column = 1"], "no_such_column"),
        (["gpu_hour_margin", "--where", "as_of_date = 'soon'"], "invalid date"),
        (["headline_rates"], "Did you mean headline_rate"),
        (["core.headline_rates"], "Did you mean core.headline_rate"),
        (["marts.headline_rate"], "Did you mean core.headline_rate"),
        (["core.gpu_hour_margin"], "Did you mean marts.gpu_hour_margin"),
        (["core.calendar"], 'rackhour sql "from core.calendar"'),
        (["core.headline_rate", "--figure", "price"], "Did you mean price_usd_per_gpu_hour"),
        (["core.headline_rate", "--where", "gpu = 'no such GPU'"], "no row of core.headline_rate has gpu ="),
        (["gpu_hour_margin", "--format", "yaml"], "is none of text, json"),
    ],
)
def test_errors_say_what_to_do(released_home, arguments, said):
    told = rackhour("explain", *arguments, home=released_home)
    assert told.returncode == 1
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_nothing_published_yet(tmp_path):
    told = rackhour("explain", "gpu_hour_margin", home=tmp_path)
    assert told.returncode == 1
    assert "nothing is published" in told.stderr


def test_a_corrected_observation_shows_its_correction(released_home, tmp_path):
    """Synthetic: a copy of the release in which one quote behind the headline is said to have been corrected."""
    home = tmp_path / "home"
    shutil.copytree(Path(released_home) / "current", home / "releases" / "synthetic")
    (home / "current").symlink_to(Path("releases") / "synthetic", target_is_directory=True)
    (home / "current").chmod(0o755)
    (home / "current" / "rackhour.duckdb").chmod(0o644)
    with duckdb.connect(str(home / "current" / "rackhour.duckdb")) as connection:
        connection.execute(
            """
            insert into quarantine.corrected_row
            select
                'synthetic-fix', 'synthetic', observation_ids[1], 'correct', true,
                20, 'usd_per_hour', 2.5, 'usd_per_hour'
            from core.headline_rate
            where gpu = 'H100 SXM' and commitment = 'on_demand' and provider_tier = 'all'
            order by as_of_date desc limit 1
            """
        )
        connection.execute(
            "insert into quarantine.correction (correction_id, source_id, action, reason, decided_on, decided_by) "
            "values ('synthetic-fix', 'synthetic', 'correct', 'a synthetic slip', date '2026-11-20', 'test')"
        )
    told = rackhour("explain", "gpu_hour_margin", "--where", ROW, home=home)
    assert "CORRECTED by synthetic-fix (test, 2026-11-20): 20 usd_per_hour -> 2.5 usd_per_hour" in told.stdout
    assert "because: a synthetic slip" in told.stdout
