"""A change of verdict between two releases is told with both verdicts."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from pipelines.documents.claims import changes

CLAIM = {"claim_id": ["a", "b", "c"], "subject": ["H100"] * 3, "metric": ["price"] * 3, "reason": ["why"] * 3}


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute("create schema marts")
        claims = pl.DataFrame({**CLAIM, "verdict": ["reproduced", "superseded", "input"]}).to_arrow()
        places = pl.DataFrame({"found": ["computed", "documented"], "still_holds": [True, None]}).to_arrow()
        opened.register("claims", claims)
        opened.register("places", places)
        opened.execute("create table marts.claim_check as from claims")
        opened.execute("create table marts.inconsistency_check as from places")
        yield opened


def release(folder, verdicts):
    path = folder / changes.TABLE
    path.parent.mkdir(parents=True)
    pl.DataFrame({**CLAIM, "verdict": verdicts}).write_parquet(path)
    return folder


def test_counts_by_verdict_and_by_how_found(connection):
    told = changes.counts(connection)
    assert "3 figures: 1 input, 1 reproduced, 1 superseded" in told
    assert "2 inconsistencies: 1 computed (1 hold), 1 documented" in told


def test_only_what_changed_is_told(connection, tmp_path):
    before = release(tmp_path, ["reproduced", "reproduced", "input"])
    assert changes.changed(connection, before).fetchall() == [("b", "H100", "price", "reproduced", "superseded", "why")]


def test_a_release_without_claims_has_no_changes(connection, tmp_path):
    assert changes.changed(connection, tmp_path) is None
