"""The contract of assumptions: one row per set, parameter and subject. Not here: what is computed from them."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, field


class Assumption(Observation):
    """A value somebody states or we choose, with its range where one is given."""

    assumption_set: str = field(unit=None, description="The set it belongs to.", str_length={"min_value": 1})
    parameter: str = field(unit=None, description="Name, ending in its unit.", str_length={"min_value": 1})
    subject: str = field(unit=None, description="What it is about; empty for everything.", nullable=True)
    value: float = field(unit=None, description="Base value in the unit of the row.")
    value_low: float = field(unit=None, description="Low end.", nullable=True)
    value_high: float = field(unit=None, description="High end.", nullable=True)
    unit: str = field(unit=None, description="Unit of the value.", str_length={"min_value": 1})
    publisher: str = field(
        unit=None, description="Who states the value; rackhour where we chose it.", str_length={"min_value": 1}
    )

    @pa.dataframe_check(name="base_within_its_range")
    def _in_range(cls, data: pa.PolarsData) -> pl.LazyFrame:
        low, high = pl.col("value_low").fill_null(pl.col("value")), pl.col("value_high").fill_null(pl.col("value"))
        return data.lazyframe.select(pl.col("value").is_between(low, high))


CONTRACTS = {"observation": Contract(Assumption)}
