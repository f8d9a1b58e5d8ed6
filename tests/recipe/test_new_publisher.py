"""A publisher added by CONTRIBUTING's recipe alone (entry, module, crosswalk row) reaches facts, headline and coverage.

The tree is copied and the recipe followed in the copy, in processes of their own: nothing of the package is patched.
Everything of this publisher is synthetic and says so in its name. Not here: what the real publishers' rows become.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
LEFT_OUT = shutil.ignore_patterns("target", "__pycache__", "logs")
ENTRY = """
  synthetic_cloud:
    title: Synthetic price list of this test
    publisher: nobody (synthetic)
    licence: none
    cadence_days: 1
    grade: A
    unit: US cents per instance-hour
    known_basis: first_seen
    connector: synthetic_cloud
    live: https://synthetic.invalid
    shape: snapshots
    payloads: append
"""
MODULE = '''"""Synthetic: a list of offers, cents per instance-hour. Not here: anything real."""

import polars as pl

from sources.gpu_rental import list_rows
from sources.payload import Payload


def parse(payload: Payload) -> pl.DataFrame:
    """One row per offer."""
    return list_rows.numbered(payload, list_rows.document(payload), grade="A")
'''
LAND = """
import json, sys
from pathlib import Path
from pipelines.home.places import Home
from pipelines.landing import intake
from sources.payload import Payload
from sources.registry import all_sources

home = Home(Path(sys.argv[1]))
home.ensure()
offer = {"provider_label": "Synthetic Cloud", "gpu_label": "H100", "gpu_memory_gb": 80, "gpu_count": 8,
         "sku_label": "s8", "commitment": "on_demand", "price_unit": "usc_per_instance_hour"}
days = {"2026-11-01": 1600, "2026-11-02": 1600, "2026-11-05": 2000}
payloads = []
for day, cents in days.items():
    content = json.dumps([{**offer, "price": cents, "note": day}]).encode()
    payloads.append(Payload("synthetic_cloud", "synthetic", content, "application/json", day))
intake.land_payloads(all_sources()["synthetic_cloud"], home, payloads)
"""
BUILD = """
import datetime as dt, json, sys
from pathlib import Path
import duckdb
from pipelines.home.build import Build
from pipelines.home.places import Home
from pipelines.release import audit
from pipelines.warehouse import build_database, transform

home = Home(Path(sys.argv[1]))
build_database.prepare(Build(home=home, as_of=dt.date(2026, 11, 10)))
# Tests of tables that are not built here stay out.
arguments = ["build", *transform._places(home), *transform.LEAN, "--vars", json.dumps({"as_of": "2026-11-10"})]
arguments += ["--exclude-resource-type", "test", "--exclude-resource-type", "unit_test"]
outcome = transform.invoke([*arguments, "--select", *sys.argv[2].split()], home.build_db)
assert outcome.success, (home.build / "logs" / "dbt.log").read_text()[-3000:]
with duckdb.connect(str(home.build_db), read_only=True) as connection:
    told = {name: connection.sql(query).fetchall() for name, query in json.loads(sys.argv[3]).items()}
    told["audit"] = [[c.passed, c.blocking, c.message] for c in (audit._accounts(connection), audit._looks(connection))]
print(json.dumps(told, default=str))
"""
MODELS = "+source_account +unmapped_name +headline_rate +coverage"
OF_IT = "where source_id = 'synthetic_cloud'"
QUERIES = {
    "facts": "select price_usd_per_gpu_hour::double, valid_from, valid_to, observation_count, row_number, "
    f"length(payload_sha256) from core.fct_gpu_rental_rate {OF_IT} order by valid_from",
    "headline": "select price_usd_per_gpu_hour_low::double from core.headline_rate where as_of_date = '2026-11-10' "
    "and provider_tier = 'all' and commitment = 'on_demand' and gpu like 'H100%'",
    "coverage": "select quote_count from core.coverage where provider = 'synthetic_cloud'",
    "account": "select accepted_rows, in_facts_rows, folded_rows, unmapped_rows, difference_rows, unseen_fact_rows "
    f"from core.source_account {OF_IT}",
    "unmapped": "select kind, row_count, source_ids, crosswalk from core.unmapped_name where label = 'Synthetic Cloud'",
}


def run(tree: Path, script: str, *arguments: str) -> str:
    """A script on the copied tree, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-c", script, *arguments]
    outcome = subprocess.run(command, capture_output=True, text=True, cwd=tree, env=environment, check=False)
    assert outcome.returncode == 0, outcome.stderr[-3000:]
    return outcome.stdout


def built(tree: Path, home: Path) -> dict[str, list]:
    return json.loads(run(tree, BUILD, str(home), MODELS, json.dumps(QUERIES)).splitlines()[-1])


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> tuple[Path, Path]:
    """The tree with an entry and a module more, and a home in which the publisher was looked at three times."""
    folder = tmp_path_factory.mktemp("recipe")
    tree = folder / "tree"
    for name in ("sources", "pipelines", "dbt_project"):
        shutil.copytree(ROOT / name, tree / name, ignore=LEFT_OUT)
    with (tree / "sources" / "gpu_rental" / "source.yml").open("a", encoding="utf-8") as entries:
        entries.write(ENTRY)
    (tree / "sources" / "gpu_rental" / "synthetic_cloud.py").write_text(MODULE, encoding="utf-8")
    run(tree, LAND, str(folder / "home"))
    return tree, folder / "home"


def test_entry_module_and_crosswalk_row_are_the_whole_recipe(followed):
    tree, home = followed
    without = built(tree, home)
    assert without["facts"] == []
    assert without["unmapped"] == [["provider", 2, "synthetic_cloud", "dbt_project/seeds/xwalk_rental_provider.csv"]]
    assert without["account"] == [[3, 0, 0, 3, 0, 0]]

    with (tree / "dbt_project" / "seeds" / "xwalk_rental_provider.csv").open("a", encoding="utf-8") as crosswalk:
        crosswalk.write("synthetic cloud,synthetic_cloud,Synthetic Cloud,neocloud\n")
    mapped = built(tree, home)
    # Cents for eight GPUs: 16 and 20 USD an hour. The first price was seen on two days, the second on one.
    assert [row[:4] for row in mapped["facts"]] == [
        [2.0, "2026-11-01", "2026-11-05", 2],
        [2.5, "2026-11-05", None, 1],
    ]
    assert [row[4:] for row in mapped["facts"]] == [[1, 64], [1, 64]]
    assert mapped["headline"] == [[2.5]]
    assert mapped["coverage"] == [[3]]
    assert mapped["unmapped"] == []
    # The look of the second day repeats the figure of the first and is folded into it.
    assert mapped["account"] == [[3, 2, 1, 0, 0, 0]]
    assert [passed for passed, _, _ in mapped["audit"]] == [True, True]

    union = tree / "dbt_project" / "models" / "staging" / "gpu_rental" / "stg_gpu_rental__snapshots.sql"
    union.write_text(union.read_text(encoding="utf-8") + "where price < 1900\n", encoding="utf-8")
    passed, blocking, message = built(tree, home)["audit"][0]
    assert (passed, blocking) == (False, True)
    assert "synthetic_cloud: 1 of 3 accepted rows are in no fact and under no rule" in message
    assert "dbt_project/models/staging/gpu_rental" in message
    assert "left_out" in message
