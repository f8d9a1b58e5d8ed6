"""The contract machinery: each way a row can be wrong, and that nothing is lost."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.contract import Contract, Observation, field
from sources.errors import SourceError


class Row(Observation):
    """A synthetic family with one label and one positive price."""

    item_label: str = field(unit=None, description="Synthetic item.", str_length={"min_value": 1})
    price: float = field(unit="USD", description="Synthetic price.", gt=0)


CONTRACT = Contract(Row)
GOOD = {
    "valid_from": "2024-01-01",
    "valid_to": "",
    "known_from": "2024-01-02",
    "known_basis": "first_seen",
    "last_observed": "2024-02-01",
    "observation_count": "3",
    "grade": "B",
    "citation": "synthetic:1",
    "note": "",
    "item_label": "x",
    "price": "1.5",
}


def check(*rows: dict[str, str | None]):
    return CONTRACT.validate(pl.DataFrame(list(rows)), "synthetic")


def test_a_good_row_is_typed():
    outcome = check(GOOD)
    assert outcome.accepted.row(0, named=True) == {
        **GOOD,
        "row_number": 1,
        "valid_from": dt.date(2024, 1, 1),
        "valid_to": None,
        "known_from": dt.date(2024, 1, 2),
        "last_observed": dt.date(2024, 2, 1),
        "observation_count": 3,
        "note": None,
        "price": 1.5,
    }


@pytest.mark.parametrize(
    ("change", "where", "rule"),
    [
        ({"price": "abc"}, "price", "must be a finite number"),
        ({"price": "inf"}, "price", "must be a finite number"),
        ({"price": "NaN"}, "price", "must be a finite number"),
        ({"price": "0"}, "price", "greater_than(0)"),
        ({"price": ""}, "price", "not_nullable"),
        ({"item_label": "  "}, "item_label", "not_nullable"),
        ({"valid_from": "2024-13-01"}, "valid_from", "must be a date like 2026-08-22"),
        ({"valid_from": "01.02.2024"}, "valid_from", "must be a date like 2026-08-22"),
        ({"valid_to": "2023-12-31"}, "row", "valid_from_before_valid_to"),
        ({"valid_to": "2024-01-01"}, "row", "valid_from_before_valid_to"),
        ({"observation_count": "0"}, "observation_count", "greater_than_or_equal_to(1)"),
        ({"observation_count": "1.5"}, "observation_count", "must be a whole number"),
        ({"grade": "Z"}, "grade", "isin(('A', 'B', 'C'))"),
        ({"known_basis": "rumour"}, "known_basis", "isin(('published', 'first_seen', 'loaded'))"),
        ({"citation": "a"}, "citation", "str_length(3, None)"),
    ],
)
def test_each_broken_rule_rejects_that_row_alone_and_says_why(change, where, rule):
    outcome = check(GOOD, {**GOOD, **change}, GOOD)
    assert outcome.accepted["row_number"].to_list() == [1, 3]
    (rejected,) = outcome.rejected.rows(named=True)
    assert (rejected["row_number"], rejected["field"], rejected["rule"]) == (2, where, rule)
    for value in change.values():
        assert value.strip() in rejected["row_json"]


def test_a_row_with_two_faults_is_one_rejection_that_names_both():
    (rejected,) = check({**GOOD, "price": "-1", "grade": "Z"}).rejected.rows(named=True)
    assert rejected["failure_count"] == 2
    assert "price" in rejected["all_failures"]
    assert "grade" in rejected["all_failures"]


def test_rows_that_share_a_number_are_judged_each_by_itself():
    """One row of a file may give several contract rows: the broken one does not take the others with it."""
    frame = pl.DataFrame([{**GOOD, "row_number": 7}, {**GOOD, "row_number": 7, "price": "0"}])
    outcome = CONTRACT.validate(frame, "synthetic")
    assert (outcome.accepted["row_number"].to_list(), outcome.accepted["price"].to_list()) == ([7], [1.5])
    assert outcome.rejected.select("row_number", "field").rows() == [(7, "price")]


def test_an_unreadable_row_keeps_the_parsers_reason():
    frame = pl.DataFrame([{**GOOD, "parse_error": None}, {**dict.fromkeys(GOOD), "parse_error": "3 fields, not 11"}])
    (rejected,) = CONTRACT.validate(frame, "synthetic").rejected.rows(named=True)
    assert rejected["rule"] == "3 fields, not 11"


@pytest.mark.parametrize("frame", [{k: v for k, v in GOOD.items() if k != "price"}, {**GOOD, "surprise": "1"}])
def test_a_payload_of_another_shape_is_refused_whole(frame):
    with pytest.raises(SourceError, match="columns do not match"):
        check(frame)


def test_a_nullable_column_may_be_absent():
    assert check({k: v for k, v in GOOD.items() if k != "note"}).accepted["note"].to_list() == [None]


ANY_TEXT = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["1", "-1", "2024-01-01", "A", "first_seen"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(GOOD, ANY_TEXT)), min_size=1, max_size=6))
def test_whatever_comes_received_is_accepted_plus_rejected(rows):
    outcome = CONTRACT.validate(pl.DataFrame(rows, schema=dict.fromkeys(GOOD, pl.String)), "synthetic")
    assert outcome.received == len(rows) == outcome.accepted.height + outcome.rejected.height
    seen = sorted(outcome.accepted["row_number"].to_list() + outcome.rejected["row_number"].to_list())
    assert seen == list(range(1, len(rows) + 1))
    assert (outcome.accepted["price"] > 0).all()
