"""The scaffold of deflators: each is found by itself, and every segment of a mart's row leads back to one of them."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.marts import price_deflation, price_index
from pipelines.panels.deflators import deflators, inputs, of_segment


def test_each_deflator_offers_what_the_scaffold_asks_for():
    found = deflators()
    assert "matched" in found
    for module in found.values():
        assert all(callable(getattr(module, name)) for name in ("deflation", "index", "basis"))
        assert set(module.INPUTS) <= set(inputs())
    claims = [begins for module in found.values() for begins in module.SEGMENTS]
    assert len(claims) == len(set(claims))


def test_a_segment_leads_to_the_longest_claim():
    assert of_segment("gpu_rental/H100 SXM/on_demand").DEFLATOR == "matched_model"
    with pytest.raises(LookupError, match="no deflator"):
        of_segment("rents/houses")


def test_what_the_mart_computes_for_every_deflator_alike():
    key = {"segment": "s", "method": "m", "output": "multilateral", "deflator": "matched_model"}
    dates = {"first_period": pl.date(2025, 1, 1), "last_period": pl.date(2025, 7, 1)}
    given = pl.DataFrame({"window_months": [0, 25, 25], "splice": ["none", "mean", "half"], "n": [3, 3, 3]})
    rows = given.with_columns(
        **{k: pl.lit(v) for k, v in key.items()}, **dates, annual_factor=pl.Series([4.0, 1.0, 2.0])
    )
    made = price_deflation.table(rows).sort("annual_factor")
    assert made["annual_change_pct"].to_list() == pytest.approx([0.0, -50.0, -75.0])
    assert made["span_days"].unique().to_list() == [181]
    assert made["is_extrapolated"].all()
    assert made["ci_basis"].unique().to_list() == ["none"]
    ends = ("method_factor_min", "method_factor_max", "splice_factor_min", "splice_factor_max")
    assert made.select(ends).unique().row(0) == (1.0, 4.0, 1.0, 2.0)


def test_columns_a_deflator_does_not_give_are_null():
    rows = pl.DataFrame({"segment": ["s"], "index_level": [1.0]})
    assert price_index.table(rows)["ratio_to_geks"].to_list() == [None]
