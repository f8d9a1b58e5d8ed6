"""`python -m bench`: the table of bench/README.md, from real runs of the real command in fresh homes.

Every figure is wall time of a whole process, median of the runs; memory is the largest resident size of the
process. The floor is what the same machine needs to import Dagster and dbt and to build one empty dbt model.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
FLOORS = {
    "floor: python starts": ["-c", "pass"],
    "floor: import polars and duckdb": ["-c", "import polars, duckdb"],
    "floor: import pandera.polars": ["-c", "import pandera.polars"],
    "floor: import dagster": ["-c", "import dagster"],
    "floor: import dagster, dagster_dbt and dbt": ["-c", "import dagster, dagster_dbt, dbt.cli.main"],
    "floor: the graph loads": ["-c", "import pipelines.defs.definitions"],
}
QUERY = "select gpu, price_usd_per_gpu_hour from core.headline_rate where commitment = 'on_demand' limit 10"


def timed(arguments: Sequence[str], home: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one process. Raises where it fails: a failed run is no measurement."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "RACKHOUR_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    if status:
        raise SystemExit(f"{arguments}: exit {status}\n{errors.decode()[-2000:]}")
    return seconds, usage.ru_maxrss / 1024


def main() -> None:
    """Measure and print a markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="runs of each refresh; queries run twice as often")
    runs = parser.parse_args().runs
    rows: list[tuple[str, list[float], float]] = []
    with tempfile.TemporaryDirectory() as scratch:
        first = Path(scratch) / "0"
        for name, arguments in FLOORS.items():
            measured = [timed(arguments, first) for _ in range(3)]
            rows.append((name, [s for s, _ in measured], max(m for _, m in measured)))
        fresh = [timed(["-m", "pipelines.cli", "refresh"], Path(scratch) / str(n)) for n in range(runs)]
        rows.append(("rackhour refresh, fresh home", [s for s, _ in fresh], max(m for _, m in fresh)))
        again = [timed(["-m", "pipelines.cli", "refresh"], first) for _ in range(runs)]
        rows.append(("rackhour refresh, unchanged", [s for s, _ in again], max(m for _, m in again)))
        query = [timed(["-m", "pipelines.cli", "sql", QUERY], first) for _ in range(2 * runs)]
        rows.append(("rackhour sql", [s for s, _ in query], max(m for _, m in query)))
    print("| what | runs | median s | fastest | slowest | peak MB |\n|---|---|---|---|---|---|")
    for name, seconds, memory in rows:
        middle = statistics.median(seconds)
        print(f"| {name} | {len(seconds)} | {middle:.2f} | {min(seconds):.2f} | {max(seconds):.2f} | {memory:.0f} |")


if __name__ == "__main__":
    main()
