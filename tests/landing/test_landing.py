"""Landing: what comes is kept, judged once, and never lost; a failed source keeps its last good payload."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from pipelines.landing import intake
from sources.contract import Contract, field
from sources.payload import Payload
from sources.registry import SourceSpec
from tests.sources.test_contract import GOOD, Row

CONTRACT = Contract(Row)


class SyntheticSpec(SourceSpec):
    """A source whose curated file lies in the test's folder."""

    def load_contract(self) -> Contract:
        return CONTRACT


def spec_for(path: Path, **changes) -> SyntheticSpec:
    entry = {
        "source_id": "synthetic_history",
        "family": "synthetic",
        "title": "Synthetic",
        "publisher": "tests",
        "licence": "none",
        "cadence_days": 7,
        "grade": "C",
        "unit": "USD",
        "known_basis": "first_seen",
        "shape": "records",
        "offline": str(path),
    }
    return SyntheticSpec(**{**entry, **changes})


def write(path: Path, *rows: dict[str, str]) -> Path:
    lines = [",".join(GOOD), *[",".join(row.values()) for row in rows]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_payload_is_kept_as_it_came_and_counted(home, tmp_path):
    path = write(tmp_path / "a.csv", GOOD, {**GOOD, "price": "-1"}, {**GOOD, "item_label": "y"})
    run = intake.ingest(spec_for(path), home, "offline")
    assert (run.status, run.received, run.accepted, run.rejected) == ("ok", 3, 2, 1)
    (place,) = intake.good_payloads(spec_for(path), home)
    assert gzip.decompress((place / "payload.gz").read_bytes()) == path.read_bytes()
    rejected = pl.read_parquet(place / "rejected.parquet").row(0, named=True)
    assert (rejected["row_number"], rejected["field"], rejected["rule"]) == (2, "price", "greater_than(0)")
    assert json.loads(rejected["row_json"])["price"] == "-1"


def test_the_same_row_has_the_same_id_wherever_it_stands(home, tmp_path):
    other = {**GOOD, "item_label": "y"}
    first, second = write(tmp_path / "a.csv", GOOD, other), write(tmp_path / "b.csv", other, GOOD)
    ids = []
    for path in (first, second):
        intake.ingest(spec_for(path), home, "offline")
        (place,) = intake.good_payloads(spec_for(path), home)
        rows = pl.read_parquet(place / "accepted.parquet")
        ids.append(dict(zip(rows["item_label"], rows["observation_id"], strict=True)))
    assert ids[0] == ids[1]
    assert len(set(ids[0].values())) == 2


class RowSinceLater(Row):
    """The same contract with a column it did not have from the start."""

    term_months: float = field(unit="month", description="Synthetic.", is_later=True, nullable=True)


class LaterSpec(SyntheticSpec):
    """The same source under it."""

    def load_contract(self) -> Contract:
        return Contract(RowSinceLater)


def test_a_column_added_later_leaves_the_ids_of_rows_that_do_not_state_it(home, tmp_path):
    def landed(spec, path) -> tuple[str, str]:
        intake.ingest(spec, home, "offline")
        (place,) = intake.good_payloads(spec, home)
        return pl.read_parquet(place / "accepted.parquet")["observation_id"][0], place.name

    path = write(tmp_path / "a.csv", GOOD)
    before, _ = landed(spec_for(path), path)
    later = LaterSpec(**spec_for(path, source_id="synthetic_history").model_dump())
    stated = tmp_path / "b.csv"
    stated.write_text(f"{','.join(GOOD)},term_months\n{','.join(GOOD.values())},\n", encoding="utf-8")
    unstated, _ = landed(later.model_copy(update={"offline": str(stated)}), stated)
    assert unstated == before
    stated.write_text(f"{','.join(GOOD)},term_months\n{','.join(GOOD.values())},12\n", encoding="utf-8")
    assert landed(later.model_copy(update={"offline": str(stated)}), stated)[0] != before


def test_a_payload_seen_before_is_not_read_again(home, tmp_path, monkeypatch):
    path = write(tmp_path / "a.csv", GOOD)
    intake.ingest(spec_for(path), home, "offline")
    monkeypatch.setattr(CONTRACT, "validate", lambda *_: pytest.fail("was read again"))
    assert intake.ingest(spec_for(path), home, "offline").status == "unchanged"


@pytest.mark.parametrize("damage", ["missing", "binary", "all rejected", "another header"])
def test_a_damaged_file_leaves_the_last_good_payload_in_place(home, tmp_path, damage):
    path = write(tmp_path / "a.csv", GOOD)
    before = intake.ingest(spec_for(path), home, "offline")
    kept = intake.good_payloads(spec_for(path), home)
    match damage:
        case "missing":
            path.unlink()
        case "binary":
            path.write_bytes(b"\xff\x00\xfe" * 50)
        case "all rejected":
            write(path, {**GOOD, "price": "-1"})
        case "another header":
            path.write_text("a,b\n1,2\n", encoding="utf-8")
    after = intake.ingest(spec_for(path), home, "offline")
    assert after.status == "failed"
    assert "last good payload stays" in after.message
    assert after.accepted == before.accepted
    assert intake.good_payloads(spec_for(path), home) == kept


def test_without_a_good_payload_a_damaged_file_stops_the_run(home, tmp_path):
    with pytest.raises(intake.NothingLanded, match="cannot be read"):
        intake.ingest(spec_for(tmp_path / "nowhere.csv"), home, "offline")


def test_replace_counts_the_newest_payload_and_append_counts_all(home, tmp_path):
    for payloads, shape, expected in (("replace", "records", 1), ("append", "snapshots", 2)):
        for label in ("x", "y"):
            path = write(tmp_path / "a.csv", {**GOOD, "item_label": label})
            spec = spec_for(path, payloads=payloads, shape=shape, source_id=f"synthetic_{payloads}")
            intake.ingest(spec, home, "offline")
        assert len(intake.good_payloads(spec, home)) == expected


def test_one_bad_row_among_many_is_the_only_one_lost(home, tmp_path):
    rows = [{**GOOD, "item_label": f"item {n}", "price": "-1" if n == 7 else "2"} for n in range(20_000)]
    run = intake.ingest(spec_for(write(tmp_path / "a.csv", *rows)), home, "offline")
    assert (run.accepted, run.rejected) == (19_999, 1)


class Thrower:
    """A publisher's module, synthetic, that meets an index it does not know."""

    @staticmethod
    def fetch_live(spec, client):
        yield from {}["prices"]

    @staticmethod
    def parse(payload):
        raise OSError("an error of a library")


class ThrowingSpec(SyntheticSpec):
    def load_connector(self):
        return Thrower


def test_whatever_a_connector_throws_is_its_source_s_failure_and_the_run_goes_on(home, tmp_path):
    spec = ThrowingSpec(
        **{**spec_for(tmp_path / "a.csv").model_dump(), "offline": None, "live": "http://nowhere.invalid"}
    )
    asked = intake.ingest(spec, home, "live")
    assert asked.status == "failed"
    assert "KeyError('prices')" in asked.message
    payload = Payload("synthetic_history", "synthetic", b"x", "text/csv", "2026-11-20")
    read = intake.ingest(spec, home, "live", answers=lambda: [payload])
    assert read.status == "failed"
    assert "an error of a library" in read.message
