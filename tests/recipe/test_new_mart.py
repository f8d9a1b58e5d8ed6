"""A formula and a mart added by CONTRIBUTING's recipe alone are found, computed, wired and checked.

Not here: the formula and the mart themselves (mart.py), a release that holds them (test_whole_release.py).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.recipe import mart
from tests.recipe.tree import copy_tree, run, touched

# On two days an H100 is let at 3.00 over all providers (2.40 to 4.50), at 6.00 by hyperscalers, at 2.00 for a year.
ON_A_SMALL_CORE = """
import json
import polars as pl
from pipelines.mart_kit.all_marts import marts
from tests.marts.conftest import headline

rates = [("on_demand", "all", 3.0), ("on_demand", "hyperscaler", 6.0), ("reserved_1y", "all", 2.0)]
core = {"headline_rate": pl.DataFrame([row for rate in rates for row in headline("H100 SXM", *rate)])}
found = marts()["synthetic_server_price"]
print(json.dumps(found.build(core).to_dicts(), default=str))
"""
# What the asset's check says: of the mart's rows, without the new value in the lists, and with a figure that is wrong.
CHECKED = """
import json
import polars as pl
from pipelines.defs.marts import _contract
from pipelines.home.packaged import SEEDS
from pipelines.mart_kit.all_marts import marts
from tests.marts.conftest import headline

found = marts()["synthetic_server_price"]
rows = found.build({"headline_rate": pl.DataFrame(headline("H100 SXM", "on_demand", "all", 3.0))})
listed = pl.read_csv(SEEDS / "enumeration_marts.csv", infer_schema=False)
figure = pl.col("synthetic_server_usd_per_hour")
cases = {
    "right": (rows, listed),
    "unlisted": (rows, listed.filter(pl.col("column_name") != "synthetic_server")),
    "misnamed": (rows.with_columns(rent_basis=pl.lit("headline_everyone")), listed),
    "wrong": (rows.with_columns(figure + 1, pl.col("^synthetic_server_usd_per_hour_.*$") + 1), listed),
    "twice": (pl.concat([rows, rows]), listed),
}
results = {name: _contract(found.SCHEMA, *case) for name, case in cases.items()}
print(json.dumps({name: [result.passed, result.description] for name, result in results.items()}))
"""
GRAPH = """
import json
import dagster as dg
from pipelines.defs.definitions import defs

key = dg.AssetKey(["marts", "synthetic_server_price"])
node = defs.resolve_asset_graph().get(key)
checks = [spec for asset in defs.assets for spec in asset.check_specs if spec.asset_key == key]
print(json.dumps({
    "is_made": node.is_materializable,
    "group": node.group_name,
    "reads": sorted(parent.to_user_string() for parent in node.parent_keys),
    "is_read_by": sorted(child.to_user_string() for child in node.child_keys),
    "checks": [[spec.name, spec.blocking] for spec in checks],
}))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """The tree with a formula and a mart more."""
    copied = copy_tree(tmp_path_factory.mktemp("recipe"))
    mart.add_formula(copied)
    mart.add_mart(copied)
    mart.list_its_value(copied)
    return copied


def test_function_and_worked_number_are_the_whole_recipe_for_a_formula(tmp_path):
    tree = copy_tree(tmp_path)
    mart.add_formula(tree)
    assert touched(tree) == mart.FORMULA_FILES
    assert len(mart.FORMULA_FILES) == 2
    tests = ["tests/economics/test_worked_numbers.py", "tests/economics/test_units.py"]
    told = run(tree, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", *tests)
    assert "PASSED tests/economics/test_worked_numbers.py::test_worked_number[synthetic eight GPUs at 2.50]" in told

    golden = tree / mart.WORKED_NUMBER
    golden.write_text(golden.read_text(encoding="utf-8").replace("server=8,20,0", "server=8,21,0"), encoding="utf-8")
    only = ["-c", "import pytest, sys; print(int(pytest.main(sys.argv[1:])))", "-q", "-p", "no:cacheprovider"]
    assert run(tree, *only, "-k", "synthetic", tests[0]).splitlines()[-1] == "1"


def test_module_and_a_row_per_new_value_are_the_whole_recipe_for_a_mart(tree):
    assert touched(tree) == mart.FORMULA_FILES | mart.MART_FILES
    assert len(mart.MART_FILES) == 2


def test_the_mart_is_found_and_its_rows_follow_from_the_formula(tree):
    rows = json.loads(run(tree, "-c", ON_A_SMALL_CORE))
    ends = ("", "_low", "_high")
    assert [(row["as_of_date"], row["gpu"]) for row in rows] == [("2025-12-31", "H100 SXM"), ("2026-01-31", "H100 SXM")]
    for row in rows:
        assert [row["price_usd_per_gpu_hour" + end] for end in ends] == pytest.approx([3.0, 2.4, 4.5])
        # Eight GPUs at each of them.
        assert [row[mart.FIGURE + end] for end in ends] == pytest.approx([24.0, 19.2, 36.0])
        assert (row["rent_basis"], row["synthetic_server"]) == ("headline_all", "synthetic_eight_gpus")


def test_its_check_holds_keys_identities_and_listed_values(tree):
    told = json.loads(run(tree, "-c", CHECKED))
    assert told["right"] == [True, "2 rows keep it"]
    assert {name: passed for name, (passed, _) in told.items() if name != "right"} == {
        "unlisted": False,
        "misnamed": False,
        "wrong": False,
        "twice": False,
    }
    assert told["unlisted"][1].startswith("listed_in_enumeration of synthetic_server: 2 rows")
    assert told["misnamed"][1].startswith("listed_in_enumeration of rent_basis: 2 rows")
    assert told["wrong"][1].startswith(f"{mart.IDENTITY} of")
    assert told["twice"][1].startswith("key_unique of as_of_date, gpu: 4 rows")


def test_the_graph_loads_with_the_mart_as_an_asset_between_core_and_release(tree):
    told = json.loads(run(tree, "-c", GRAPH).splitlines()[-1])
    assert told == {
        "is_made": True,
        "group": "marts",
        "reads": ["core/enumeration", "core/headline_rate"],
        "is_read_by": ["release"],
        "checks": [["contract", True]],
    }


def test_the_new_files_keep_the_house_style(tree):
    files = [mart.FORMULA, mart.MODULE]
    run(tree, "-m", "ruff", "check", "--no-cache", *files)
    run(tree, "-m", "ruff", "format", "--no-cache", "--check", *files)
