"""A short run of bench/fuzz.py: damaged payloads of every source, in memory and through the whole of landing.

The long run is `python -m bench.fuzz --cases 10000`. Not here: the mutations (bench/mutations.py).
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import fuzz, mutations
from bench.seeds import seeds
from pipelines.landing import payload_store
from sources.contract import CAPTURE, Contract
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import all_sources
from sources.token_prices.genai_prices import MODULE_TYPE
from tests.conftest import SHARED

QUICK = settings(
    max_examples=6, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def good() -> dict[str, list[Payload]]:
    return seeds(SHARED if (SHARED / "data").is_dir() else None)


def test_what_the_run_starts_from_is_read(good):
    assert sum(map(bool, good.values())) > 0.8 * len(good), "record more: python -m bench.seed_recorder"
    for source_id, payloads in good.items():
        for payload in payloads:
            outcome = payload_store.read(all_sources()[source_id], payload)
            fuzz.holds(outcome, all_sources()[source_id].load_contract())
            assert outcome.accepted.height, f"{source_id}: {payload.origin}"


def test_no_case_crashes_and_every_row_is_accounted_for(good):
    outcome = fuzz.run(good, cases=250, seed=20261121)
    assert outcome.crashes == []
    assert outcome.total.cases >= 250
    assert outcome.total.received > 800
    assert outcome.total.rejected > 50
    assert outcome.total.refused > 50


def test_a_sample_goes_through_landing_and_the_last_good_rows_stay(good):
    counted = fuzz.land_sample(good, cases=40, seed=20261121)
    assert sum(counted.values()) >= 40
    assert {"ok", "failed"} <= {how.rpartition(", ")[2] for how in counted}


def test_the_properties_can_fail():
    """The fuzz run is worth nothing where a broken outcome would pass."""
    spec = all_sources()["assumptions"]
    [payload] = spec.load_connector().fetch_offline(spec)
    contract = spec.load_contract()
    outcome = payload_store.read(spec, payload)
    fuzz.holds(outcome, contract)
    with pytest.raises(fuzz.Broken, match="received"):
        fuzz.holds(dataclasses.replace(outcome, received=outcome.received + 1), contract)
    wrong = outcome.accepted.with_columns(grade=pl.lit("D"))
    with pytest.raises(fuzz.Broken, match="grade = 'D'"):
        fuzz.holds(dataclasses.replace(outcome, accepted=wrong), contract)
    backwards = outcome.accepted.with_columns(valid_to=pl.col("valid_from"))
    with pytest.raises(fuzz.Broken, match="end before they begin"):
        fuzz.holds(dataclasses.replace(outcome, accepted=backwards), contract)
    with pytest.raises(fuzz.Broken, match="does not say enough"):
        fuzz.told(SourceError("another", "something is wrong here", ""), spec)


def test_a_case_is_found_again_by_its_seed_and_number(good):
    for source_id in ("genai_prices", "assumptions"):
        first, again = (fuzz.case_of(source_id, 17, 5, good[source_id]) for _ in range(2))
        assert first == again
        assert fuzz.case_of(source_id, 17, 6, good[source_id]) != first


def test_a_mutation_changes_something(good):
    """Each kind of damage does damage, on at least one payload it fits."""
    changed, tried = set(), set()
    for source_id in ("assumptions", "genai_prices", "models_dev", "aws_bulk", "entsoe", "eia861m_workbook"):
        payloads = [payload for payload in good[source_id] if payload.media_type != MODULE_TYPE]
        for number in range(3 * len(mutations.mutations_of(payloads[0].content)) if payloads else 0):
            case = fuzz.case_of(source_id, number, 1, payloads[:1])
            tried.add(case.mutation)
            if case.payload.content != payloads[0].content:
                changed.add(case.mutation)
    assert tried - changed == set()


def connectors() -> list[str]:
    """One source of every connector."""
    chosen = {
        (spec.family if spec.connector != "curated" else "", spec.connector): spec for spec in all_sources().values()
    }
    return sorted(spec.source_id for spec in chosen.values())


JSON_LEAVES = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8)
JSON_TREES = st.recursive(
    JSON_LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
)


@pytest.mark.parametrize("source_id", connectors())
@QUICK
@given(data=st.data())
def test_any_bytes_are_read_or_refused(source_id, good, data):
    import json

    spec = all_sources()[source_id]
    content = data.draw(
        st.binary(max_size=200)
        | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
        | JSON_TREES.map(lambda tree: json.dumps(tree).encode())
    )
    for start in good[source_id][:1]:
        fuzz.check(spec, dataclasses.replace(start, content=content))


def contracts() -> dict[str, Contract]:
    found = {f"{spec.family}.{spec.contract}": spec.load_contract() for spec in all_sources().values()}
    return {**found, "capture": CAPTURE}


VALUES = {
    pl.String: st.none() | st.text(max_size=12) | st.sampled_from(["A", "first_seen", "USD", "1e999", "NaN", " "]),
    pl.Float64: st.none() | st.floats() | st.floats(0, 100),
    pl.Int64: st.none() | st.integers(-(2**63), 2**63 - 1),
    pl.Date: st.none() | st.dates(),
    pl.Datetime: st.none() | st.datetimes(timezones=st.just(dt.UTC)),
    pl.Boolean: st.none() | st.booleans(),
}


@pytest.mark.parametrize("name", sorted(contracts()))
@QUICK
@given(data=st.data())
def test_any_frame_is_accounted_for(name, data):
    """Typed or as text, with nulls, odd numbers and doubled row numbers."""
    contract = contracts()[name]
    height = data.draw(st.integers(1, 6))
    columns = {}
    for column, dtype in contract.dtypes.items():
        as_text = data.draw(st.booleans())
        kind = pl.String() if as_text else dtype
        values = data.draw(st.lists(VALUES[kind.base_type()], min_size=height, max_size=height))
        columns[column] = pl.Series(values, dtype=kind)
    frame = pl.DataFrame(columns)
    if data.draw(st.booleans()):
        numbers = data.draw(st.lists(st.integers(1, height), min_size=height, max_size=height))
        reasons = data.draw(st.lists(st.none() | st.just("cannot be read"), min_size=height, max_size=height))
        frame = frame.with_columns(
            pl.Series("row_number", numbers, dtype=pl.Int64), pl.Series("parse_error", reasons, dtype=pl.String)
        )
    outcome = contract.validate(frame, "synthetic")
    assert outcome.received == height
    fuzz.holds(outcome, contract)
