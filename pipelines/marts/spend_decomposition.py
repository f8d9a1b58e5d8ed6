"""Prices fell and bills rose: spend as price times volume in logarithms, with the fall printed and falls measured.

Grain: case x fall_basis. The documents print falls of prices beside a bill that grew; the volume that follows depends
on which price is meant. Each case stands with the fall the document prints, and with what the same models' list
prices, and the average of what was offered, did over the same number of years by our own deflators.

Not here: volumes (nobody publishes tokens bought with what was paid for them), the models' own cases (model_result).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import formulas
from pipelines.mart_kit.assumed import assumed
from pipelines.mart_kit.carry import aliased, carry, renamed
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, figure, label, number
from pipelines.panels.yearly_falls import AVERAGES, TOKEN_SEGMENTS, WHOLE, yearly_averages

INPUTS = ("assumption",)
MARTS = ("deflation_reconciliation", "price_deflation")
PLOT = ("volume_effect_log_pct",)
KEY = ("case", "fall_basis")

SETS = ("m27_spend", "m27_budget")
SPAN = {"set": "m14_stated_falls", "subject": "price of a million tokens"}
"""The one span the page prints; its other falls are read with the same (I-41)."""

PRINTED = "as_printed"
FIGURES = (
    "spend_index",
    "price_effect_log_pct",
    "volume_effect_log_pct",
    "spend_effect_log_pct",
    "consumption_elasticity",
)
FORMULAS = formulas()

SCHEMA = Schema(
    table="spend_decomposition",
    kind="answer",
    description=(
        "One row per case and fall_basis. A bill as price times volume: 100 ln(bill) is the price effect and the "
        "volume effect, and nothing else. Where a document prints the bill and not the volume, the volume is what "
        "the price leaves."
    ),
    key=KEY,
    columns=columns(
        label("case", "The document's case."),
        label("fall_basis", "Whose fall of prices: the printed one, or segment and method of a measured one."),
        number("price_fall_times", "1", "Times cheaper over the span.", minimum=0),
        number("span_years", "year", "The span.", minimum=0),
        figure(FORMULAS, "price_index", minimum=0),
        number("volume_index", "1", "Volume, later over earlier: printed, or what bill and price leave.", minimum=0),
        *[figure(FORMULAS, name, nullable=name == "consumption_elasticity") for name in FIGURES],
    ),
    rules=(
        equal(
            "price and volume add up to spend", "price_effect_log_pct + volume_effect_log_pct", "spend_effect_log_pct"
        ),
        equal("spend is price times volume", "price_index * volume_index", "spend_index"),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: the cases of M27 with the fall they print, and those that print a bill with measured falls."""
    spans = assumed(core, SPAN["set"])
    if spans.is_empty():
        return SCHEMA.empty()
    span = spans.filter(subject=SPAN["subject"]).select(*carry("span_years", ends=False))
    cases = [assumed(core, name).rename({"subject": "case"}) for name in SETS]
    printed = [case.join(span, how="cross").with_columns(fall_basis=pl.lit(PRINTED)) for case in cases]
    budget = (
        cases[1]
        .drop(pl.selectors.contains("price_fall_times"))
        .unique("bill_growth_pct", keep="first", maintain_order=True)
    )
    budget = budget.with_columns(pl.format("budget +{}%", pl.col("bill_growth_pct").cast(pl.Int64)).alias("case"))
    measured = renamed(
        compute(_measured(core).join(span, how="cross"), ("fall_over_span",)),
        {"fall_over_span": "price_fall_times"},
    )
    rows = [printed[0], printed[1], budget.join(measured, how="cross")]
    made = [compute(row, ("price_index", "volume_index", *FIGURES)) for row in rows]
    return SCHEMA.conform(pl.concat(made, how="diagonal_relaxed"))


def _measured(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """fall_basis and measured_annual_factor: matched indices and averages of token prices."""
    matched = (
        core["marts.price_deflation"]
        .filter(pl.col("segment").is_in(TOKEN_SEGMENTS), *[pl.col(name) == value for name, value in WHOLE.items()])
        .select("segment", "method", *aliased({"annual_factor": "measured_annual_factor"}, ends=False))
    )
    averages = yearly_averages(core["marts.deflation_reconciliation"], TOKEN_SEGMENTS, AVERAGES)
    levels = averages.select("segment", "method", *carry("measured_annual_factor", ends=False))
    basis = pl.concat_str("segment", "method", separator=" | ")
    return pl.concat([matched, levels], how="diagonal_relaxed").with_columns(basis.alias("fall_basis"))
