"""A publisher added by CONTRIBUTING's recipe alone (entry, module, crosswalk row) reaches facts, headline and coverage.

Not here: the publisher itself (publisher.py), what the real publishers' rows become.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.recipe import publisher
from tests.recipe.tree import copy_tree, run, touched

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
OF_IT = f"where source_id = '{publisher.SOURCE}'"
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


def built(tree: Path, home: Path) -> dict[str, list]:
    return json.loads(run(tree, "-c", BUILD, str(home), MODELS, json.dumps(QUERIES)).splitlines()[-1])


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> tuple[Path, Path]:
    """The tree with an entry and a module more, and a home in which the publisher was looked at three times."""
    folder = tmp_path_factory.mktemp("recipe")
    tree = copy_tree(folder)
    publisher.add_entry_and_module(tree)
    publisher.land_three_days(tree, folder / "home")
    return tree, folder / "home"


def test_try_asks_the_new_publisher_and_names_what_the_crosswalk_lacks(followed, publisher_server):
    tree, home = followed
    publisher_server.serve("/offers", json.dumps([publisher.OFFER]).encode(), {"Content-Type": "application/json"})
    base = {"RACKHOUR_BASE_SYNTHETIC_CLOUD": publisher_server.base}
    told = run(tree, "-m", "pipelines.cli", "try", publisher.SOURCE, "--live", home=home, **base)
    assert "1 rows received, 1 accepted, 0 rejected" in told
    assert "Synthetic Cloud" in told
    assert publisher.CROSSWALK in told
    assert len(publisher_server.asked("/offers")) == 1


def test_entry_module_and_crosswalk_row_are_the_whole_recipe(followed):
    tree, home = followed
    without = built(tree, home)
    assert without["facts"] == []
    assert without["unmapped"] == [["provider", 2, "synthetic_cloud", publisher.CROSSWALK]]
    assert without["account"] == [[3, 0, 0, 3, 0, 0]]

    publisher.map_its_name(tree)
    assert touched(tree) == publisher.FILES
    assert len(publisher.FILES) == 3
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
