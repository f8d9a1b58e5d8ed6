"""The contract of hardware facts: one row per GPU and attribute. Not here: canonical names, conflict rules."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, field

UNIT_OF = {
    **dict.fromkeys(("tdp_w", "server_w_per_gpu", "all_in_w_per_gpu"), "W"),
    **dict.fromkeys(("peak_bf16_flop_s", "peak_fp8_flop_s", "peak_fp4_flop_s"), "FLOP/s"),
    "memory_gb": "GB",
    "memory_bandwidth_gb_s": "GB/s",
    "purchase_price_usd": "USD",
    "gpus_per_server": "count",
}


class HardwareFact(Observation):
    """A figure about one GPU, in the unit its row states. Peak FLOP/s are dense, without sparsity."""

    gpu_label: str = field(unit=None, description="GPU as the source names it.", str_length={"min_value": 1})
    attribute: str = field(unit=None, description="What is stated.", isin=sorted(UNIT_OF))
    value: float = field(unit=None, description="Figure in the unit of the row.", gt=0)
    value_low: float = field(unit=None, description="Low end, where a range is stated.", gt=0, nullable=True)
    value_high: float = field(unit=None, description="High end, where a range is stated.", gt=0, nullable=True)
    unit: str = field(unit=None, description="Unit of the figure.", isin=sorted(set(UNIT_OF.values())))

    @pa.dataframe_check(name="unit_fits_attribute")
    def _unit_fits(cls, data: pa.PolarsData) -> pl.LazyFrame:
        expected = pl.col("attribute").replace_strict(UNIT_OF, default=None, return_dtype=pl.String)
        return data.lazyframe.select((pl.col("unit") == expected).fill_null(False))

    @pa.dataframe_check(name="base_within_its_range")
    def _in_range(cls, data: pa.PolarsData) -> pl.LazyFrame:
        low, high = pl.col("value_low").fill_null(pl.col("value")), pl.col("value_high").fill_null(pl.col("value"))
        return data.lazyframe.select(pl.col("value").is_between(low, high))


CONTRACTS = {"observation": Contract(HardwareFact)}
