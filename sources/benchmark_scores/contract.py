"""The contracts of benchmark scores: one score of one model version; what a publisher states about a version.

Not here: canonical names of models and benchmarks, percent out of fractions, which of two scores counts (staging's).
"""

from __future__ import annotations

import datetime as dt

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, field

# Unit of a score as its publisher writes it: lowest and highest value it can take; null where it has no end.
SCORE_UNITS: dict[str, tuple[float | None, float | None]] = {
    "fraction": (0.0, 1.0),
    "pct": (0.0, 100.0),
    "elo": (0.0, None),
    "index": (None, None),
}
SCORED_ON_BASES = ("run", "stated", "capture")
COST_BASES = ("run", "task")
ACCESSIBILITIES = (
    "API access",
    "Hosted access (no API)",
    "Open weights (non-commercial)",
    "Open weights (restricted use)",
    "Open weights (unrestricted)",
    "Unreleased",
)


class BenchmarkScore(Observation):
    """A score in the publisher's own labels and unit.

    It holds from the release of the version that reached it, until its publisher states another figure or none.
    """

    benchmark_label: str = field(unit=None, description="Benchmark as named.", str_length={"min_value": 1})
    model_label: str = field(unit=None, description="Model version as named.", str_length={"min_value": 1})
    setting: str = field(unit=None, description="How it was asked: shots, edit format, agent.", nullable=True)
    scored_by: str = field(unit=None, description="Who ran it or printed it.", str_length={"min_value": 1})
    scored_on: dt.date = field(unit=None, description="Day it was run, or the latest day it can have been.")
    scored_on_basis: str = field(unit=None, description="What scored_on is: see enumeration.", isin=SCORED_ON_BASES)
    release_date: dt.date = field(unit=None, description="Release of the version or of its price.", nullable=True)
    score: float = field(unit=None, description="Score in score_unit.")
    score_unit: str = field(unit=None, description="Unit of the score.", isin=sorted(SCORE_UNITS))
    score_stderr: float = field(unit=None, description="Standard error in score_unit.", ge=0, nullable=True)
    test_cases: int = field(unit="count", description="Tasks that were run.", gt=0, nullable=True)
    run_cost: float = field(unit="USD", description="What the run cost, by its basis.", ge=0, nullable=True)
    run_cost_basis: str = field(unit=None, description="Whole run, or one task.", isin=COST_BASES, nullable=True)
    price_usd_per_mtok: float = field(
        unit="USD/Mtok", description="Price stated beside the score, blended as its source does.", gt=0, nullable=True
    )

    @pa.dataframe_check(name="score_within_its_unit")
    def _score_in_range(cls, data: pa.PolarsData) -> pl.LazyFrame:
        low, high = (
            pl.col("score_unit").replace_strict(
                {unit: ends[end] for unit, ends in SCORE_UNITS.items()}, default=None, return_dtype=pl.Float64
            )
            for end in (0, 1)
        )
        score = pl.col("score")
        return data.lazyframe.select((score >= low).fill_null(True) & (score <= high).fill_null(True))

    @pa.dataframe_check(name="cost_and_its_basis_together")
    def _cost_has_basis(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col("run_cost").is_null() == pl.col("run_cost_basis").is_null())


class ModelVersion(Observation):
    """What a publisher of scores says about a version: who made it, when it came out, who may have its weights."""

    model_label: str = field(unit=None, description="Model version as named.", str_length={"min_value": 1})
    organisation: str = field(unit=None, description="Who made it, as stated.", nullable=True)
    release_date: dt.date = field(unit=None, description="Day it was released.", nullable=True)
    accessibility: str = field(
        unit=None, description="Who may have it, as stated.", nullable=True, isin=ACCESSIBILITIES
    )

    @pa.dataframe_check(name="says_something")
    def _says_something(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col("release_date").is_not_null() | pl.col("accessibility").is_not_null())


CONTRACTS = {"observation": Contract(BenchmarkScore), "model_version": Contract(ModelVersion)}
