"""`python -m bench.index_numbers`: GEKS-Tornqvist over a rolling window of 25 months, mean splice, on synthetic churn.

Four ways over the same panel, alternating, each run a process of its own so that peak memory is its own:

- the library, as `rackhour index` and the marts call it;
- the command as a whole process, from a CSV of the panel to a CSV of the levels;
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

    request = Request("geks", geks_base="tornqvist", window=WINDOW, splice="mean")
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
COMMAND = "rackhour index, from CSV to CSV"


def one(kind: str, panel: str, target: str) -> None:
    """One run in this process: seconds, CPU seconds, peak and what it was before; the levels go to a file."""
    with np.load(panel) as stored:
        price, quantity = stored["price"], stored["quantity"]
    if kind == "rackhour":
        import pipelines.economics.index_numbers.series  # noqa: F401  (imports are no part of the run)
    elif kind == "PriceIndexCalc":
        import PriceIndexCalc.pandas_modules.multilateral  # noqa: F401
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started, cpu = time.perf_counter(), time.process_time()
    level = KINDS[kind](price, quantity)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
    np.save(target, level)
    print(seconds, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, before)


def run(kind: str, panel: Path, python: str) -> tuple[list[float], np.ndarray]:
    """One run in a process of its own."""
    target = panel.with_name("level.npy")
    command = [python, "-m", "bench.index_numbers", "--one", kind, "--panel", str(panel), "--target", str(target)]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout
    return [float(part) for part in told.split()], np.load(target)


def run_command(rows: Path) -> tuple[list[float], np.ndarray]:
    """The whole process of the command, imports and reading included."""
    command = [sys.executable, "-m", "pipelines.cli", "index", str(rows), "--method", "geks", "--window", str(WINDOW)]
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, env=ENVIRONMENT)
    assert process.stdout is not None
    printed = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command}: exit {status}")
    figures = [time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, 0.0]
    return figures, np.array([float(line.split(",")[1]) for line in printed.splitlines()[1:]])


ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}


def as_csv(price: np.ndarray, quantity: np.ndarray, path: Path) -> None:
    """A row per priced item and month, in no order of time or item."""
    item, month = np.nonzero(~np.isnan(price))
    order = np.random.default_rng(1).permutation(item.size)
    with path.open("w", encoding="utf-8") as file:
        file.write("item,period,price,quantity\n")
        for i, t in zip(item[order], month[order], strict=True):
            file.write(f"item{i},{2020 + t // 12}-{t % 12 + 1:02d},{float(price[i, t])},{float(quantity[i, t])}\n")


def measure(items: int, periods: int, runs: int, pic: str | None, folder: Path) -> None:
    """A markdown table, the kinds alternating; PriceIndexCalc runs once."""
    price, quantity = synthetic(items, periods)
    panel, rows = folder / "panel.npz", folder / "rows.csv"
    np.savez(panel, price=price, quantity=quantity)
    as_csv(price, quantity, rows)
    found: dict[str, list[list[float]]] = {}
    levels: dict[str, np.ndarray] = {}
    for turn in range(runs):
        for kind in KINDS:
            python = pic if kind == "PriceIndexCalc" else sys.executable
            if python and (kind != "PriceIndexCalc" or turn == 0):
                figures, levels[kind] = run(kind, panel, python)
                found.setdefault(kind, []).append(figures)
        figures, levels[COMMAND] = run_command(rows)
        found.setdefault(COMMAND, []).append(figures)
    ours = statistics.median(figures[0] for figures in found["rackhour"])
    priced = int((~np.isnan(price)).sum())
    print(f"{items:,} items x {periods} months (synthetic, {priced:,} prices), one thread")
    print("| what | runs | median s | fastest | slowest | times rackhour | CPU s | peak MB | by the run | deviation |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for kind, figures in found.items():
        seconds = [one[0] for one in figures]
        middle, peak = statistics.median(seconds), max(one[2] for one in figures)
        cpu, above = statistics.median(one[1] for one in figures), max(one[2] - one[3] for one in figures)
        deviation = np.abs(levels[kind] / levels["rackhour"] - 1).max()
        print(
            f"| {kind} | {len(figures)} | {middle:.3f} | {min(seconds):.3f} | {max(seconds):.3f} | {middle / ours:.1f} "
            f"| {cpu:.3f} | {peak:.0f} | {above:.0f} | {deviation:.0e} |"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--periods", type=int, default=60)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--pic", metavar="PYTHON", help="an interpreter that has PriceIndexCalc (and statsmodels)")
    parser.add_argument("--one", choices=list(KINDS), help=argparse.SUPPRESS)
    parser.add_argument("--panel", help=argparse.SUPPRESS)
    parser.add_argument("--target", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        one(asked.one, asked.panel, asked.target)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(asked.items, asked.periods, asked.runs, asked.pic, Path(folder))


if __name__ == "__main__":
    main()
