"""The contract of throughput: one row per submitted result of a system. Not here: figures per GPU, medians."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, field


class Throughput(Observation):
    """Tokens per second of a whole system serving one model, and its wall power where measured."""

    round: str = field(unit=None, description="Benchmark round, or the document.", str_length={"min_value": 1})
    submission_label: str = field(unit=None, description="Name of the result.", str_length={"min_value": 1})
    gpu_label: str = field(unit=None, description="Accelerator as stated.", str_length={"min_value": 1})
    accelerator_count: float = field(unit="count", description="Accelerators of the system.", gt=0)
    model_label: str = field(unit=None, description="Model as stated.", str_length={"min_value": 1})
    precision: str = field(unit=None, description="Number format of the weights.", str_length={"min_value": 1})
    scenario: str = field(unit=None, description="Offline, Server, Interactive, or the document's name.")
    output_tokens_per_s: float = field(unit="1/s", description="Generated tokens per second.", gt=0, nullable=True)
    input_tokens_per_s: float = field(unit="1/s", description="Prompt tokens per second.", gt=0, nullable=True)
    wall_power_w: float = field(unit="W", description="Power at the wall, whole system.", gt=0, nullable=True)

    @pa.dataframe_check(name="states_output_or_input")
    def _states_something(cls, data: pa.PolarsData) -> pl.LazyFrame:
        stated = pl.col("output_tokens_per_s").is_not_null() | pl.col("input_tokens_per_s").is_not_null()
        return data.lazyframe.select(stated)


CONTRACTS = {"observation": Contract(Throughput)}
