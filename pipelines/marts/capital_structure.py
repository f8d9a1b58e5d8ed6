"""Capital structure by stage: how much equity, what equity and debt cost, and what the mix costs after tax.

Grain: stage x reading. Nothing here is observed: the stages and their costs are the document's, once.

`as_published`: every dollar of interest saves tax and the slice of debt before Series B is free.
`professional`: interest saves tax only as far as there is income to tax, and that slice is venture debt.

Not here: how much debt a cash flow carries (debt_capacity).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL, formulas
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, assumed, stated
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, day, figure, label, number, ranged

KEY = ("stage", "reading")
INPUTS = ("assumption",)
FIGURES = ("after_tax_cost_of_debt_pct", "wacc_pct", "equity_to_debt_cost_ratio")
PLOT = ("wacc_pct",)

DOCUMENT_SET = "c3_capital_structure"
OUR_SET = "professional_capital_structure"
SETS = {rules.AS_PUBLISHED: DOCUMENT_SET, rules.PROFESSIONAL: OUR_SET}

_F = formulas(PROFESSIONAL)

SCHEMA = Schema(
    table="capital_structure",
    kind="answer",
    description=(
        "One row per stage of a company and reading.\n"
        "Cost of equity, of debt and of the mix after tax. The stages, their mixes and costs are stated by one "
        "document and observed by nobody; how much interest meets taxable income is an assumption. Low and high are "
        "corners of the ranges."
    ),
    key=KEY,
    columns=columns(
        label("stage", "Stage of the company, as the document names it."),
        label("reading", "as_published or professional.", enumerated=True),
        day("as_of_date", "The document's date."),
        ranged(number("equity_share_pct", "percent", "Equity of all capital.", minimum=0, maximum=100)),
        ranged(number("cost_of_equity_pct", "percent", "Return that equity asks for.", minimum=0)),
        ranged(number("cost_of_debt_pct", "percent", "Interest before tax; 0 where debt is unavailable.", minimum=0)),
        number("tax_share", "1", "Tax rate on income.", minimum=0, maximum=1),
        ranged(
            number(
                "shielded_share",
                "1",
                "Share of interest that meets taxable income; an assumption, null as published.",
                nullable=True,
                minimum=0,
                maximum=1,
            )
        ),
        ranged(figure(_F, "after_tax_cost_of_debt_pct", minimum=0)),
        ranged(figure(_F, "wacc_pct", minimum=0)),
        ranged(figure(_F, "equity_to_debt_cost_ratio", nullable=True, minimum=0)),
        label("note", "What a reader must know.", nullable=True),
    ),
    rules=(
        equal(
            "the mix costs its parts",
            "(equity_share_pct * cost_of_equity_pct + (100 - equity_share_pct) * after_tax_cost_of_debt_pct) / 100",
            "wacc_pct",
        ),
    ),
)


def stages(core: Core, reading: str) -> pl.DataFrame:
    """One row per stage: the operands of the reading. Ours replace the document's where both are given."""
    published = stated(core, DOCUMENT_SET).rename({"case": "stage"}, strict=False)
    if reading == rules.AS_PUBLISHED or published.is_empty():
        return published
    ours = assumed(core, OUR_SET).rename({"subject": "stage"})
    both = published.join(ours, on="stage", suffix="__ours")
    taken = [name for name in ours.columns if f"{name}__ours" in both.columns]
    return both.with_columns(
        pl.when(pl.col(f"{_base(name)}__ours").is_not_null())
        .then(pl.col(f"{name}__ours"))
        .otherwise(pl.col(name))
        .alias(name)
        for name in taken
    ).drop(f"{name}__ours" for name in taken)


def _base(name: str) -> str:
    return name.removeprefix("__how__").removesuffix("_low").removesuffix("_high")


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    dated = core["assumption"].filter(pl.col("assumption_set") == DOCUMENT_SET)["valid_from"].max()
    parts = [
        compute(rows, FIGURES, reading).with_columns(
            reading=pl.lit(reading), as_of_date=pl.lit(dated, dtype=pl.Date), note=_note(reading)
        )
        for reading in SETS
        if not (rows := stages(core, reading)).is_empty()
    ]
    if not parts:
        return SCHEMA.empty()
    table = pl.concat(parts, how="diagonal_relaxed")
    ends = [name for name in SCHEMA.names if name.endswith(("_low", "_high")) and name not in table.columns]
    return SCHEMA.conform(table.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in ends))


def _note(reading: str) -> pl.Expr:
    published = reading == rules.AS_PUBLISHED
    return (
        pl.when(pl.col("stage") == "Public")
        .then(pl.lit("000:320 states no mix: that of Series C/D is assumed"))
        .when((pl.col("stage") == "Series A") & pl.lit(published))
        .then(pl.lit("000:316 calls debt unavailable and leaves up to 5% of it: taken as free"))
        .when((pl.col("stage") == "Series A") & ~pl.lit(published))
        .then(pl.lit("the slice that is not equity is venture debt, whose interest saves no tax"))
        .alias("note")
    )
