"""Recorder of hardware facts: Epoch AI's table of accelerators and InferenceX's constants, one row per figure.

What is transcribed: for the GPUs this product prices, power, memory, bandwidth, dense peak FLOP/s and the price at
release. A chip's specification is public from its release day (Epoch's date); InferenceX's figures from the day of
its commit. Left out: sparse peaks, integer rates, InferenceX's cost figures (those of B300 and GB300 are placeholders,
1.2 times another GPU's; its watts are not), and boards of two chips (K80, M60: Epoch states the board, clouds sell
the chip).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from sources.recorders.runs import shared_folder, write

FOLDER = Path(__file__).parent.parent / "hardware" / "curated"
EPOCH = "epoch.ai/data/machine-learning-hardware (file of 2025-12-16)"
INFERENCEX = "github.com/SemiAnalysisAI/InferenceX-app@77ca49a67919"
INFERENCEX_DAY = dt.date(2026, 4, 3)
COST_IS_PLACEHOLDER = "its publisher marks this GPU's cost as a placeholder, not its watts"
GPUS = (
    "NVIDIA GB300 (Blackwell Ultra)", "NVIDIA B300 (Blackwell Ultra)", "NVIDIA GB200", "NVIDIA B200",
    "NVIDIA H200 SXM", "NVIDIA H100 SXM5 80GB", "NVIDIA H100 PCIe", "NVIDIA H100 NVL", "NVIDIA GH200",
    "NVIDIA A100 SXM4 80 GB", "NVIDIA A100 SXM4 40 GB", "NVIDIA L4", "NVIDIA L40", "NVIDIA A10 PCIe", "NVIDIA A10G",
    "NVIDIA A40 PCIe", "NVIDIA RTX A6000", "NVIDIA RTX A5000", "NVIDIA RTX A4000", "NVIDIA RTX 6000 Ada Generation",
    "NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 3090", "NVIDIA GeForce RTX 3090 Ti", "NVIDIA Quadro RTX 4000",
    "NVIDIA Quadro RTX 5000", "NVIDIA Quadro RTX 6000", "NVIDIA Tesla T4", "NVIDIA Tesla V100 SXM2",
    "NVIDIA Tesla V100 SXM2 32 GB", "NVIDIA P100", "NVIDIA P40",
    "AMD Instinct MI300X", "AMD Instinct MI325X", "AMD Instinct MI350X", "AMD Instinct MI355X",
)  # fmt: skip
TENSOR_UNDER_HALF = {"NVIDIA H100 NVL", "NVIDIA Tesla T4"}
"""Chips whose dense 16-bit tensor rate Epoch files in the column of plain half precision: 835.5 and 65.1 TFLOP/s are
the makers' tensor rates, far above what their other cores could do."""
NO_TENSOR = {"NVIDIA P100"}
"""Chips without tensor cores whose plain half precision is their dense 16-bit peak."""
HALF = "FP16 (half precision) performance (FLOP/s)"
EPOCH_COLUMNS = {
    "TDP (W)": ("tdp_w", "W", 1.0),
    "Memory (bytes)": ("memory_gb", "GB", 1e-9),
    "Memory bandwidth (byte/s)": ("memory_bandwidth_gb_s", "GB/s", 1e-9),
    "Tensor-FP16/BF16 performance (FLOP/s)": ("peak_bf16_flop_s", "FLOP/s", 1.0),
    "FP8 performance (FLOP/s)": ("peak_fp8_flop_s", "FLOP/s", 1.0),
    "FP4 performance (FLOP/s)": ("peak_fp4_flop_s", "FLOP/s", 1.0),
}
SPEC_COLUMNS = {
    "memory_gb": ("memory_gb", "GB", 1.0),
    "mem_bw_tb_s": ("memory_bandwidth_gb_s", "GB/s", 1e3),
    "scale_up_world_size": ("gpus_per_server", "count", 1.0),
    "bf16_dense_tflops": ("peak_bf16_flop_s", "FLOP/s", 1e12),
    "fp8_dense_tflops": ("peak_fp8_flop_s", "FLOP/s", 1e12),
    "fp4_dense_tflops": ("peak_fp4_flop_s", "FLOP/s", 1e12),
}


def fact(gpu: str, attribute: str, value: float, unit: str, day: dt.date, **more: Any) -> dict[str, Any]:
    """One row of the contract."""
    return {
        "gpu_label": gpu, "attribute": attribute, "value": value, "value_low": None, "value_high": None, "unit": unit,
        "valid_from": day, "valid_to": None, "known_from": day, "known_basis": "published", "last_observed": day,
        "observation_count": 1, "grade": "B", "citation": "", "note": None, **more,
    }  # fmt: skip


def epoch(shared: Path) -> Iterator[dict[str, Any]]:
    """Epoch's figures of the GPUs listed above."""
    table = pl.read_csv(shared / "data" / "hardware" / "epoch_ml_hardware_2025-12-16.csv", infer_schema=False)
    for row in table.filter(pl.col("Hardware name").is_in(GPUS)).iter_rows(named=True):
        released = dt.date.fromisoformat(row["Release date"])
        for column, (attribute, unit, scale) in EPOCH_COLUMNS.items():
            if row[column]:
                value = round(float(row[column]) * scale, 6)
                yield fact(row["Hardware name"], attribute, value, unit, released, citation=EPOCH)
        if row["Hardware name"] in TENSOR_UNDER_HALF:
            note = "Epoch lists it as half precision; it is the dense tensor rate"
            peak = float(row[HALF])
            yield fact(row["Hardware name"], "peak_bf16_flop_s", peak, "FLOP/s", released, citation=EPOCH, note=note)
        if row["Hardware name"] in NO_TENSOR:
            note = "half precision without tensor cores, which the chip lacks"
            peak = float(row[HALF])
            yield fact(row["Hardware name"], "peak_bf16_flop_s", peak, "FLOP/s", released, citation=EPOCH, note=note)
        if row["Release price (USD)"]:
            price = float(row["Release price (USD)"])
            # Grade C: mostly press and shops, and a price at release only stands until somebody states a later one.
            more = {"citation": f"{EPOCH}, release price", "grade": "C", "note": "price at release"}
            yield fact(row["Hardware name"], "purchase_price_usd", price, "USD", released, **more)


def inferencex(shared: Path) -> Iterator[dict[str, Any]]:
    """All-in provisioned watts and specifications, as the dashboard's constants state them."""
    power = pl.read_csv(shared / "data" / "hardware" / "inferencex_gpu_power_tco.csv")
    specs = pl.read_csv(shared / "data" / "hardware" / "inferencex_gpu_specs.csv")
    seen = {"known_basis": "first_seen", "citation": f"{INFERENCEX} constants.ts"}
    for row in power.iter_rows(named=True):
        watts = round(row["all_in_kw_per_gpu"] * 1000, 6)
        # The flag is about cost alone: it is kept on the row because these watts equal those of the GPU before.
        note = COST_IS_PLACEHOLDER if row["is_placeholder_1_2x"] else None
        yield fact(row["gpu"], "all_in_w_per_gpu", watts, "W", INFERENCEX_DAY, **seen, note=note)
    for row in specs.iter_rows(named=True):
        for column, (attribute, unit, scale) in SPEC_COLUMNS.items():
            if row[column] is not None:
                seen["citation"] = f"{INFERENCEX} gpu-specs.ts"
                yield fact(row["gpu"], attribute, round(row[column] * scale, 6), unit, INFERENCEX_DAY, **seen)


def main() -> None:
    """Write both files."""
    shared = shared_folder(__doc__ or "")
    for name, rows in (("epoch_hardware", epoch(shared)), ("inferencex_hardware", inferencex(shared))):
        frame = pl.DataFrame(list(rows), infer_schema_length=None).sort("gpu_label", "attribute")
        write(frame, FOLDER / f"{name}.csv")


if __name__ == "__main__":
    main()
