"""The contracts of throughput: one row per submitted result of a system, and one per measured point of serving.

Not here: figures per GPU, medians, which points are best at a speed.
"""

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


class ServingPoint(Observation):
    """How fast one configuration serves one model at one load: throughput against the speed each user sees."""

    configuration: str = field(unit=None, description="The publisher's number of it.", str_length={"min_value": 1})
    gpu_label: str = field(unit=None, description="GPU as stated.", str_length={"min_value": 1})
    model_label: str = field(unit=None, description="Model as stated.", str_length={"min_value": 1})
    engine: str = field(unit=None, description="Serving software.", str_length={"min_value": 1})
    precision: str = field(unit=None, description="Number format of the weights.", str_length={"min_value": 1})
    speculation: str = field(unit=None, description="How tokens are guessed ahead.", isin=("none", "mtp"))
    is_disaggregated: bool = field(unit=None, description="Whether prompts are read by GPUs of their own.")
    gpu_count: float = field(
        unit="GPU", description="GPUs of the engine; null where prompts are read apart.", gt=0, nullable=True
    )
    input_tokens: float = field(unit="token", description="Length of each prompt.", gt=0)
    output_tokens: float = field(unit="token", description="Length of each answer.", gt=0)
    concurrency: float = field(unit="count", description="Requests served at once.", gt=0)
    tokens_per_s_per_gpu: float = field(unit="1/s", description="Input and output tokens, per GPU of all.", gt=0)
    seconds_per_output_token: float = field(unit="s", description="Median time of a token after the first.", gt=0)
    joules_per_output_token: float = field(unit="J", description="Measured energy.", gt=0, nullable=True)


CONTRACTS = {"observation": Contract(Throughput), "serving_point": Contract(ServingPoint)}
