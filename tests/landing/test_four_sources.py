"""One publisher down, one frozen, one slow, one lying: the whole command says so, and nothing wrong reaches core.

The days are bench/four_bad_days.py's; docs/failures.md shows what it said once. Not here: how each rule judges.
"""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest

from bench import four_bad_days
from bench.four_bad_days import DOWN, FROZEN, LIAR, LYING, SLOW

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def said(shared, released_home, tmp_path_factory):
    """From a home that has its first release: what the days begin with is then recognised as unchanged."""
    home = tmp_path_factory.mktemp("four") / "home"
    shutil.copytree(released_home, home, symlinks=True)
    return four_bad_days.play(home, shared)


def test_the_run_goes_on_and_says_what_each_of_them_did(said):
    first, refresh, *_ = said
    assert first.exit_code == 0, first.progress[-2000:]
    assert refresh.exit_code == 0, refresh.progress[-2000:]
    lines = {
        name: next(line for line in refresh.progress.splitlines() if f" {name}:" in line)
        for name in (DOWN, FROZEN, SLOW)
    }
    assert "FAILED" in lines[DOWN]
    assert "answered 502" in lines[DOWN]
    assert "FROZEN" in lines[FROZEN]
    assert "same figures for 37 days (since 2026-10-15)" in lines[FROZEN]
    assert "FAILED" in lines[SLOW]
    assert "took longer than 4 s" in lines[SLOW]
    for name in (DOWN, SLOW):
        assert "last good payload stays" in lines[name]


def test_the_doctor_and_ops_say_the_same(said):
    _, _, doctor, asked, _ = said
    assert doctor.exit_code == 1
    for text in (f"BROKEN {DOWN} failed", f"BROKEN {FROZEN} is frozen", f"BROKEN {SLOW} failed"):
        assert text in doctor.output
    status = {row["source_id"]: row["status"] for row in csv.DictReader(io.StringIO(asked.output))}
    assert status == {DOWN: "failed", FROZEN: "frozen", SLOW: "failed", LYING: "ok"}


def test_every_lie_is_rejected_or_set_aside(said, shared):
    """Counted from the JSON: prices of the provider that a factor changes."""
    rows = list(csv.DictReader(io.StringIO(said[-1].output)))
    caught = sum(int(row["prices"]) for row in rows if not row["fate"].startswith("in core"))
    in_core = sum(int(row["prices"]) for row in rows if row["fate"].startswith("in core"))
    document = json.loads(four_bad_days.payloads(shared)[LYING])
    costs = [entry.get("cost") or {} for label, entry in document.items() if label.startswith(f"{LIAR}/")]
    lies = sum(1 for cost in costs for figure in cost.values() if isinstance(figure, int | float) and figure)
    assert lies > 100
    assert (caught, in_core) == (lies, 0)


def test_the_page_holds_no_path_or_port_of_a_machine():
    text = four_bad_days.TARGET.read_text(encoding="utf-8")
    assert "/tmp" not in text
    assert "127.0.0.1:PORT" in text
