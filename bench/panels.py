"""`python -m bench.panels`: two real panels loaded as a user would load them, 763,456 file rows, then one refresh.

Prints time and peak memory of each process (the real command), file rows, contract rows, and what was rejected by which
rule. The files lie in ../shared and are no part of the repository; without them it prints `skipped`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import polars as pl

from bench.__main__ import ROOT, timed
from pipelines.cli.load_report import alike
from pipelines.home.places import Home
from pipelines.landing import intake
from sources.registry import home_sources

SHARED = Path(os.environ.get("RACKHOUR_SHARED", ROOT.parent / "shared")) / "data"
MAPPINGS = Path(__file__).parent / "panels"
PANELS = {
    "token_prices": SHARED / "token_prices" / "token_price_panel.parquet",
    "gpu_rental": SHARED / "gpu_rates" / "gpu_rates_panel.parquet",
}
LIMIT_SECONDS, LIMIT_MB = 300, 6 * 1024


def main() -> None:
    """Load, refresh, print. Raises SystemExit where a limit is broken: several minutes, 6 GB."""
    if missing := [str(path) for path in PANELS.values() if not path.exists()]:
        print(f"skipped: not here: {', '.join(missing)}")
        return
    with tempfile.TemporaryDirectory() as scratch:
        home = Home(Path(scratch) / "home")
        rows = []
        for family, path in PANELS.items():
            load = ["-m", "pipelines.cli", "load", family, str(path), "--source", family.split("_")[0]]
            measured = timed([*load, "--map", str(MAPPINGS / f"{path.stem}.yml")], home.root)
            rows.append((f"rackhour load {family} {path.name}", *measured))
        rows.append(("rackhour refresh with both", *timed(["-m", "pipelines.cli", "refresh"], home.root)))
        print("| what | s | peak MB |\n|---|---|---|")
        for name, seconds, memory in rows:
            print(f"| {name} | {seconds:.1f} | {memory:.0f} |")
        for family, path in PANELS.items():
            _tell(home, family, pl.scan_parquet(path).select(pl.len()).collect().item())
    if sum(row[1] for row in rows) > LIMIT_SECONDS or max(row[2] for row in rows) > LIMIT_MB:
        raise SystemExit(f"over the limit of {LIMIT_SECONDS} s or {LIMIT_MB} MB")


def _tell(home: Home, family: str, file_rows: int) -> None:
    specs = [spec for spec in home_sources(home.sources).values() if spec.family == family]
    folders = [folder for spec in specs for folder in intake.good_payloads(spec, home)]
    accepted = pl.concat(pl.read_parquet(folder / "accepted.parquet", columns=["row_number"]) for folder in folders)
    rejected = pl.concat(pl.read_parquet(folder / "rejected.parquet") for folder in folders)
    numbers = pl.concat([accepted["row_number"], rejected["row_number"]]).n_unique()
    print(f"\n{family}: {file_rows:,} rows in the file, {numbers:,} of them accounted for, in {len(specs)} sources;")
    received = accepted.height + rejected.height
    print(f"{received:,} contract rows: {accepted.height:,} accepted, {rejected.height:,} rejected")
    counted = rejected.group_by("field", alike().alias("rule")).len().sort("len", "rule", descending=[True, False])
    print("\n| rejected | field | rule |\n|---|---|---|")
    for field, rule, count in counted.iter_rows():
        print(f"| {count:,} | {field} | {rule} |")
    if numbers != file_rows:
        raise SystemExit(f"{file_rows - numbers} rows of the file are nowhere")


if __name__ == "__main__":
    main()
