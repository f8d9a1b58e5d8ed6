"""inconsistency_check: all 75, computed and documented apart, sides by hand, and comparisons that can fail."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.documents.marts import inconsistency_check
from tests.documents.claims import curated


@pytest.fixture(scope="module")
def core() -> dict[str, pl.DataFrame]:
    return curated.core()


@pytest.fixture(scope="module")
def table(core) -> pl.DataFrame:
    return inconsistency_check.build(core)


def test_all_are_there_and_counted_apart(table):
    assert table.height == 75
    assert dict(table.group_by("found").len().rows()) == {"computed": 72, "documented": 3}
    assert inconsistency_check.SCHEMA.problems(table).is_empty()


def test_a_computed_one_has_two_sides_and_a_documented_one_none(table):
    sides = table.select("found", "left_value", "right_value", "arithmetic", "still_holds")
    assert sides.filter(pl.col("found") == "computed").null_count().sum_horizontal().item() == 0
    documented = sides.filter(pl.col("found") == "documented").drop("found")
    assert documented.null_count().sum_horizontal().item() == documented.height * documented.width


def test_every_charge_that_is_computed_is_borne_out(table):
    assert table.filter(pl.col("still_holds") == False)["inconsistency_id"].to_list() == []  # noqa: E712


@pytest.mark.parametrize(
    ("inconsistency", "left", "right"),
    [
        ("I-01", 100 * (2.20 - 1.64) / 2.20, 34),
        ("I-08", 100_000 * 0.1 * 8760 * 0.10, 600_000),
        ("I-14", 100 * (2.20 - 1.55 / 0.85) / 2.20, 30),
        ("I-22", 2.5 * 1.7 * 1.3 * 1.8 * 1.3 * 1.3, 4),
        ("I-41", 50 ** (1 / 2.5), 10),
        ("I-48", 100 * (1.32 - 1.55) / 1.32, -15),
        ("I-49", 35_714 * 7446 * 0.88, 127e6),
        ("I-63", 45 * 32_000 * 2 * 37e9, 8 * 1979e12),
    ],
)
def test_both_sides_by_hand(table, inconsistency, left, right):
    found = table.filter(pl.col("inconsistency_id") == inconsistency).row(0, named=True)
    assert found["left_value"] == pytest.approx(left)
    assert found["right_value"] == pytest.approx(right)
    assert found["difference"] == pytest.approx(left - right)


def test_ranges_are_carried_to_both_sides(table):
    debt = table.filter(pl.col("inconsistency_id") == "I-45").row(0, named=True)
    annuity = [100e6 * (1 - 1.08**-years) / 0.08 for years in (3, 5)]
    assert [debt["left_value_low"], debt["left_value_high"]] == pytest.approx(annuity)
    assert (debt["right_value_low"], debt["right_value_high"]) == (1e9, 1.5e9)


def test_a_document_that_agreed_with_itself_would_be_found_to(core):
    """The verdict is of the operands: print 25.5 instead of 34 and the charge falls."""
    printed = (pl.col("inconsistency_id") == "I-01") & (pl.col("side") == "right")
    mended = core["inconsistency_operand"].with_columns(pl.when(printed).then(25.5).otherwise("value").alias("value"))
    table = inconsistency_check.build({**core, "inconsistency_operand": mended})
    assert table.filter(pl.col("inconsistency_id") == "I-01")["still_holds"].item() is False


@pytest.mark.parametrize(
    ("comparison", "left", "right", "expected"),
    [
        ("differs", (10, None, None), (10.1, None, None), False),
        ("differs", (10, None, None), (10.3, None, None), True),
        ("differs", (34, 29, 40), (40, 35, 45), True),
        ("differs", (34, 29, 40), (40, 29, 40), False),
        ("exceeds", (11, None, None), (10, None, None), True),
        ("exceeds", (10.1, None, None), (10, None, None), False),
        ("exceeds", (15, 9, 21), (10, None, None), False),
        ("exceeds", (600, 400, 833), (275, 200, 350), True),
        ("outside", (6, None, None), (4, 3, 5), True),
        ("outside", (4.6, None, None), (4, 3, 5), False),
        ("outside", (4, 3, 6), (4, 3, 5), True),
    ],
)
def test_the_comparisons_at_two_percent(comparison, left, right, expected):
    ends = ("", "_low", "_high")
    values = {
        f"{side}_value{end}": [x]
        for side, three in (("left", left), ("right", right))
        for end, x in zip(ends, three, strict=True)
    }
    frame = pl.DataFrame(
        {"comparison": [comparison], "tolerance_pct": [2.0], **values},
        schema_overrides=dict.fromkeys(values, pl.Float64),
    )
    assert frame.select(inconsistency_check.borne_out()).item() is expected
