"""The contracts of claims: figures documents print, and what each is to be computed from again.

A claim is what one line of one document says of one thing. A binding names the formula that should give it and one
operand of that formula, with its value or where that value stands.

Not here: any verdict on a claim (pipelines/documents/marts/claim_check.py), formulas (pipelines/economics).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, field

KINDS = ("input", "derived", "market", "benchmark")
CLAIM_ID = r"^\d{3}-[A-Z0-9]+-\d{3}$"
BOUND_ID = r"^\d{3}-[A-Z0-9]+-\d{3}(#low|#high)?$"


class DocumentClaim(Observation):
    """One figure on one line of a document."""

    claim_id: str = field(unit=None, description="Name of the claim; begins with its document.", str_matches=CLAIM_ID)
    document: str = field(unit=None, description="Document, by its number.", str_matches=r"^\d{3}$")
    line: int = field(unit=None, description="Line of the document.", ge=1)
    section: str = field(unit=None, description="Section of the document.", str_length={"min_value": 1})
    subject: str = field(unit=None, description="What it is about.", str_length={"min_value": 1})
    metric: str = field(unit=None, description="What is said of it.", str_length={"min_value": 1})
    # A line like "10M in / 100K out" is one claim too: its metric says so, its ends are the pair and may run downward.
    value_low: float = field(unit=None, description="The figure, or the first of a range or pair, in the row's unit.")
    value_high: float = field(unit=None, description="The second; null where one figure is given.", nullable=True)
    print_unit_low: float = field(
        unit=None, description="Place of its last printed digit, where the line shows it.", nullable=True, gt=0
    )
    print_unit_high: float = field(unit=None, description="The same of the second figure.", nullable=True, gt=0)
    is_approximate: bool = field(unit=None, description="Whether the line prints it as about so much, or in words.")
    unit: str = field(unit=None, description="Unit of the figure; null for a bare number.", nullable=True)
    stated_on: str = field(unit=None, description="Time the line itself speaks of, in its words.", nullable=True)
    kind: str = field(unit=None, description="How the document comes by it.", isin=KINDS)
    also_in_001: bool = field(unit=None, description="Whether document 001 prints it too.")


class ClaimBinding(pa.DataFrameModel):
    """One claim and one operand of the formula that should give it; or the reason why none can."""

    claim_id: str = field(
        unit=None, description="The claim; #low or #high behind it binds one end.", str_matches=BOUND_ID
    )
    figure: str = field(unit=None, description="Formula of the as_published reading, or stated_value.", nullable=True)
    published_factor: float = field(unit=None, description="Published value times this is the figure.", nullable=True)
    operand: str = field(unit=None, description="Operand of the formula, at any depth.", nullable=True)
    value: float = field(unit=None, description="Its value as the document states it, in its unit.", nullable=True)
    value_low: float = field(unit=None, description="Low end of the stated range.", nullable=True)
    value_high: float = field(unit=None, description="High end of the stated range.", nullable=True)
    assumption: str = field(
        unit=None, description="Where the value stands: set:parameter:subject, or claim:ID.", nullable=True
    )
    observed: str = field(
        unit=None, description="What the warehouse knows of it today: table.column[key=value;...].", nullable=True
    )
    unit: str = field(unit=None, description="Unit of the operand.", nullable=True)
    citation: str = field(unit=None, description="document:line that states the operand.", nullable=True)
    note: str = field(unit=None, description="Why it is bound so, or why it cannot be.", nullable=True)

    class Config:
        """Strict, as every contract."""

        strict = True

    @pa.dataframe_check
    def a_figure_has_an_operand_and_a_factor(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """A bound claim names formula, factor and operand; an unbound one gives its reason."""
        bound = pl.col("figure").is_not_null() & pl.col("operand").is_not_null() & (pl.col("published_factor") != 0)
        reasoned = pl.col("figure").is_null() & pl.col("operand").is_null() & pl.col("note").is_not_null()
        return data.lazyframe.select((bound | reasoned).fill_null(False))

    @pa.dataframe_check
    def an_operand_has_one_origin(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """The document's value is given here or stands elsewhere, never both; one of those or what is observed."""
        here, elsewhere = pl.col("value").is_not_null(), pl.col("assumption").is_not_null()
        any_origin = here | elsewhere | pl.col("observed").is_not_null() | pl.col("operand").is_null()
        return data.lazyframe.select(any_origin & ~(here & elsewhere))

    @pa.dataframe_check
    def value_within_its_range(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """The base of an operand lies within the range stated for it."""
        low, high = pl.col("value_low").fill_null(pl.col("value")), pl.col("value_high").fill_null(pl.col("value"))
        return data.lazyframe.select(pl.col("value").is_null() | pl.col("value").is_between(low, high))

    @pa.dataframe_check
    def a_stated_value_is_cited(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """A value given here says which line states it."""
        return data.lazyframe.select(pl.col("value").is_null() | pl.col("citation").is_not_null())


class Inconsistency(Observation):
    """One place where a document's operands do not give its figure, or two places disagree."""

    inconsistency_id: str = field(unit=None, description="Name of the inconsistency.", str_matches=r"^I-\d{2,}$")
    severity: str = field(unit=None, description="How much it matters.", isin=("high", "med", "low"))
    inconsistency_type: str = field(
        unit=None, description="What kind of disagreement it is.", str_length={"min_value": 1}
    )
    places: str = field(unit=None, description="Documents and lines: 000:7,46; 001:54.", str_matches=r"^\d{3}:\d")
    title: str = field(unit=None, description="What disagrees, in short.", str_length={"min_value": 1})
    reading_taken: str = field(unit=None, description="Which reading is taken here.", str_length={"min_value": 1})
    caveat: str = field(unit=None, description="Where the charge is only partly fair.", nullable=True)
    left_side: str = field(
        unit=None, description="What the left side is; null where it is told in words.", nullable=True
    )
    left_figure: str = field(unit=None, description="Formula of the left side, or stated_value.", nullable=True)
    comparison: str = field(
        unit=None, description="What is charged.", isin=("differs", "exceeds", "outside"), nullable=True
    )
    right_side: str = field(unit=None, description="What the right side is.", nullable=True)
    right_figure: str = field(unit=None, description="Formula of the right side, or stated_value.", nullable=True)
    tolerance_pct: float = field(unit="percent", description="What may be put down to rounding.", nullable=True, ge=0)
    unit: str = field(unit=None, description="Unit of both sides.", nullable=True)

    @pa.dataframe_check
    def both_sides_or_neither(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """A computed inconsistency has two sides, a comparison and a tolerance; a documented one has none of them."""
        parts = ("left_side", "left_figure", "comparison", "right_side", "right_figure", "tolerance_pct")
        given = pl.sum_horizontal(pl.col(part).is_not_null() for part in parts)
        return data.lazyframe.select(given.is_in([0, len(parts)]))


class InconsistencyOperand(pa.DataFrameModel):
    """One operand of one side of an inconsistency."""

    inconsistency_id: str = field(unit=None, description="The inconsistency.", str_matches=r"^I-\d{2,}$")
    side: str = field(unit=None, description="left or right.", isin=("left", "right"))
    operand: str = field(unit=None, description="Operand of the side's formula.", str_length={"min_value": 1})
    value: float = field(unit=None, description="Its value as the document states it.", nullable=True)
    value_low: float = field(unit=None, description="Low end of the stated range.", nullable=True)
    value_high: float = field(unit=None, description="High end of the stated range.", nullable=True)
    assumption: str = field(
        unit=None, description="Where the value stands: set:parameter:subject, or claim:ID.", nullable=True
    )
    unit: str = field(unit=None, description="Unit of the operand.", str_length={"min_value": 1})
    citation: str = field(unit=None, description="document:line, or what it follows from.", str_length={"min_value": 3})

    class Config:
        """Strict, as every contract."""

        strict = True

    @pa.dataframe_check
    def an_operand_has_one_origin(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """The value is given here or stands elsewhere."""
        return data.lazyframe.select(pl.col("value").is_null() != pl.col("assumption").is_null())


CONTRACTS = {
    "claim": Contract(DocumentClaim),
    "binding": Contract(ClaimBinding),
    "inconsistency": Contract(Inconsistency),
    "inconsistency_operand": Contract(InconsistencyOperand),
}
