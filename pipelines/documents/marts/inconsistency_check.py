"""Places where the documents contradict themselves or each other: both sides computed anew, and whether it still holds.

Grain: inconsistency_id. What is arithmetic stands as two sides, each a formula with operands, and a comparison; the
rest is told in words. The caveat says where the charge is only partly fair.

Not here: what became of each printed figure (claim_check), operands (sources/claims/curated).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.documents.claims import arithmetic, operands
from pipelines.documents.claims.figures import STATED, figures
from pipelines.economics.compute import compute
from pipelines.mart_kit.carry import aliased, renamed
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, flag, label, number

KEY = ("inconsistency_id",)
PLOT = ("left_value",)
INPUTS = ("assumption", "claim", "inconsistency", "inconsistency_operand")
COMPUTED, DOCUMENTED = "computed", "documented"
SIDES = ("left", "right")

SCHEMA = Schema(
    table="inconsistency_check",
    kind="audit",
    description=(
        "One row per inconsistency_id: a place where a document's operands do not give its figure, or two disagree.\n"
        "found says whether it is computed here from operands of both sides or documented in words."
    ),
    key=KEY,
    columns=columns(
        label("inconsistency_id", "The inconsistency (core.inconsistency)."),
        label("severity", "How much it matters.", enumerated=True),
        label("inconsistency_type", "What kind of disagreement it is."),
        label("places", "Documents and lines."),
        label("title", "What disagrees, in short."),
        label("found", "Whether both sides are computed, or it is told in words.", enumerated=True),
        label("left_side", "What the left side is.", nullable=True),
        label("left_figure", "Its formula; stated_value where a figure is taken as printed.", nullable=True),
        *(
            number(f"left_value{end}", "as the row states", f"The left side{text}.", nullable=True)
            for end, text in (("", ""), ("_low", ", low end"), ("_high", ", high end"))
        ),
        label("comparison", "What is charged.", enumerated=True, nullable=True),
        label("right_side", "What the right side is.", nullable=True),
        label("right_figure", "Its formula; stated_value where a figure is taken as printed.", nullable=True),
        *(
            number(f"right_value{end}", "as the row states", f"The right side{text}.", nullable=True)
            for end, text in (("", ""), ("_low", ", low end"), ("_high", ", high end"))
        ),
        label("unit", "Unit of both sides.", nullable=True),
        number("difference", "as the row states", "Left less right, base values.", nullable=True),
        number("difference_pct", "percent", "The difference over the larger of the two.", nullable=True),
        number("tolerance_pct", "percent", "What may be put down to rounding.", nullable=True),
        flag("still_holds", "Whether the computation bears the charge out; null where documented.", nullable=True),
        label("arithmetic", "Both computations in one line.", nullable=True),
        label("reading_taken", "Which reading is taken here."),
        label("caveat", "Where the charge is only partly fair.", nullable=True),
    ),
    rules=(equal("the difference is left less right", "left_value - right_value", "difference"),),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: every inconsistency with both sides, sorted by key. `core` holds the INPUTS as frames."""
    sides = side_operands(core)
    listed = core["inconsistency"]
    values = figures(sides)
    for side in SIDES:
        of_side = values.filter(pl.col("item").str.ends_with(f"/{side}")).select(
            pl.col("item").str.split("/").list.first().alias("inconsistency_id"),
            *aliased({"value": f"{side}_value"}),
        )
        listed = listed.join(of_side, on="inconsistency_id", how="left")
    computed = pl.col("comparison").is_not_null()
    differing = compute(listed, ("difference_of_sides", "difference_of_sides_pct"))
    own = {"difference_of_sides": "difference", "difference_of_sides_pct": "difference_pct"}
    compared = renamed(differing, own).with_columns(
        found=pl.when(computed).then(pl.lit(COMPUTED)).otherwise(pl.lit(DOCUMENTED)),
        still_holds=pl.when(computed).then(borne_out()),
    )
    return SCHEMA.conform(compared.join(_told(compared, sides), on="inconsistency_id", how="left"))


def side_operands(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per side (`item`: id/side) and operand, with its value and the side's figure."""
    figure = pl.concat(
        core["inconsistency"].select("inconsistency_id", pl.lit(side).alias("side"), figure=f"{side}_figure")
        for side in SIDES
    )
    bound = core["inconsistency_operand"].join(figure, on=["inconsistency_id", "side"], how="left")
    none = pl.lit(None, dtype=pl.String).alias("observed")
    bindings = bound.with_columns(none, item=pl.concat_str("inconsistency_id", "side", separator="/"))
    nothing = pl.DataFrame(
        schema={
            "observed": pl.String,
            "value": pl.Float64,
            "value_low": pl.Float64,
            "value_high": pl.Float64,
            "observed_on": pl.Date,
        }
    )
    return operands.resolved(bindings, core["claim"], core["assumption"], nothing)


def borne_out() -> pl.Expr:
    """Whether the two sides differ, the left exceeds the right, or lies outside it, by more than the tolerance.

    A range differs from another where one of the ends does. It exceeds with its low end the right's high end or, where
    both are ranges that overlap, does not. It lies outside where one of its ends does.
    """
    slack = pl.col("tolerance_pct") / 100.0
    left_low, left_high = (pl.coalesce(f"left_value_{end}", "left_value") for end in ("low", "high"))
    right_low, right_high = (pl.coalesce(f"right_value_{end}", "right_value") for end in ("low", "high"))

    def apart(one: pl.Expr, other: pl.Expr) -> pl.Expr:
        return (one - other).abs() > slack * pl.max_horizontal(one.abs(), other.abs())

    both_points = pl.col("left_value_low").is_null() & pl.col("right_value_low").is_null()
    differs = (
        pl.when(both_points)
        .then(apart(pl.col("left_value"), pl.col("right_value")))
        .otherwise(apart(left_low, right_low) | apart(left_high, right_high))
    )
    exceeds = left_low > right_high + slack * right_high.abs()
    outside = (left_low < right_low - slack * right_low.abs()) | (left_high > right_high + slack * right_high.abs())
    return (
        pl.when(pl.col("comparison") == "differs")
        .then(differs)
        .when(pl.col("comparison") == "exceeds")
        .then(exceeds)
        .otherwise(outside)
    )


def _told(compared: pl.DataFrame, sides: pl.DataFrame) -> pl.DataFrame:
    """One row per computed inconsistency: both computations in one line."""
    applied = {
        item: arithmetic.applied(of_it["figure"][0], of_it.to_dicts()) if of_it["figure"][0] != STATED else ""
        for (item,), of_it in sides.partition_by("item", as_dict=True).items()
    }
    rows = []
    for row in compared.filter(pl.col("found") == COMPUTED).iter_rows(named=True):
        told = []
        for side in SIDES:
            made = applied[f"{row['inconsistency_id']}/{side}"]
            low, high = row[f"{side}_value_low"], row[f"{side}_value_high"]
            value = arithmetic.number(row[f"{side}_value"]) if low is None else arithmetic.span(low, high)
            told.append(f"{row[f'{side}_side']} {made + ' = ' if made else ''}{value}")
        rows.append((row["inconsistency_id"], f" {row['comparison']} ".join(told)))
    return pl.DataFrame(rows, schema={"inconsistency_id": pl.String, "arithmetic": pl.String}, orient="row")
