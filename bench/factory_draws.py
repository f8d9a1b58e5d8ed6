"""`python -m bench.factory_draws`: ten million draws of the rack-hour factory, beside the same sum in plain numpy.

Both draw rent, throughput, inference share and realised price as triangles, compute the contribution, and take p10,
p50, p90, mean and deviation. numpy holds all draws at once and sorts nothing else; the simulation streams them and
also ranks the drivers. Each run is a process of its own, so that peak memory is its own. The ranges are synthetic.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
RANGES = {
    "rental_usd_per_gpu_hour": (2.2, 3.0, 4.0),
    "tokens_per_s_per_rack": (25_000.0, 50_000.0, 100_000.0),
    "inference_share": (0.35, 0.5, 0.65),
    "realised_price_share": (0.3, 0.5, 0.8),
}
FIXED = {"gpus": 100_000.0, "gpus_per_rack": 72.0, "mix_price_usd_per_mtok": 6.67}
FIGURE = "factory_contribution_usd"


def streamed(draws: int, drivers: bool) -> dict[str, float]:
    """The product's own simulation."""
    from pipelines.economics.simulation import operand_graph, simulate

    row: dict[str, float | None] = dict(FIXED)
    for name, (low, base, high) in RANGES.items():
        row |= {name: base, f"{name}_low": low, f"{name}_high": high}
    graph = operand_graph(row, [FIGURE])
    started = time.perf_counter()
    (made,) = simulate(graph, [FIGURE], draws=draws, seed=1, drivers=drivers)
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "mean": made.mean, "p10": made.quantiles[0.1], "p50": made.quantiles[0.5]}


def plain(draws: int) -> dict[str, float]:
    """The same sum as a person would write it."""
    started = time.perf_counter()
    random = np.random.default_rng(1)
    rent, tokens, used, realised = (random.triangular(*ends, draws) for ends in RANGES.values())
    hours = np.ceil(FIXED["gpus"] / FIXED["gpus_per_rack"]) * 8760.0
    revenue = hours * used * tokens * 0.0036 * FIXED["mix_price_usd_per_mtok"] * realised
    contribution = revenue - hours * FIXED["gpus_per_rack"] * rent
    p10, p50, _ = np.quantile(contribution, (0.1, 0.5, 0.9))
    mean, _ = contribution.mean(), contribution.std()
    return {"seconds": time.perf_counter() - started, "mean": float(mean), "p10": float(p10), "p50": float(p50)}


KINDS = {
    "rackhour, with drivers": lambda draws: streamed(draws, True),
    "rackhour, without": lambda draws: streamed(draws, False),
    "plain numpy": plain,
}


def main() -> None:
    """Measure, alternating the kinds, and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--one", choices=list(KINDS), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        import resource

        before = time.process_time()
        made = KINDS[asked.one](asked.draws)
        cpu = time.process_time() - before
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(made["seconds"], peak, cpu, made["mean"], made["p10"], made["p50"])
        return
    found: dict[str, list[list[float]]] = {kind: [] for kind in KINDS}
    for _ in range(asked.runs):
        for kind in KINDS:
            command = [sys.executable, "-m", "bench.factory_draws", "--one", kind, "--draws", str(asked.draws)]
            text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
            found[kind].append([float(part) for part in text.split()])
    floor = statistics.median(run[0] for run in found["plain numpy"])
    print(f"{asked.draws:,} draws, {asked.runs} runs each")
    print("| what | median s | fastest | slowest | times numpy | CPU s | peak MB | mean, $M | p10 | p50 |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for kind, runs in found.items():
        seconds = [run[0] for run in runs]
        middle, peak = statistics.median(seconds), max(run[1] for run in runs)
        cpu = statistics.median(run[2] for run in runs)
        mean, p10, p50 = (runs[0][n] / 1e6 for n in (3, 4, 5))
        print(
            f"| {kind} | {middle:.2f} | {min(seconds):.2f} | {max(seconds):.2f} | {middle / floor:.2f} | {cpu:.2f} "
            f"| {peak:.0f} | {mean:.1f} | {p10:.1f} | {p50:.1f} |"
        )


if __name__ == "__main__":
    main()
