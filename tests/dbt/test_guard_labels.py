"""The labelled sample of the units guard: its figures in docs/guard.md, and its rows in the raw panels."""

from __future__ import annotations

import csv
import math
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from bench.guard_sample import MAGNITUDE

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "guard.md").read_text()
FOLDERS = {"token_price_panel.parquet": "token_prices", "gpu_rates_panel.parquet": "gpu_rates"}
with (ROOT / "tests" / "golden" / "guard_labels.csv").open(newline="") as file:
    LINES = list(csv.DictReader(file))
REFUSED = [line for line in LINES if line["side"] == "rejection"]
LET_IN = [line for line in LINES if line["side"] == "near_miss"]


def _cells(first: str) -> list[str]:
    found = [line for line in PAGE.splitlines() if line.startswith(f"| {first} |")]
    assert len(found) == 1, first
    return [cell.strip() for cell in found[0].strip("|").split("|")]


def _wilson(wrong: int, read: int) -> tuple[float, float]:
    # The two roots of (p - share)^2 = z^2 p (1 - p) / n.
    share, z2 = wrong / read, 1.959964**2
    a, b, c = 1 + z2 / read, -(2 * share + z2 / read), share**2
    root = math.sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def _strata() -> list[tuple[str, list[dict]]]:
    rules = sorted({line["rule"] for line in REFUSED})
    measures = sorted({(line["family"], line["rule"]) for line in LET_IN})
    return [(f"`{rule}`", [line for line in REFUSED if line["rule"] == rule]) for rule in rules] + [
        (f"{family} `{rule}`", [line for line in LET_IN if (line["family"], line["rule"]) == (family, rule)])
        for family, rule in measures
    ]


def test_the_sample_is_of_200_and_200_and_every_line_has_a_verdict_and_a_reason() -> None:
    assert (len(REFUSED), len(LET_IN), len({line["sample_id"] for line in LINES})) == (200, 200, 400)
    assert Counter(line["family"] for line in LET_IN) == {"token_prices": 100, "gpu_rental": 100}
    assert {line["label"] for line in LINES} == {"wrong", "right", "unclear"}
    assert all(line["reason"] for line in LINES)


@pytest.mark.parametrize(("name", "lines"), _strata(), ids=lambda value: value if isinstance(value, str) else "")
def test_each_rule_has_the_figures_of_the_page(name: str, lines: list[dict]) -> None:
    count = Counter(line["label"] for line in lines)
    read = count["wrong"] + count["right"]
    low, high = _wilson(count["wrong"], read)
    frame = {line["frame_size"] for line in lines}
    assert _cells(name)[1:] == [
        f"{int(frame.pop()):,}", str(len(lines)), str(count["wrong"]), str(count["right"]), str(count["unclear"]),
        f"{count['wrong'] / read:.2f}", f"{abs(low):.2f} to {high:.2f}",
    ]  # fmt: skip
    assert not frame
    assert all(abs(float(line["weight"]) * len(lines) - int(line["frame_size"])) < 0.01 for line in lines)


def test_the_weighted_shares_and_the_recall_are_those_of_the_page() -> None:
    of_magnitude = [line for line in REFUSED if line["rule"] in MAGNITUDE]
    without_zeros = [line for line in of_magnitude if line["rule"] != "zero_is_not_a_price"]
    groups = {
        "all rejections drawn from": REFUSED,
        "rules of magnitude": of_magnitude,
        "rules of magnitude but zeros": without_zeros,
        "rules of structure": [line for line in REFUSED if line["rule"] not in MAGNITUDE],
        "near-misses, tokens": [line for line in LET_IN if line["family"] == "token_prices"],
        "near-misses, rents": [line for line in LET_IN if line["family"] == "gpu_rental"],
        "near-misses, all": LET_IN,
    }
    for name, lines in groups.items():
        wrong, right = _weight(lines, "wrong"), _weight(lines, "right")
        assert _cells(name)[1:] == [f"{wrong:,.0f}", f"{right:,.0f}", f"{wrong / (wrong + right):.2f}"]
    missed = _weight(LET_IN, "wrong")
    for lines in (of_magnitude, without_zeros):
        caught = _weight(lines, "wrong")
        assert f"{caught:,.0f} of {caught + missed:,.0f} or {caught / (caught + missed):.2f}" in PAGE
    labels = Counter(line["label"] for line in LET_IN)
    assert f"{labels['wrong']} of {labels['wrong'] + labels['right']} are wrong" in PAGE


def _weight(lines: list[dict], label: str) -> float:
    return sum(float(line["weight"]) for line in lines if line["label"] == label)


@pytest.mark.parametrize("file", FOLDERS)
def test_each_line_is_a_row_of_the_raw_panel_with_that_price(shared: Path, file: str) -> None:
    raw = pl.read_parquet(shared / "data" / FOLDERS[file] / file)
    lines = [line for line in LINES if line["file"] == file]
    assert lines
    for line in lines:
        row = raw.row(int(line["row"]) - 1, named=True)
        prices = [value for name, value in row.items() if ("usd_mtok" in name or name.startswith("price_"))]
        price = float(line["price"])
        assert any(isinstance(value, float) and math.isclose(value, price, rel_tol=1e-9) for value in prices), line
