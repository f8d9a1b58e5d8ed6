"""Tracing: it changes no value, its references survive what marts do to frames, and trees compute the figures again."""

from __future__ import annotations

import json
import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines.economics import formula as formulas
from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL
from pipelines.economics.trace import HOW, current, tracing
from pipelines.explain.tree import ends, evaluate, leaves, tree, walk
from pipelines.mart_kit.carry import aggregated, aliased, because, carry, dropped, renamed, ruled
from pipelines.mart_kit.traced_core import traced
from pipelines.marts import gpu_hour_margin, revenue_per_mw, token_margin

MARTS = (gpu_hour_margin, revenue_per_mw, token_margin)


def references(frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if name.startswith(HOW)]


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.SCHEMA.table)
def test_tracing_changes_no_value_and_leaves_nothing_behind(mart, core):
    plain = mart.build(core)
    assert references(plain) == []
    with tracing() as trace:
        told = mart.build(traced(core, trace))
    assert current() is None
    # Computed at once or step by step, sums may be rounded differently in the last digit.
    assert_frame_equal(told.drop(references(told)), plain, rel_tol=1e-12)
    assert mart.build(core).equals(plain)


@pytest.mark.parametrize("mart", MARTS, ids=lambda mart: mart.SCHEMA.table)
def test_every_figure_of_every_row_is_computed_again_from_its_leaves(mart, core):
    with tracing() as trace:
        made = mart.build(traced(core, trace))
    figures = [
        c.name for c in mart.SCHEMA.columns if c.dtype == pl.Float64() and not c.name.endswith(("_low", "_high"))
    ]
    seen = 0
    for row in made.iter_rows(named=True):
        for name in figures:
            if row[name] is None:
                continue
            of = tree(trace, row[HOW + name], name, row[name], row.get(f"{name}_low"), row.get(f"{name}_high"))
            assert evaluate(of)[0] == pytest.approx(row[name], rel=1e-9)
            for leaf in leaves(of).values():
                assert leaf.cell or leaf.rule or leaf.value is None, (name, leaf)
            if of.formula and of.low is not None:
                assert ends(of) == pytest.approx((of.low, of.high), rel=1e-9)
            seen += 1
    assert seen > 50


def test_references_are_json_through_joins_concatenations_and_renames(core):
    with tracing() as trace:
        told = traced(core, trace)
        rents = told["headline_rate"].lazy().select("as_of_date", "gpu", *carry("price_usd_per_gpu_hour"))
        other = renamed(told["headline_rate"], {"price_usd_per_gpu_hour": "rent_usd"}).lazy()
        joined = rents.join(other.select("gpu", *carry("rent_usd")).unique("gpu"), on="gpu", how="left")
        stacked = pl.concat(
            [joined, pl.LazyFrame({"gpu": ["synthetic"]}).with_columns(ruled("rent_usd", 1.0, 'a "quote"'))],
            how="diagonal",
        )
        made = (
            stacked.with_columns(because("price_usd_per_gpu_hour", "why"))
            .select("gpu", *aliased({"rent_usd": "old_rent_usd"}), *carry("price_usd_per_gpu_hour"))
            .collect()
        )
    for name in references(made):
        parsed = [json.loads(text) for text in made[name].drop_nulls()]
        assert parsed
    assert json.loads(made[HOW + "old_rent_usd"][-1]) == {"rule": 'a "quote"'}
    table, row, column = json.loads(made[HOW + "old_rent_usd"][0])
    assert trace.core[table].row(row, named=True)[column] == made["old_rent_usd"][0]
    assert references(dropped(made, "old_rent_usd")) == [HOW + "price_usd_per_gpu_hour"]


def test_an_aggregate_lists_its_members(core):
    with tracing() as trace:
        prices = traced(core, trace)["headline_rate"]
        made = prices.group_by("gpu").agg(aggregated("median", "price_usd_per_gpu_hour")).sort("gpu")
    row = made.filter(pl.col("gpu") == "H100 SXM").row(0, named=True)
    of = tree(trace, row[HOW + "price_usd_per_gpu_hour"], "price", row["price_usd_per_gpu_hour"])
    expected = core["headline_rate"].filter(pl.col("gpu") == "H100 SXM")["price_usd_per_gpu_hour"]
    assert sorted(member.value for member in of.operands) == sorted(expected)
    assert evaluate(of)[0] == pytest.approx(expected.median())


def test_without_tracing_the_helpers_add_nothing(core):
    frame = core["headline_rate"]
    assert frame.select(carry("price_usd_per_gpu_hour")).columns == [
        "price_usd_per_gpu_hour", "price_usd_per_gpu_hour_low", "price_usd_per_gpu_hour_high",
    ]  # fmt: skip
    assert frame.select(carry("price_usd_per_gpu_hour", ends=False)).columns == ["price_usd_per_gpu_hour"]
    assert frame.with_columns(ruled("x", 1.0, "why")).columns == [*frame.columns, "x"]
    assert because("x", "why") == []


@settings(max_examples=25, deadline=None)
@given(st.floats(0.1, 10.0), st.floats(1.0, 100.0), st.floats(0.05, 1.0), st.integers(0, 3))
def test_draws_of_one_leaf_move_the_figure_as_the_formula_says(cost, price, share, kind):
    frame = pl.DataFrame({"price_usd_per_gpu_hour": [price], "total_cost_usd_per_gpu_hour": [cost]})
    if kind == 0:
        frame = frame.lazy().collect()
    with tracing() as trace:
        made = compute(frame, ("gross_margin_pct",), reading=PROFESSIONAL)
    of = tree(trace, made[HOW + "gross_margin_pct"][0], "gross_margin_pct", made["gross_margin_pct"][0])
    (leaf,) = [leaf for leaf in leaves(of).values() if leaf.name == "total_cost_usd_per_gpu_hour"]
    draws = pl.Series([cost * share, cost, cost / share])
    ours = evaluate(of, {leaf.key: draws})
    for got, drawn in zip(ours, draws, strict=True):
        assert math.isclose(got, 100.0 * (price - drawn) / price, rel_tol=1e-9, abs_tol=1e-9)
    assert next(walk(of)).name == "gross_margin_pct"
    assert formulas.formulas(PROFESSIONAL)["gross_margin_pct"] is of.formula


def test_draws_of_different_lengths_are_refused():
    frame = pl.DataFrame({"price_usd_per_gpu_hour": [4.0], "total_cost_usd_per_gpu_hour": [3.0]})
    with tracing() as trace:
        made = compute(frame, ("gross_margin_pct",), reading=PROFESSIONAL)
    of = tree(trace, made[HOW + "gross_margin_pct"][0], "gross_margin_pct", 25.0)
    one, other = leaves(of)
    with pytest.raises(ValueError, match="different lengths"):
        evaluate(of, {one: pl.Series([1.0, 2.0]), other: pl.Series([1.0])})
