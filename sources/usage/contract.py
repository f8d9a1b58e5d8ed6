"""The contracts of usage: how busy machines were, and tokens used of a model. Not here: canonical names, prices."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, field

UNIT_OF = {
    **dict.fromkeys(
        (
            "rented_share",
            "device_busy_share",
            "mean_load_over_peak_load",
            "cached_input_share",
            "reusable_input_share",
            "failed_job_time_share",
        ),
        "share",
    ),
    **dict.fromkeys(("input_tokens_per_request", "output_tokens_per_request"), "token"),
    "input_tokens_per_output_token": "ratio",
}
"""What is measured, and its unit. Shares are of 1."""


class Utilisation(Observation):
    """One figure of how busy somebody's machines were, or of what they were asked, over the period of the row."""

    measure: str = field(unit=None, description="What is measured; see enumeration.", isin=sorted(UNIT_OF))
    subject: str = field(unit=None, description="Whose machines or requests.", str_length={"min_value": 3})
    gpu_label: str = field(unit=None, description="GPU, where one is named.", nullable=True)
    value: float = field(unit=None, description="Figure in the unit of the row.", ge=0)
    unit: str = field(unit=None, description="Unit of the figure.", isin=sorted(set(UNIT_OF.values())))

    @pa.dataframe_check(name="unit_fits_measure")
    def _unit_fits(cls, data: pa.PolarsData) -> pl.LazyFrame:
        expected = pl.col("measure").replace_strict(UNIT_OF, default=None, return_dtype=pl.String)
        return data.lazyframe.select((pl.col("unit") == expected).fill_null(False))

    @pa.dataframe_check(name="a_share_is_at_most_one")
    def _share(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select((pl.col("unit") != "share") | (pl.col("value") <= 1))


class TokenUsage(Observation):
    """Tokens of one model used through one platform from valid_from to the day before valid_to."""

    platform_label: str = field(unit=None, description="Where they were used.", str_length={"min_value": 2})
    model_label: str = field(unit=None, description="Model as the platform names it.", str_length={"min_value": 1})
    input_tokens: float = field(unit="token", description="Tokens of prompts, those from cache included.", ge=0)
    cached_input_tokens: float = field(unit="token", description="Tokens of prompts read from cache.", ge=0)
    output_tokens: float = field(unit="token", description="Tokens generated, those of reasoning included.", ge=0)
    reasoning_tokens: float = field(unit="token", description="Tokens of reasoning among those generated.", ge=0)
    request_count: float = field(unit="count", description="Requests.", ge=0, nullable=True)

    @pa.dataframe_check(name="part_within_whole")
    def _parts(cls, data: pa.PolarsData) -> pl.LazyFrame:
        cached = pl.col("cached_input_tokens") <= pl.col("input_tokens")
        return data.lazyframe.select(cached & (pl.col("reasoning_tokens") <= pl.col("output_tokens")))

    @pa.dataframe_check(name="some_tokens_were_used")
    def _some(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col("input_tokens") + pl.col("output_tokens") > 0)


CONTRACTS = {"observation": Contract(Utilisation), "token_usage": Contract(TokenUsage)}
