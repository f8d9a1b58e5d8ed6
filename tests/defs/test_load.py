"""The graph as it loads: whole, connected, checked, scheduled. The first thing CI runs."""

import datetime as dt
from pathlib import Path

import dagster as dg
import pytest
from dagster import validate_run_config

from pipelines.defs import dbt_nodes, landing, loaded
from pipelines.defs.definitions import defs
from pipelines.mart_kit.all_marts import marts
from pipelines.warehouse import family_views
from sources.loaded import FAMILIES
from sources.registry import all_sources

GRAPH = defs.resolve_asset_graph()
KEYS = sorted(GRAPH.get_all_asset_keys())
RELEASE = dg.AssetKey("release")


@pytest.fixture(scope="module")
def checks() -> dict[dg.AssetKey, list[dg.AssetCheckSpec]]:
    found: dict[dg.AssetKey, list[dg.AssetCheckSpec]] = {}
    for definition in defs.assets:
        for spec in definition.check_specs:
            found.setdefault(spec.asset_key, []).append(spec)
    return found


def test_load_everything_is_materialised_here():
    """No asset is a mere name: a dbt source without a publisher would show up as one that nothing makes."""
    external = [key.to_user_string() for key in KEYS if not GRAPH.get(key).is_materializable]
    assert external == []


def test_load_no_orphan():
    """Every asset but sources and seeds reads something, and everything ends in the release."""
    seeds = {key for unique_id, key in dbt_nodes._keys().items() if unique_id.startswith("seed.")}
    own = {landing.key(loaded.table(family)) for family in FAMILIES}
    beginnings = seeds | own | {landing.key(source_id) for source_id in all_sources()}
    for key in KEYS:
        assert GRAPH.get(key).parent_keys or key in beginnings, f"{key} reads nothing"
        assert key == RELEASE or RELEASE in _downstream(key), f"nothing published depends on {key}"


def _downstream(key: dg.AssetKey) -> set[dg.AssetKey]:
    found: set[dg.AssetKey] = set()
    edge = [key]
    while edge:
        for child in GRAPH.get(edge.pop()).child_keys:
            if child not in found:
                found.add(child)
                edge.append(child)
    return found


def test_load_every_source_is_read_by_a_model():
    """A source nobody models would be landed for nothing: its rows reach a staging model of its own family.

    A source that shares its family's staging reaches it by the view of its family and shape, one with `staging: own` by
    its own view, a calendar by the captures of the histories it is kept for.
    """
    for spec in all_sources().values():
        view = "captures" if spec.shape == "captures" else family_views.view_name(spec)
        assert view == spec.source_id or landing.key(view) in GRAPH.get(landing.key(spec.source_id)).child_keys
        readers = {child for child in GRAPH.get(landing.key(view)).child_keys if child.path[0] == "staging"}
        families = {child.path[1].removeprefix("stg_").split("__")[0] for child in readers}
        assert spec.family in families, (
            f"no model of {spec.family} reads landing.{view}: add models/staging/{spec.family}/stg_{view}.sql, "
            "and a line in the family's union"
        )


def test_load_every_view_of_staging_ends_in_its_familys_account():
    """A view that no union takes up would keep its rows out of every fact: each leads to the account of sources."""
    account = dg.AssetKey(["core", "source_fate"])
    for spec in all_sources().values():
        if spec.shape == "captures":
            continue
        view = landing.key(family_views.view_name(spec))
        staged = [child for child in GRAPH.get(view).child_keys if child.path[0] == "staging"]
        assert any(account in _downstream(child) for child in staged), f"{view} reaches no account: see source_fate.sql"


def test_load_every_asset_has_a_blocking_check(checks):
    for key in KEYS:
        assert any(spec.blocking for spec in checks.get(key, [])), f"{key} has no blocking check"


def test_load_every_source_has_a_health_warning(checks):
    for source_id in all_sources():
        specs = {spec.name: spec for spec in checks[landing.key(source_id)]}
        assert specs[landing.CONTRACT].blocking
        assert not specs[landing.HEALTH].blocking


def test_load_every_asset_is_described_and_grouped():
    for key in KEYS:
        node = GRAPH.get(key)
        assert node.description, f"{key} has no description: say its grain in its yml"
        assert node.group_name != "default", f"{key} has no group"


def test_load_groups_are_the_steps_of_the_build():
    families = {spec.family for spec in all_sources().values()}
    steps = {"landing", "seeds", "staging", "core", "quarantine", "marts", "release"}
    assert {GRAPH.get(key).group_name for key in KEYS} <= families | steps


def test_load_layers_run_one_way():
    """Publishers, landing, seeds, staging, core or quarantine, marts, release: no step reads a later one."""
    order = ["landing", "seeds", "staging", "core", "quarantine", "marts", "release"]
    rank = {name: place for place, name in enumerate(order)}
    for key in KEYS:
        node = GRAPH.get(key)
        for parent in node.parent_keys:
            before, after = rank.get(GRAPH.get(parent).group_name, -1), rank.get(node.group_name, -1)
            assert before <= after, f"{key} reads {parent} of a later step"


def test_load_core_reads_publishers_through_staging():
    for key in KEYS:
        if GRAPH.get(key).group_name in ("core", "marts"):
            landed = [k for k in GRAPH.get(key).parent_keys if k.path[0] == "landing" and k.path[1] in all_sources()]
            assert landed == [], f"{key} reads {landed} past staging"


def test_load_every_dbt_test_is_a_check():
    """Unit tests and tests over several models included; one that guards no asset would go unseen."""
    manifest = dbt_nodes.manifest()
    tests = {i for i in {**manifest["nodes"], **manifest["unit_tests"]} if i.startswith(("test.", "unit_test."))}
    assert tests - set(dbt_nodes._tests()) == set()


def test_load_every_mart_is_an_asset():
    assert {f"marts/{name}" for name in marts()} <= {key.to_user_string() for key in KEYS}


def test_load_release_follows_every_published_table():
    parents = GRAPH.get(RELEASE).parent_keys
    published = {key for key in KEYS if key.path[0] in ("core", "quarantine", "marts")}
    assert parents == published


def test_load_refresh_covers_the_graph():
    job = defs.resolve_job_def("refresh")
    assert job.asset_layer.executable_asset_keys == set(KEYS)


def test_load_nightly_schedule_is_on_and_live():
    schedule = defs.resolve_schedule_def("nightly")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    assert schedule.cron_schedule == "30 3 * * *"
    assert schedule.execution_timezone == "UTC"
    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(instance=instance, scheduled_execution_time=None)
        requests = schedule.evaluate_tick(context).run_requests
    assert [r.run_config["resources"]["build"]["config"] for r in requests] == [{"live": True}]


def test_load_a_new_source_needs_no_line_here(monkeypatch):
    """The registry alone decides which sources are assets."""
    any_spec = next(iter(all_sources().values()))
    invented = any_spec.model_copy(update={"source_id": "invented_source"})
    monkeypatch.setattr(landing, "all_sources", lambda: {"invented_source": invented})
    keys = {key for definition in landing.assets() for key in definition.keys}
    assert landing.key("invented_source") in keys


def test_load_every_asset_has_an_owner_and_files_that_are_there():
    for key in KEYS:
        node = GRAPH.get(key)
        assert node.owners, f"{key} has no owner (pipelines/defs/signposts.py)"
        references = node.metadata["dagster/code_references"].code_references
        assert references, f"{key} names no file"
        assert [r.file_path for r in references if not Path(r.file_path).is_file()] == []


def test_load_every_live_source_is_late_by_its_cadence():
    """Warned half a day after its cadence, failed after twice that; an embedded source is never late."""
    for source_id, spec in all_sources().items():
        [policy] = {s.freshness_policy for d in defs.assets for s in d.specs if s.key == landing.key(source_id)}
        if not spec.live:
            assert policy is None
            continue
        assert policy.fail_window.to_timedelta() == dt.timedelta(days=2 * spec.cadence_days)
        assert policy.warn_window.to_timedelta() == dt.timedelta(days=spec.cadence_days, hours=12)


def test_load_one_mart_alone_asks_for_no_setting():
    """`Materialize` in Dagster's pages: no run config is required, whichever asset is picked."""
    picked = dg.define_asset_job("picked", selection=dg.AssetSelection.keys(dg.AssetKey(["marts", "revenue_per_mw"])))
    job = dg.Definitions(assets=list(defs.assets), jobs=[picked], resources=defs.resources).resolve_job_def("picked")
    assert validate_run_config(job, {})["resources"]["build"]["config"] == {
        "as_of": "",
        "live": False,
        "only": [],
    }
