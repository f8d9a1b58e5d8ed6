"""Gaps: left, carried, imputed."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.economics.index_numbers.missing import filled, gaps
from pipelines.economics.index_numbers.panel import Panel
from pipelines.economics.index_numbers.series import Request, compute_index

NAN = np.nan
PRICE = np.array(
    [
        [10.0, NAN, NAN, 40.0, NAN],  # returns after two periods, then is gone
        [1.0, 2.0, 4.0, 4.0, 8.0],
        [NAN, 3.0, 24.0, 24.0, 6.0],  # enters
    ]
)


def test_only_gaps_between_sightings_are_filled():
    assert np.argwhere(gaps(Panel.of(PRICE))).tolist() == [[0, 1], [0, 2]]


def test_carry():
    panel = filled(Panel.of(PRICE), "carry")
    assert panel.price[0] == pytest.approx([10, 10, 10, 40, 0])
    assert panel.price[1:] == pytest.approx(np.nan_to_num(PRICE[1:]))


def test_impute_moves_the_last_price_with_the_items_priced_in_both_of_two_periods():
    # Period 0 to 1: item 1 alone, twice; 1 to 2: items 1 and 2, geometric mean of 2 and 8.
    panel = filled(Panel.of(PRICE), "impute")
    assert panel.price[0] == pytest.approx([10, 20, 80, 40, 0])


def test_an_imputed_gap_ends_where_nothing_is_there_to_impute_by():
    price = np.array([[1.0, NAN, NAN, 5.0], [1.0, 2.0, NAN, 3.0]])
    assert filled(Panel.of(price), "impute").price == pytest.approx(np.array([[1, 2, 0, 5], [1, 2, 0, 3]]))
    assert filled(Panel.of(price), "carry").price == pytest.approx(np.array([[1, 1, 1, 5], [1, 2, 2, 3]]))


def test_what_is_filled_was_not_bought():
    quantity = np.where(np.isnan(PRICE), 0.0, 1.0)
    panel = filled(Panel.of(PRICE, quantity=quantity), "carry")
    assert panel.quantity == pytest.approx(quantity)
    # It counts in the basket of its last sighting, not in that of the period it is missing from.
    found = {
        method: compute_index(Panel.of(PRICE, quantity=quantity), Request(method, missing="carry")).level[1]
        for method in ("laspeyres", "paasche")
    }
    assert found["laspeyres"] == pytest.approx((10 + 2) / (10 + 1))
    assert found["paasche"] == pytest.approx(2.0)


def test_the_three_treatments_of_one_series():
    panel = Panel.of(PRICE)
    level = {
        treatment: compute_index(panel, Request("jevons", output="chained", missing=treatment))
        for treatment in ("matched", "carry", "impute")
    }
    # Matched: 2, 2 * 4, then the two that stay, then the two that stay.
    assert level["matched"].level == pytest.approx([1, 2, 8, 8, 8 * (2 / 4) ** 0.5])
    assert level["carry"].level[:3] == pytest.approx([1, 2**0.5, 2**0.5 * 16 ** (1 / 3)])
    # Imputation leaves the index as it is until the item returns with a jump of its own, here by half.
    assert level["impute"].level[:3] == pytest.approx([1, 2, 8])
    assert level["impute"].level[3] == pytest.approx(8 * 0.5 ** (1 / 3))
    assert [level[name].filled for name in ("matched", "carry", "impute")] == [0, 2, 2]


def test_a_treatment_has_a_name():
    with pytest.raises(ValueError, match="no treatment 'drop'"):
        filled(Panel.of(PRICE), "drop")
