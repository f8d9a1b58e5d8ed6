"""The identities of every mart: they hold on the real release, and a changed figure breaks each of them."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from pipelines.mart_kit.all_marts import marts
from pipelines.mart_kit.identity import equal, holds, parts
from pipelines.mart_kit.schema import Rule

EVERY_RULE = [
    pytest.param(name, rule, id=f"{name}: {rule.name}") for name, m in marts().items() for rule in m.SCHEMA.rules
]


def test_every_mart_states_what_must_hold_of_its_rows() -> None:
    assert [name for name, module in marts().items() if not module.SCHEMA.rules] == []


@pytest.mark.parametrize(("name", "rule"), EVERY_RULE)
def test_it_holds_on_the_real_release_and_a_changed_figure_breaks_it(
    released_home: Path, name: str, rule: Rule
) -> None:
    table = pl.read_parquet(released_home / "current" / "parquet" / "marts" / f"{name}.parquet")
    judged = table.filter(rule.broken.is_not_null())
    judged = judged.sample(min(judged.height, 200), seed=1)
    assert judged.height, "no row has both sides: the rule says nothing"
    assert table.filter(rule.broken).is_empty()
    assert any(changed.filter(rule.broken).height for changed in _changed(judged, rule)), "nothing can break it"


def _changed(table: pl.DataFrame, rule: Rule) -> list[pl.DataFrame]:
    """The table with one column the rule names moved up or down far, for each column."""
    named = [name for name in table.columns if re.search(rf"\b{name}\b", rule.meaning)]
    moved = []
    for name in named:
        value, dtype = pl.col(name), table.schema[name]
        if dtype.is_numeric():
            moved += [(value * 3 + 100).cast(dtype), (value * -3 - 100).cast(dtype)]
        elif dtype == pl.Boolean():
            moved.append(~value)
        elif dtype == pl.Date():
            moved += [value.dt.offset_by("100y"), value.dt.offset_by("-100y")]
        else:
            moved.append(pl.lit(None, dtype=dtype).alias(name))
        if rule.meaning.startswith("verdict"):
            moved += [pl.lit(verdict).alias("verdict") for verdict in ("reproduced", "superseded")]
            moved += [pl.lit(None, pl.Float64).alias("our_value_from_data")]
    return [table.with_columns(one) for one in moved]


def test_a_null_side_says_nothing_and_passes() -> None:
    table = pl.DataFrame({"a": [1.0, None, 1.0], "b": [1.0, 2.0, 3.0]})
    assert table.filter(equal("same", "a", "b").broken)["b"].to_list() == [3.0]
    assert table.filter(holds("ordered", "a >= b").broken)["b"].to_list() == [3.0]


def test_sums_in_another_order_are_equal_and_a_millionth_is_not() -> None:
    table = pl.DataFrame({"a": [0.1], "b": [0.2], "c": [0.3], "sum": [0.3 + 0.2 + 0.1]})
    assert table.filter(equal("sum", parts("c", "b", "a"), "sum").broken).is_empty()
    assert (
        table.with_columns(pl.col("sum") * (1 + 1e-6)).filter(equal("sum", parts("a", "b", "c"), "sum").broken).height
    )


def test_a_missing_part_counts_as_nothing() -> None:
    table = pl.DataFrame({"a": [1.0], "b": [None], "sum": [1.0]}, schema_overrides={"b": pl.Float64})
    assert table.filter(equal("sum", parts("a", "b"), "sum").broken).is_empty()
