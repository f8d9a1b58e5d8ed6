"""The contract of hardware facts: one row per GPU and attribute. Not here: canonical names, conflict rules."""

from __future__ import annotations

from sources.contract import Contract, Observation, field

ATTRIBUTES = (
    "tdp_w",
    "server_w_per_gpu",
    "all_in_w_per_gpu",
    "memory_gb",
    "memory_bandwidth_gb_s",
    "peak_bf16_flop_s",
    "peak_fp8_flop_s",
    "peak_fp4_flop_s",
    "purchase_price_usd",
)
UNITS = ("W", "GB", "GB/s", "FLOP/s", "USD")


class HardwareFact(Observation):
    """A figure about one GPU, in the unit its row states. Peak FLOP/s are dense, without sparsity."""

    gpu_label: str = field(unit=None, description="GPU as the source names it.", str_length={"min_value": 1})
    attribute: str = field(unit=None, description="What is stated.", isin=ATTRIBUTES)
    value: float = field(unit=None, description="Figure in the unit of the row.", gt=0)
    value_low: float = field(unit=None, description="Low end, where a range is stated.", gt=0, nullable=True)
    value_high: float = field(unit=None, description="High end, where a range is stated.", gt=0, nullable=True)
    unit: str = field(unit=None, description="Unit of the figure.", isin=UNITS)


CONTRACTS = {"observation": Contract(HardwareFact)}
