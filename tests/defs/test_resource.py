"""The build as a resource: one wish, one lock, one line in the log."""

import json

import dagster as dg
import pytest

from pipelines.defs.failures import describe
from pipelines.defs.resource import BuildResource, given
from pipelines.home import lock
from pipelines.home.build import Build


@dg.asset(key="release")
def release(build: BuildResource) -> None:
    """Stands for the end of a run that is to publish."""
    with lock.held(build.wish.home):
        assert build.wish.fingerprint


@dg.asset
def something_else(build: BuildResource) -> None:
    """An asset tried by hand."""


def run(asset, home, **settings):
    resource = BuildResource(**settings)
    name = "refresh" if asset is release else "other"
    defs = dg.Definitions([asset], jobs=[dg.define_asset_job(name)], resources={"build": resource})
    with dg.DagsterInstance.ephemeral() as instance, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RACKHOUR_HOME", str(home.root))
        return defs.resolve_job_def(name).execute_in_process(instance=instance, raise_on_error=False)


def log(home) -> list[dict]:
    path = home.ops / "runs.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_run_of_dagsters_own_is_logged(home):
    assert run(release, home).success
    [line] = log(home)
    assert line["mode"] == "offline"
    assert line["status"] == "failed", "this stand-in published nothing"


def test_a_run_of_the_terminal_is_logged_by_the_terminal(home):
    with given(Build(home, run_id="r1", fingerprint="f1")):
        assert run(release, home).success
    assert log(home) == []


def test_one_asset_by_hand_is_no_refresh(home):
    assert run(something_else, home).success
    assert log(home) == []


def test_a_held_home_is_left_alone(home):
    """Another process's lock, stood in for by its own file descriptor."""
    import fcntl
    import os

    other = os.open(home.lock_file, os.O_RDWR | os.O_CREAT)
    fcntl.flock(other, fcntl.LOCK_EX)
    try:
        result = run(release, home)
        assert not result.success
        assert "another refresh" in describe(result.all_events, home)
    finally:
        os.close(other)


def test_the_launchpad_offers_what_a_person_may_want_and_no_internals():
    """Names as Dagster shows them; who runs the job and where it builds is not asked there."""
    assert set(BuildResource.model_fields) == {"as_of", "live", "only"}
    assert all(field.description for field in BuildResource.model_fields.values())


@pytest.mark.parametrize("settings", [{"only": ["no_such_source"]}, {"as_of": "yesterday"}])
def test_a_setting_that_means_nothing_is_refused(home, settings):
    assert not run(release, home, **settings).success
