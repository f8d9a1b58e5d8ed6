"""Every series that others published, and every method beside plain loops: docs/index_oracles.md says how closely."""

from __future__ import annotations

import pytest

from tests.economics.index_numbers import oracles


@pytest.fixture(scope="module")
def found(shared):
    return list(oracles.all_comparisons(shared))


def test_every_published_series_agrees_to_the_digits_it_prints(found):
    published = [one for one in found if one.source != oracles.LOOPS]
    assert len(published) >= 90
    assert not [one for one in published if not one.agrees]


def test_every_method_agrees_with_plain_loops_on_every_data_set(found):
    beside = [one for one in found if one.source == oracles.LOOPS]
    assert {one.dataset for one in beside} == {"balk", "gpindex_gaps", "milk", "turvey"}
    assert not [one for one in beside if not one.agrees]


def test_the_early_values_rest_on_rounded_quantities(found):
    early = [
        one for one in found if one.note == "quantities rounded to 7 decimals" and one.digits >= oracles.FULL_DIGITS
    ]
    assert early
    assert all(one.otherwise > 1000 * one.relative for one in early)


def test_gpindex_without_shared_files():
    """Artificial data that anybody can write down, so that published values are held against everywhere."""
    full = [one for one in oracles.gpindex_full() if one.dataset == "gpindex_full"]
    assert len(full) == 5
    assert all(one.agrees for one in full)


def test_significant_digits():
    assert [oracles.digits_of(text) for text in ("1.243101", "0.0123", "12.50", "0.981372")] == [7, 3, 4, 6]
