"""The rule of verdicts at its edges, each by hand."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.documents.claims import verdict

R, N, X, S = verdict.REPRODUCED, verdict.ROUNDS, verdict.CONTRADICTED, verdict.SUPERSEDED


@pytest.mark.parametrize(
    ("printed", "unit"),
    [
        (0.95, 0.01),
        (0.6, 0.1),
        (5.8, 0.1),
        (40, 1),
        (100, 1),
        (999, 1),
        (8760, 10),
        (25000, 1000),
        (78400, 100),
        (1e6, 1e5),
        (1.28e9, 1e7),
        (0, 1),
        (-15, 1),
        (0.0033, 0.0001),
    ],
)
def test_the_place_of_the_last_printed_digit(printed, unit):
    assert verdict.print_unit(float(printed)) == pytest.approx(unit)


def judge(published: tuple, ours: tuple, about: bool = False) -> str | None:
    low, high = published
    frame = pl.DataFrame(
        {
            "published_low": [float(low)],
            "published_high": [None if high is None else float(high)],
            "print_unit_low": [verdict.print_unit(float(low))],
            "print_unit_high": [None if high is None else verdict.print_unit(float(high))],
            "is_approximate": [about],
            "o": [ours[0]],
            "l": [ours[1]],
            "h": [ours[2]],
        },
        schema_overrides=dict.fromkeys(["published_high", "print_unit_high", "o", "l", "h"], pl.Float64),
    )
    return frame.select(verdict.of_operands(pl.col("o"), pl.col("l"), pl.col("h"))).item()


@pytest.mark.parametrize(
    ("published", "ours", "expected"),
    [
        ((0.95, None), (0.9513, None, None), R),
        ((0.95, None), (0.955, None, None), R),  # half a unit, rounded either way
        ((0.95, None), (0.956, None, None), N),  # less than a unit
        ((9.1, None), (9.157, None, None), N),  # cut off, not rounded
        ((0.95, None), (0.9601, None, None), N),  # a unit away, but within 2%
        ((0.05, None), (0.0601, None, None), X),
        ((34, None), (25.45, None, None), X),
        ((2, None), (1, None, None), X),  # a whole unit away: a count is not a rounding
        ((100, None), (102, None, None), N),
        ((100, None), (102.1, None, None), X),
        ((-15, None), (-17.4, None, None), X),
        ((0, None), (0.0, None, None), R),
        ((0, None), (-2.5, None, None), X),
        ((29, 40), (34.5, 29.0, 40.0), R),
        ((35, 45), (34.5, 29.0, 40.0), X),
        ((35, 40), (34.5, 34.6, 40.6), N),
        ((10, 20), (15.0, 10.0, 33.3), X),  # one end does not hold
        ((3, 5), (4.6, None, None), N),  # a point inside the printed range
        ((3, 5), (6.0, None, None), X),
        ((1.1, None), (1.0464, 0.951, 1.142), N),  # the printed point inside our range
        ((1.2, None), (1.0464, 0.951, 1.142), X),
        ((1.05, None), (1.0464, 0.951, 1.142), R),  # our base is what is printed
        ((1.05, None), (None, None, None), None),
    ],
)
def test_a_figure_against_its_own_operands(published, ours, expected):
    assert judge(published, ours) == expected


@pytest.mark.parametrize(("ours", "expected"), [(48.0, N), (47.4, X), (52.5, N), (52.6, X)])
def test_a_figure_printed_as_approximate_may_be_five_percent_off(ours, expected):
    assert judge((50, None), (ours, None, None), about=True) == expected


@pytest.mark.parametrize(
    ("published", "seen", "expected"),
    [
        ((0.1, None), 0.105, R),
        ((0.1, None), 0.106, S),
        ((0.1, None), 0.094, S),
        ((2, 3), 3.15, R),
        ((2, 3), 1.89, S),
        ((2, 3), 2.5, R),
        ((2, 3), None, None),
        ((-10, None), -10.4, R),
        ((-10, None), -10.6, S),
    ],
)
def test_a_figure_against_what_is_observed(published, seen, expected):
    frame = pl.DataFrame(
        {"published_low": [float(published[0])], "published_high": [published[1]], "seen": [seen]},
        schema_overrides={"published_high": pl.Float64, "seen": pl.Float64},
    )
    assert frame.select(verdict.of_observation(pl.col("seen"))).item() == expected


@settings(max_examples=50, deadline=None)
@given(st.floats(1e-6, 1e12))
def test_a_figure_reproduces_itself_and_never_its_double(figure):
    assert judge((figure, None), (figure, None, None)) == R
    assert judge((figure, None), (2.0 * figure + 2.0, None, None)) == X
