"""Plain arithmetic of printed figures: the sums, products and shares by which a line is held against another.

Not here: figures with a meaning of their own in a document model; those have formulas in the file of their subject.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="as its operands", source="ledger I-18, I-21, I-25, I-46, I-51: one printed figure over another")
def quotient(dividend: pl.Expr, divisor: pl.Expr) -> pl.Expr:
    """Dividend / divisor."""
    return dividend / divisor


@formula(unit="percent", source="ledger I-11, I-24, I-35, I-74: a printed part of a printed whole")
def percent_of(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """100 x part / whole."""
    return PERCENT * part / whole


@formula(unit="percent", source="ledger I-10, I-47, I-60: how far a printed figure lies below another")
def reduction_pct(before: pl.Expr, after: pl.Expr) -> pl.Expr:
    """100 x (1 - after / before)."""
    return PERCENT * (1.0 - after / before)


@formula(unit="as its operands", source="ledger I-12, I-31, I-50: rows of a printed table added up")
def sum_of_two(part_1: pl.Expr, part_2: pl.Expr) -> pl.Expr:
    """Part 1 + part 2."""
    return part_1 + part_2


@formula(unit="as its operands", source="ledger I-52: stages of a printed list added up")
def sum_of_three(part_1: pl.Expr, part_2: pl.Expr, part_3: pl.Expr) -> pl.Expr:
    """Part 1 + part 2 + part 3."""
    return part_1 + part_2 + part_3


@formula(unit="as its operands", source="ledger I-32: components of a printed total added up")
def sum_of_five(part_1: pl.Expr, part_2: pl.Expr, part_3: pl.Expr, part_4: pl.Expr, part_5: pl.Expr) -> pl.Expr:
    """Part 1 to part 5 added up."""
    return part_1 + part_2 + part_3 + part_4 + part_5


@formula(unit="as its operands", source="ledger I-33: rows of a printed table added up")
def sum_of_six(
    part_1: pl.Expr, part_2: pl.Expr, part_3: pl.Expr, part_4: pl.Expr, part_5: pl.Expr, part_6: pl.Expr
) -> pl.Expr:
    """Part 1 to part 6 added up."""
    return part_1 + part_2 + part_3 + part_4 + part_5 + part_6


@formula(unit="as its operands", source="ledger I-37, I-64: two printed figures multiplied")
def product_of_two(factor_1: pl.Expr, factor_2: pl.Expr) -> pl.Expr:
    """Factor 1 x factor 2."""
    return factor_1 * factor_2


@formula(unit="as its operands", source="ledger I-49: GPUs, hours and the discount on each")
def product_of_three(factor_1: pl.Expr, factor_2: pl.Expr, factor_3: pl.Expr) -> pl.Expr:
    """Factor 1 x factor 2 x factor 3."""
    return factor_1 * factor_2 * factor_3


@formula(unit="as its operands", source="ledger I-08, I-63: power, hours and price; passes, tokens and operations")
def product_of_four(factor_1: pl.Expr, factor_2: pl.Expr, factor_3: pl.Expr, factor_4: pl.Expr) -> pl.Expr:
    """Factor 1 x factor 2 x factor 3 x factor 4."""
    return factor_1 * factor_2 * factor_3 * factor_4


@formula(unit="1", source="ledger I-22: the layers of the optimisation ladder multiplied")
def product_of_six(
    factor_1: pl.Expr, factor_2: pl.Expr, factor_3: pl.Expr, factor_4: pl.Expr, factor_5: pl.Expr, factor_6: pl.Expr
) -> pl.Expr:
    """Factor 1 to factor 6 multiplied."""
    return factor_1 * factor_2 * factor_3 * factor_4 * factor_5 * factor_6


@formula(unit="1/year", source="M14; ledger I-41: a fall over several years as a yearly factor")
def yearly_factor(total_factor: pl.Expr, span_years: pl.Expr) -> pl.Expr:
    """Total factor ^ (1 / years)."""
    return total_factor.pow(1.0 / span_years)


@formula(unit="usd", source="M20; ledger I-37, I-45: annuity of corporate-finance textbooks, payments at year ends")
def level_present_value_usd(level_usd_per_year: pl.Expr, annual_rate: pl.Expr, span_years: pl.Expr) -> pl.Expr:
    """What equal payments at the end of each year are worth today: A (1 - (1 + r)^-n) / r."""
    return level_usd_per_year * (1.0 - (1.0 + annual_rate).pow(-span_years)) / annual_rate


@formula(unit="as its operands", source="document 000:273: one printed amount less another")
def difference_of_two(minuend: pl.Expr, subtrahend: pl.Expr) -> pl.Expr:
    """Minuend - subtrahend."""
    return minuend - subtrahend


@formula(unit="as its operands", source="document 000:273: the middle of a printed range")
def mean_of_two(value_1: pl.Expr, value_2: pl.Expr) -> pl.Expr:
    """Half of the sum."""
    return (value_1 + value_2) / 2.0
