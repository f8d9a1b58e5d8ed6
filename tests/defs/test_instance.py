"""A run of the terminal in the home's Dagster instance: a small graph, run in memory, written down, read back."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.defs import instance


@dg.asset(check_specs=[dg.AssetCheckSpec("contract", asset="one")])
def one() -> dg.MaterializeResult:
    """An asset with a check that fails."""
    return dg.MaterializeResult(metadata={"rows": 3}, check_results=[dg.AssetCheckResult(passed=False)])


@dg.asset(deps=[one])
def two() -> None:
    """An asset behind it."""


@dg.asset(key="two")
def broken() -> None:
    """The same, on a bad day."""
    raise ValueError("broken")


@pytest.fixture(autouse=True)
def no_other_home(monkeypatch):
    monkeypatch.delenv("DAGSTER_HOME", raising=False)


def run_and_keep(home, *assets) -> str:
    job = dg.Definitions(list(assets), jobs=[dg.define_asset_job("refresh")]).resolve_job_def("refresh")
    with dg.DagsterInstance.ephemeral() as memory:
        result = job.execute_in_process(instance=memory, raise_on_error=False)
        instance.keep(memory, result.run_id, home)
    return result.run_id


def kept(home) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_config(str(home.root / "dagster"))


def test_what_the_terminal_made_is_known_to_dagsters_pages(home):
    run_id = run_and_keep(home, one, two)
    with kept(home) as there:
        for name in ("one", "two"):
            event = there.get_latest_materialization_event(dg.AssetKey(name))
            assert event is not None
            assert event.run_id == run_id
        made = there.get_latest_materialization_event(dg.AssetKey("one")).asset_materialization
        assert made.metadata["rows"].value == 3
        key = dg.AssetCheckKey(dg.AssetKey("one"), "contract")
        record = there.event_log_storage.get_latest_asset_check_execution_by_key([key])[key]
        assert record.status.value == "FAILED"
        assert record.run_id == run_id


def test_the_run_is_there_with_its_times_its_end_and_its_graph(home):
    run_id = run_and_keep(home, one, two)
    with kept(home) as there:
        [record] = there.get_run_records()
        assert (record.dagster_run.run_id, record.dagster_run.status) == (run_id, dg.DagsterRunStatus.SUCCESS)
        assert record.create_timestamp.timestamp() == record.start_time < record.end_time
        assert there.has_job_snapshot(record.dagster_run.job_snapshot_id)
        assert there.get_execution_plan_snapshot(record.dagster_run.execution_plan_snapshot_id).step_keys_to_execute
        steps = {stats.step_key: stats.status.value for stats in there.get_run_step_stats(run_id)}
        assert steps == {"one": "SUCCESS", "two": "SUCCESS"}


def test_a_run_that_failed_says_so(home):
    run_id = run_and_keep(home, one, broken)
    with kept(home) as there:
        [record] = there.get_run_records()
        assert record.dagster_run.status == dg.DagsterRunStatus.FAILURE
        assert there.get_latest_materialization_event(dg.AssetKey("one")).run_id == run_id
        assert there.get_latest_materialization_event(dg.AssetKey("two")) is None


def test_a_second_run_stands_next_to_the_first(home):
    first, second = run_and_keep(home, one, two), run_and_keep(home, one, two)
    with kept(home) as there:
        assert {record.dagster_run.run_id for record in there.get_run_records()} == {first, second}
        assert there.get_latest_materialization_event(dg.AssetKey("one")).run_id == second


def test_the_folder_is_laid_out_once_and_settings_of_ones_own_stay(home, monkeypatch, tmp_path):
    place = instance.folder(home)
    assert place == home.root / "dagster"
    (place / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    assert (instance.folder(home) / "dagster.yaml").read_text() == "telemetry: {enabled: false}\n"
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "elsewhere"))
    assert instance.folder(home) == tmp_path / "elsewhere"
    assert (tmp_path / "elsewhere" / "dagster.yaml").exists()
