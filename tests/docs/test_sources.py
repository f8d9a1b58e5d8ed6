"""The page of sources says what source.yml and the measurements say. Not here: whether those are right."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from bench.real_payloads import real_payloads
from docs import make_sources
from sources.registry import all_sources


def test_every_source_stands_in_it_once_with_its_licence():
    first_cells = [line.split(" | ")[0] for line in make_sources.page().splitlines() if line.startswith("| `")]
    assert Counter(first_cells) == Counter(f"| `{source_id}`" for source_id in all_sources())


@pytest.mark.shared
def test_every_real_payload_was_measured_and_its_rows_add_up(shared):
    with make_sources.MEASURED.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["payload"] for line in lines] == [real.path.name for real in real_payloads(shared)]
    for line in lines:
        assert int(line["received"]) == int(line["accepted"]) + int(line["rejected"])
        assert int(line["accepted"]) > 0
