"""`python -m bench.index_numbers`: GEKS-Tornqvist over a rolling window of 25 months, mean splice, on synthetic churn.

Three ways over the same panel, alternating, each run a process of its own so that peak memory is its own:

- the library, as `rackhour index` and the marts call it;
- a numpy loop over pairs of periods, vectorised over items, which computes each pair once and keeps it for all windows;
- PriceIndexCalc, where `--pic PYTHON` names an interpreter that has it. It knows windows but no splices: its GEKS is
  called window by window and spliced as the loop's is.

The panel is invented: items enter and leave, a twentieth of their months is missing, quantities answer to prices.
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
WINDOW = 25


def synthetic(items: int, periods: int, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Prices and quantities, items by periods, NaN where an item is not sold; invented."""
    random = np.random.default_rng(seed)
    first = random.integers(-periods // 2, periods - 1, items)
    last = first + random.integers(6, periods * 3 // 2, items)
    month = np.arange(periods)
    sold = (month >= first[:, None]) & (month <= last[:, None]) & (random.random((items, periods)) > 0.05)
    steps = random.normal(-0.004, 0.03, (items, periods)).cumsum(axis=1)
    sale = np.where(random.random((items, periods)) < 0.08, -0.3, 0.0)
    price = np.exp(random.normal(1.0, 1.0, (items, 1)) + steps + sale)
    quantity = np.exp(random.normal(4.0, 1.2, (items, 1)) - 2.0 * (steps + sale) + random.normal(0, 0.2, price.shape))
    return np.where(sold, price, np.nan), np.where(sold, quantity, np.nan)


def library(price: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    """The product."""
    from pipelines.economics.index_numbers.panel import Panel
    from pipelines.economics.index_numbers.series import Request, compute_index

    request = Request(method="geks", base="tornqvist", window=WINDOW, splice="mean")
    return np.asarray(compute_index(Panel.of(price, quantity=quantity), request).level)


def link(price: np.ndarray, quantity: np.ndarray, s: int, t: int) -> float:
    """Log Tornqvist between two periods over the items of both."""
    both = ~np.isnan(price[:, s]) & ~np.isnan(price[:, t])
    early, late = price[both, s], price[both, t]
    value, later = early * quantity[both, s], late * quantity[both, t]
    weight = (value / value.sum() + later / later.sum()) / 2
    return float((weight * np.log(late / early)).sum())


def loop(price: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    """As a person would write it with numpy."""
    periods = price.shape[1]
    links = np.zeros((periods, periods))
    for s in range(periods):
        for t in range(s + 1, min(s + WINDOW, periods)):
            links[s, t] = link(price, quantity, s, t)
            links[t, s] = -links[s, t]
    ends = range(WINDOW - 1, periods)
    return spliced([links[e - WINDOW + 1 : e + 1, e - WINDOW + 1 : e + 1].mean(axis=0) for e in ends])


def spliced(windows: list[np.ndarray]) -> np.ndarray:
    """Mean splice, recalculated, of the log levels of successive windows."""
    level = list(windows[0] - windows[0][0])
    for before, here in itertools.pairwise(windows):
        # A movement from s to the end, over the movement from s to the end before, for every s both windows hold.
        steps = (here[-1] - here[:-1]) - (before[-1] - before[1:])
        level.append(level[-1] + steps.mean())
    return np.exp(level)


def price_index_calc(price: np.ndarray, quantity: np.ndarray) -> np.ndarray:
    """PriceIndexCalc's own GEKS, window by window. Runs in an interpreter that has it."""
    import pandas as pd
    from PriceIndexCalc.pandas_modules.multilateral import geks

    item, month = np.nonzero(~np.isnan(price.T))[::-1]
    rows = pd.DataFrame(
        {"month": month, "id": item, "price": price[item, month], "quantity": quantity[item, month]}
    ).sort_values(["month", "id"])
    windows = []
    for end in range(WINDOW - 1, price.shape[1]):
        window = rows[(rows["month"] > end - WINDOW) & (rows["month"] <= end)]
        windows.append(np.log(geks(window, bilateral_method="tornqvist").to_numpy()))
    return spliced(windows)


KINDS = {"rackhour": library, "numpy, a loop over pairs": loop, "PriceIndexCalc": price_index_calc}


def one(kind: str, items: int, periods: int, target: str) -> None:
    """One run in this process: seconds, peak and the floor of the libraries, and the levels to a file."""
    price, quantity = synthetic(items, periods)
    if kind == "rackhour":
        import pipelines.economics.index_numbers.series  # noqa: F401  (imports are no part of the run)
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, cpu = time.perf_counter(), time.process_time()
    level = KINDS[kind](price, quantity)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    np.save(target, level)
    print(seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, floor)


def run(kind: str, items: int, periods: int, python: str) -> tuple[list[float], np.ndarray]:
    """One run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "level.npy")
        command = [python, "-m", "bench.index_numbers", "--one", kind, "--target", target]
        command += ["--items", str(items), "--periods", str(periods)]
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=environment).stdout
        return [float(part) for part in told.split()], np.load(target)


def measure(items: int, periods: int, pythons: dict[str, str], runs: int) -> None:
    """A markdown table of one size, the kinds alternating."""
    found: dict[str, list[list[float]]] = {kind: [] for kind in pythons}
    levels: dict[str, np.ndarray] = {}
    for _ in range(runs):
        for kind, python in pythons.items():
            figures, levels[kind] = run(kind, items, periods, python)
            found[kind].append(figures)
    price, _ = synthetic(items, periods)
    priced = int((~np.isnan(price)).sum())
    ours = statistics.median(figures[0] for figures in found["rackhour"])
    print(f"\n{items:,} items x {periods} months (synthetic, {priced:,} prices), {runs} runs each, one thread")
    print("| what | median s | fastest | slowest | times rackhour | CPU s | peak MB | above its start MB | deviation |")
    print("|---|---|---|---|---|---|---|---|---|")
    for kind, figures in found.items():
        seconds = [one[0] for one in figures]
        middle, peak = statistics.median(seconds), max(one[2] for one in figures)
        cpu, above = statistics.median(one[1] for one in figures), max(one[2] - one[3] for one in figures)
        deviation = np.abs(levels[kind] / levels["rackhour"] - 1).max()
        print(
            f"| {kind} | {middle:.3f} | {min(seconds):.3f} | {max(seconds):.3f} | {middle / ours:.1f} | {cpu:.3f} "
            f"| {peak:.0f} | {above:.0f} | {deviation:.0e} |"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--periods", type=int, default=60)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--pic", metavar="PYTHON", help="an interpreter that has PriceIndexCalc; on a tenth of the items"
    )
    parser.add_argument("--one", choices=list(KINDS), help=argparse.SUPPRESS)
    parser.add_argument("--target", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one, asked.items, asked.periods, asked.target)
        return
    own = {"rackhour": sys.executable, "numpy, a loop over pairs": sys.executable}
    measure(asked.items, asked.periods, own, asked.runs)
    if asked.pic:
        measure(asked.items // 10, asked.periods, {**own, "PriceIndexCalc": asked.pic}, max(1, asked.runs // 2))


if __name__ == "__main__":
    main()
