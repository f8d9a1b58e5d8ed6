"""One source as an asset: its checks, its metadata, what happens when its publisher fails."""

import dagster as dg
import pytest

from pipelines.defs import landing
from pipelines.defs.resource import BuildResource
from pipelines.landing.intake import NothingLanded
from sources.errors import SourceError
from sources.registry import SourceSpec, all_sources


@pytest.fixture(scope="module")
def spec() -> SourceSpec:
    """The smallest embedded source."""
    curated = [s for s in all_sources().values() if s.offline and (s.folder / s.offline).exists()]
    return min(curated, key=lambda s: (s.folder / str(s.offline)).stat().st_size)


def materialise(spec: SourceSpec, home, **settings) -> dg.ExecuteInProcessResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RACKHOUR_HOME", str(home.root))
        resources = {"build": BuildResource(**settings)}
        return dg.materialize([landing._source(spec)], resources=resources, raise_on_error=False)


def verdicts(result: dg.ExecuteInProcessResult) -> dict[str, tuple[bool, str]]:
    return {e.check_name: (e.passed, e.description) for e in result.get_asset_check_evaluations()}


def test_a_source_lands_with_its_counts_and_provenance(spec, home):
    result = materialise(spec, home)
    assert result.success
    [event] = result.asset_materializations_for_node(f"landing__{spec.source_id}")
    counts = {name: event.metadata[name].value for name in ("received", "accepted", "rejected")}
    assert counts["received"] == counts["accepted"] + counts["rejected"]
    assert counts["accepted"] == event.metadata["dagster/row_count"].value > 0
    assert verdicts(result)["contract"][0]
    assert (home.ops / "source_health.jsonl").read_text().count("\n") == 1


def test_a_failed_fetch_keeps_the_last_good_rows_and_warns(spec, home, monkeypatch):
    assert materialise(spec, home).success
    monkeypatch.setattr("pipelines.landing.intake._fetch", _refused)
    result = materialise(spec, home)
    assert result.success, "one source's failure stops nobody"
    passed, text = verdicts(result)["health"]
    assert not passed
    assert "went away" in text
    assert verdicts(result)["contract"][0]


def test_nothing_to_fall_back_on_is_an_error(spec, home, monkeypatch):
    monkeypatch.setattr("pipelines.landing.intake._fetch", _refused)
    result = materialise(spec, home)
    assert not result.success
    [failure] = [e for e in result.all_events if e.event_type == dg.DagsterEventType.STEP_FAILURE]
    assert failure.step_failure_data.error.cause.cls_name == NothingLanded.__name__


def test_only_names_the_sources_that_are_asked(spec, home, monkeypatch):
    assert materialise(spec, home).success
    monkeypatch.setattr("pipelines.landing.intake._fetch", _refused)
    result = materialise(spec, home, only=["litellm"])
    assert result.success
    assert "went away" not in verdicts(result)["health"][1]


def test_rows_that_no_longer_keep_the_contract_block(spec, home, monkeypatch):
    """Last good rows may have landed under an older contract."""
    assert materialise(spec, home).success
    contract = spec.load_contract()
    before = contract.validate

    def stricter(raw, source_id):
        outcome = before(raw, source_id)
        return type(outcome)(outcome.received, outcome.accepted.head(0), _all_rejected(outcome))

    monkeypatch.setattr(contract, "validate", stricter)
    monkeypatch.setattr("pipelines.landing.intake._fetch", _refused)
    result = materialise(spec, home)
    assert not result.success
    assert "landed rows break" in verdicts(result)["contract"][1]


def _all_rejected(outcome):
    import polars as pl

    rows = outcome.accepted.height
    return pl.DataFrame({"row_number": range(rows), "all_failures": ["price: invented rule"] * rows})


def _refused(spec, mode, home):
    raise SourceError(spec.source_id, "its publisher went away.", "Try later.")
