"""Every bound claim: each operand is there, is used, and matters."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.documents.claims.figures import STATED, figures
from pipelines.documents.claims.observed import SCHEMA, parse
from pipelines.documents.claims.operands import resolved
from pipelines.documents.marts import claim_check
from pipelines.economics.formula import AS_PUBLISHED, formulas
from tests.documents.claims import curated

NUDGE = 0.1
FLIP = {"up": 2.0, "down": 0.4}
"""A claim that something holds is a yes or a no: a tenth need not turn it; doubling or more than halving must."""


@pytest.fixture(scope="module")
def core() -> dict[str, pl.DataFrame]:
    return curated.core()


@pytest.fixture(scope="module")
def bound(core) -> pl.DataFrame:
    """Operands of every bound claim; what only the warehouse knows stands in as 1."""
    bindings = core["claim_binding"].filter(pl.col("figure").is_not_null()).with_columns(item=pl.col("bound_id"))
    seen = pl.DataFrame(schema={name: dtype for name, dtype in SCHEMA.items() if name != "rows"})
    made = resolved(bindings, core["claim"], core["assumption"], seen)
    return made.with_columns(pl.col("value").fill_null(1.0))


def test_changing_any_operand_by_a_tenth_changes_the_figure(bound, core):
    """No verdict is a stored answer: each operand of each claim is moved alone, up and down, all in one go."""
    ends = ("value", "value_low", "value_high")
    yes_or_no = bound.join(core["claim"].filter(pl.col("unit") == "bool"), on="claim_id", how="semi")["item"].implode()
    moved = []
    for direction, factor in (("up", 1.0 + NUDGE), ("down", 1.0 - NUDGE)):
        each = bound.select("item", pl.col("operand").alias("touched"))
        copies = each.join(bound.select("item", "figure", "operand", *ends), on="item")
        is_touched = pl.col("touched") == pl.col("operand")
        nudged = [
            pl.when(is_touched & (pl.col("value") == 0.0))
            .then(pl.col(end) + NUDGE)
            .when(is_touched)
            .then(pl.col(end) * pl.when(pl.col("item").is_in(yes_or_no)).then(FLIP[direction]).otherwise(factor))
            .otherwise(end)
            .alias(end)
            for end in ends
        ]
        moved.append(
            copies.with_columns(nudged).with_columns(
                was=pl.col("item"), item=pl.concat_str("item", "touched", pl.lit(direction), separator="|")
            )
        )
    everything = pl.concat(moved)
    after = figures(everything.select("item", "figure", "operand", *ends))
    names = everything.select("item", "was", "touched").unique()
    before = figures(bound).rename({"item": "was"})
    both = after.join(names, on="item").join(before, on="was", suffix="_before")
    changed = pl.any_horizontal(
        (pl.col(end) - pl.col(f"{end}_before")).abs().fill_null(0.0)
        > 1e-9 * pl.col(f"{end}_before").abs().fill_null(0.0) + 1e-15
        for end in ends
    )
    # A figure that loses its value (a break-even never reached) has changed too.
    lost = pl.col("value").is_null() != pl.col("value_before").is_null()
    still = both.group_by("was", "touched").agg((changed | lost).any().alias("moves")).filter(~pl.col("moves"))
    assert still.is_empty(), still.sort("was").rows()


def test_every_operand_that_stands_elsewhere_is_there(core):
    seen = pl.DataFrame(schema={name: dtype for name, dtype in SCHEMA.items() if name != "rows"})
    found = resolved(elsewhere_bindings(core), core["claim"], core["assumption"], seen)
    assert found.height > 0
    assert found.filter(pl.col("value").is_null())["assumption"].to_list() == []


def elsewhere_bindings(core: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return core["claim_binding"].drop_nulls("assumption").with_columns(item=pl.col("bound_id"))


def test_on_an_early_day_what_is_not_known_yet_is_no_mistake(core):
    early = {
        **core,
        "assumption": core["assumption"].clear(),
        "claim": core["claim"].filter(pl.col("document") == "000"),
    }
    seen = pl.DataFrame(schema={name: dtype for name, dtype in SCHEMA.items() if name != "rows"})
    found = resolved(elsewhere_bindings(core), early["claim"], early["assumption"], seen)
    assert found["value"].null_count() > 0


def test_every_figure_is_a_formula_of_the_documents_reading(core):
    known = set(formulas(AS_PUBLISHED)) | {STATED}
    named = core["claim_binding"].drop_nulls("figure").select("bound_id", "figure")
    assert named.filter(~pl.col("figure").is_in(known)).is_empty()


def test_every_binding_names_one_figure_of_a_recorded_claim(core):
    bindings = core["claim_binding"]
    assert bindings.join(core["claim"], on="claim_id", how="anti").is_empty()
    assert (
        bindings.group_by("bound_id").agg(pl.struct("figure", "published_factor").n_unique().alias("n"))["n"].max() == 1
    )
    assert bindings.filter(pl.struct("bound_id", "operand").is_duplicated()).is_empty()


def test_every_observed_reference_has_the_form_and_names_a_table_claims_may_use(core):
    allowed = {*claim_check.TABLES, *(f"marts.{name}" for name in claim_check.MARTS)}
    references = [parse(text) for text in core["claim_binding"]["observed"].drop_nulls()]
    assert {reference.table for reference in references} <= allowed


def test_every_derived_claim_is_bound_or_says_why_not(core):
    silent = core["claim"].filter(pl.col("kind") == "derived").join(core["claim_binding"], on="claim_id", how="anti")
    assert silent.is_empty(), silent["claim_id"].to_list()
