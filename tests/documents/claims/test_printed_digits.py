"""To which digit a line prints a figure."""

from __future__ import annotations

import pytest

from sources.recorders.printed_digits import places


@pytest.mark.parametrize(
    ("line", "ends", "unit", "expected"),
    [
        ("| Networking | ~$0.10/hr |", [0.1], "USD/GPU-h", [0.01]),
        ("debt capacity of $100M/yr", [100e6], "USD/yr", [1e6]),
        ("spends roughly $1 billion on calls", [1e9], "USD/yr", [1e9]),
        ("H100 SXM ~$25-30K", [25000, 30000], "USD", [1000, 1000]),
        ("revenue of $1.28B", [1.28e9], "USD/yr", [1e7]),
        ("over 3-5 years at $2.00-3.00/hr", [3, 5], "years", [None, None]),
        ("over 3-5 years at $2.00-3.00/hr", [2, 3], "USD/GPU-h", [0.01, 0.01]),
        ("a ratio of 3.0x, or 3 of 4", [3], "x", [0.1]),
        ("about 78,400 GPUs", [78400], "GPUs", [None]),
        ("energy at a tenth", [0.1], "x", [None]),
    ],
)
def test_the_place_of_the_last_digit(line, ends, unit, expected):
    assert places(line, ends, unit)[0] == [None if place is None else pytest.approx(place) for place in expected]


@pytest.mark.parametrize(
    ("line", "ends", "about"),
    [
        ("an advantage of ~$50/kW/month", [50], True),
        ("roughly $1 billion", [1e9], True),
        ("about 40-50%", [40, 50], True),
        ("-15% margin", [-15], False),
        ("$50/kW/month, about a tenth", [50], False),
        ("nearly half is power", [50], True),
    ],
)
def test_what_is_printed_as_approximate(line, ends, about):
    assert places(line, ends, None)[1] is about
