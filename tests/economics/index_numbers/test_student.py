"""Student's t against printed tables (NIST/SEMATECH e-Handbook 1.3.6.7.2) and closed forms for 1 and 2 degrees."""

from __future__ import annotations

import math

import pytest

from pipelines.economics.index_numbers.student import t_two_sided

NIST_90 = {1: 6.314, 2: 2.920, 3: 2.353, 4: 2.132, 5: 2.015, 6: 1.943, 7: 1.895, 8: 1.860, 9: 1.833, 10: 1.812}
NIST_90 |= {15: 1.753, 20: 1.725, 25: 1.708, 30: 1.697, 40: 1.684, 60: 1.671, 100: 1.660}
NIST_95 = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776, 5: 2.571, 10: 2.228, 30: 2.042, 100: 1.984}
NIST_99 = {1: 63.657, 2: 9.925, 3: 5.841, 4: 4.604, 5: 4.032, 10: 3.169, 30: 2.750, 100: 2.626}


@pytest.mark.parametrize(("confidence", "table"), [(0.90, NIST_90), (0.95, NIST_95), (0.99, NIST_99)])
def test_printed_tables(confidence, table):
    for degrees, printed in table.items():
        assert t_two_sided(confidence, degrees) == pytest.approx(printed, abs=0.0005001)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99])
def test_closed_forms(confidence):
    # One degree is Cauchy; for two, P(|T| <= t) = t / sqrt(2 + t^2).
    assert t_two_sided(confidence, 1) == pytest.approx(math.tan(math.pi * confidence / 2), rel=1e-12)
    two = confidence * math.sqrt(2 / (1 - confidence**2))
    assert t_two_sided(confidence, 2) == pytest.approx(two, rel=1e-13)


def test_many_degrees_approach_the_normal():
    assert t_two_sided(0.9, 20_000) == pytest.approx(1.6448536, abs=1e-4)


@pytest.mark.parametrize(("confidence", "degrees"), [(0.0, 3), (1.0, 3), (0.9, 0)])
def test_what_has_no_quantile_is_refused(confidence, degrees):
    with pytest.raises(ValueError, match="no quantile"):
        t_two_sided(confidence, degrees)
