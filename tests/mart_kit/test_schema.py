"""What a mart's schema notices, on tables of a few rows."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.economics.formula import PROFESSIONAL, formulas
from pipelines.mart_kit.schema import MartError, Schema, columns, count, figure, label, number, ranged

SCHEMA = Schema(
    table="synthetic",
    kind="answer",
    description="One row per name.",
    key=("name",),
    columns=columns(
        label("name", "Name.", enumerated=True),
        ranged(number("price_usd", "usd", "Price.", minimum=0)),
        count("seen", "How often.", nullable=True),
    ),
)
LISTED = pl.DataFrame({"column_name": ["name", "name"], "value": ["a", "b"], "description": ["", ""]})


def table(*rows: tuple) -> pl.DataFrame:
    made = pl.DataFrame(
        rows, schema=["name", "price_usd", "price_usd_low", "price_usd_high", "seen"], orient="row", strict=False
    )
    return SCHEMA.conform(made)


def broken(*rows: tuple) -> list[tuple[str, str]]:
    return SCHEMA.problems(table(*rows), LISTED).select("rule", "column").rows()


def test_a_good_table_has_no_problems_and_is_sorted_by_key() -> None:
    good = table(("b", 2.0, 1.0, 3.0, 1), ("a", 1.0, None, None, None))
    assert SCHEMA.problems(good, LISTED).is_empty()
    assert good["name"].to_list() == ["a", "b"]


@pytest.mark.parametrize(
    ("row", "rule", "column"),
    [
        (("c", 1.0, None, None, 1), "listed_in_enumeration", "name"),
        (("a", None, None, None, 1), "not_null", "price_usd"),
        (("a", -1.0, None, None, 1), "at_least_0", "price_usd"),
        (("a", float("inf"), None, None, 1), "finite", "price_usd"),
        (("a", float("nan"), None, None, 1), "finite", "price_usd"),
        (("a", 1.0, 2.0, 3.0, 1), "low_base_high", "price_usd"),
        (("a", 9.0, 2.0, 3.0, 1), "low_base_high", "price_usd"),
        (("a", 1.0, None, None, -1), "at_least_0", "seen"),
    ],
)
def test_each_rule_names_its_column(row: tuple, rule: str, column: str) -> None:
    assert (rule, column) in broken(row)


def test_a_key_that_stands_twice_is_told_with_an_example() -> None:
    problems = SCHEMA.problems(table(("a", 1.0, None, None, 1), ("a", 2.0, None, None, 1)), LISTED)
    assert problems.row(0) == ("key_unique", "name", 2, "name=a")


def test_a_foreign_type_and_an_undeclared_column_are_told() -> None:
    odd = table(("a", 1.0, None, None, 1)).with_columns(pl.col("seen").cast(pl.String), extra=pl.lit(1))
    rules = {tuple(row) for row in SCHEMA.problems(odd).select("rule", "column").rows()}
    assert rules == {("column_type", "seen"), ("column_declared", "extra")}


def test_a_column_nobody_made_is_a_mistake_of_the_mart() -> None:
    with pytest.raises(MartError, match=r"marts\.synthetic: columns declared but not made: seen"):
        SCHEMA.conform(
            pl.DataFrame({"name": ["a"], "price_usd": [1.0], "price_usd_low": [1.0], "price_usd_high": [1.0]})
        )


def test_never_is_stored_as_null_where_it_may_occur() -> None:
    schema = Schema(
        "synthetic",
        "answer",
        "One row.",
        ("name",),
        columns(
            label("name", "Name."),
            ranged(figure(formulas(PROFESSIONAL), "breakeven_utilisation_pct", unbounded=True)),
        ),
    )
    name = "breakeven_utilisation_pct"
    endless = pl.DataFrame({"name": ["a"], name: [50.0], f"{name}_low": [40.0], f"{name}_high": [float("inf")]})
    made = schema.conform(endless)
    assert made[f"{name}_high"].to_list() == [None]
    assert schema.problems(made).is_empty()


def test_a_figure_takes_unit_meaning_and_source_from_its_formula() -> None:
    made = figure(formulas(PROFESSIONAL), "gross_margin_pct")
    assert made.unit == "percent"
    assert "Operands: price_usd_per_gpu_hour, total_cost_usd_per_gpu_hour." in made.description


def test_a_column_declared_twice_is_refused() -> None:
    with pytest.raises(MartError, match="declared twice: name"):
        columns(label("name", "Name."), label("name", "Again."))
