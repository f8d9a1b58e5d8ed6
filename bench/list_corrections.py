"""`python -m bench.list_corrections HOME`: how many of a list's corrections price indices leave out, by others' flags.

llmledger follows LiteLLM's list commit by commit and flags changes that were corrections (`unit`, `likely`,
`reverted`). HOME holds a release with the token panel loaded (`rackhour load token_prices ... --source token --map
bench/panels/token_price_panel.yml`, then `rackhour refresh`), in which LiteLLM's list was captured some fourteen times:
most flagged changes lie between two captures and are not there to be judged. Printed, by flag, is what became of those
that are. The flags are no part of the repository; without ../shared it prints `skipped`.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from bench.__main__ import ROOT
from pipelines.panels.quotes import INPUTS, quotes

SHARED = Path(os.environ.get("RACKHOUR_SHARED", ROOT.parent / "shared")) / "data"
FLAGS = SHARED / "token_prices" / "llmledger_litellm_price_events.json.gz"
SOURCE = "token_litellm"
KINDS = {
    "input_cost_per_token": "input",
    "output_cost_per_token": "output",
    "cache_read_input_token_cost": "cached_input",
}
SAME = 0.005


def main() -> None:
    """Print a table of flags by what became of the change."""
    if not FLAGS.exists():
        print(f"skipped: not here: {FLAGS}")
        return
    with duckdb.connect(str(Path(sys.argv[1]) / "current" / "rackhour.duckdb"), read_only=True) as db:
        used, aside = _used(db), _aside(db)
    counted = Counter(
        (flag or "none", _fate(used.get(key, []), aside.get(key, []), old, new)) for key, old, new, flag in _changes()
    )
    fates = ("left out", "quarantined", "counted", "between two captures")
    print(f"| flag | {' | '.join(fates)} |\n|---|{'---|' * len(fates)}")
    for flag in sorted({flag for flag, _ in counted}):
        print(f"| {flag} | {' | '.join(str(counted[flag, fate]) for fate in fates)} |")


def _changes() -> Iterator[tuple[tuple[str, str], float, float, str]]:
    """Label and kind, price before and after in USD per million tokens, flag."""
    for model, events in json.loads(gzip.decompress(FLAGS.read_bytes()))["events"].items():
        for _, event, field, old, new, flag, *_ in events:
            if event == "price" and field in KINDS and old and new:
                yield (model, KINDS[field]), old * 1e6, new * 1e6, flag


def _used(db: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The list's quotes by label and kind, in order, with what the indices make of them."""
    core = {name: db.sql(f"select * from core.{name} order by all").pl() for name in INPUTS}
    core = {name: table.with_columns(pl.selectors.decimal().cast(pl.Float64)) for name, table in core.items()}
    rows = quotes(core).filter(pl.col("source_id") == SOURCE, pl.col("item").str.ends_with("|standard|base"))
    found = defaultdict(list)
    for row in rows.sort("quote", "valid_from").iter_rows(named=True):
        found[row["quote"].split("|", 1)[1], row["item"].split("|")[-3]].append(row)
    return found


def _aside(db: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[float]]:
    """Prices of the list that are in quarantine, by label and kind."""
    found = defaultdict(list)
    for model, kind, price in db.sql(
        f"select model_label, token_kind, price_usd_per_mtok from quarantine.doubted_token_price "
        f"where source_id = '{SOURCE}' and processing = 'standard' and tier = 'base'"
    ).fetchall():
        found[model, kind].append(price)
    return found


def _fate(used: list[dict[str, Any]], aside: list[float], old: float, new: float) -> str:
    for before, after in pairwise(used):
        if _same(before["price"], old) and _same(after["price"], new):
            apart = before["left_out"] or after["left_out"] or before["part"] != after["part"]
            return "left out" if apart else "counted"
    return "quarantined" if any(_same(p, old) or _same(p, new) for p in aside) else "between two captures"


def _same(one: float | None, other: float) -> bool:
    return bool(one) and abs(float(one or 0.0) / other - 1.0) < SAME


if __name__ == "__main__":
    main()
