"""What do peak, memory, bandwidth, form and seller add to a price, and how well can the data tell them apart?

Grain: segment x feature. The coefficients of the hedonic deflators (index_numbers/hedonic.py), so that a referee can
judge them: a logged quantity's is an elasticity, a dummy's exp(coefficient) - 1 a premium over what it is measured
against. Characteristics that the segment's quotes cannot tell apart have a row that says so and no coefficient.

Not here: the index (price_index.py) and its yearly factor (price_deflation.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import Schema, columns, count, label, number
from pipelines.panels.deflators import hedonic

INPUTS = hedonic.INPUTS
MARTS = hedonic.MARTS

_ERROR = "Standard error of the coefficient"

SCHEMA = Schema(
    table="hedonic_coefficient",
    kind="audit",
    description=(
        "One row per segment and feature. Coefficients of log price on characteristics with a dummy per month, over "
        "all months, and what a referee asks of them."
    ),
    key=("segment", "feature"),
    columns=columns(
        label("segment", "What is priced: family/item or zone/terms.", enumerated=True),
        label("feature", "Characteristic.", enumerated=True),
        number("coefficient", "dimensionless", "Change of log price per unit; null where left out.", nullable=True),
        number(
            "std_error",
            "dimensionless",
            f"{_ERROR}, by those who set prices; null under {hedonic.FEWEST_CLUSTERS} of them.",
            nullable=True,
            minimum=0,
        ),
        number(
            "std_error_by_kind",
            "dimensionless",
            f"{_ERROR}, by what is quoted: a characteristic of a GPU is seen once per GPU, not once per quote.",
            nullable=True,
            minimum=0,
        ),
        number("std_error_robust", "dimensionless", f"{_ERROR}, robust to unequal spread.", nullable=True, minimum=0),
        number("std_error_classical", "dimensionless", f"{_ERROR}, errors alike.", nullable=True, minimum=0),
        number("vif", "dimensionless", "Variance inflation factor.", nullable=True, minimum=0),
        label("left_out", "Why the characteristic has no coefficient: what it is made of.", nullable=True),
        count("n", "Quotes by month in the regression."),
        count("sellers", "Those who set their prices."),
        count("kinds", "Different things quoted: GPUs or models."),
        count("months", "Months with quotes.", unit="month"),
        number("r2", "dimensionless", "Share of the variance of log prices explained.", maximum=1),
        number("r2_within", "dimensionless", "Share explained of the variance within months.", maximum=1),
        number(
            "condition_number",
            "dimensionless",
            "Of the characteristics within months, each scaled to length one; above 30 they are hard to tell apart.",
            minimum=1,
        ),
    ),
    rules=(
        holds("a fit explains no more than all", "r2 <= 1 and r2_within <= 1"),
        holds("every kind is offered", "kinds <= n and sellers <= n"),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart."""
    return table(hedonic.coefficients(core))


def table(rows: pl.DataFrame) -> pl.DataFrame:
    """A deflator's rows as the table."""
    return SCHEMA.conform(pl.concat([SCHEMA.empty(), rows], how="diagonal_relaxed"))
