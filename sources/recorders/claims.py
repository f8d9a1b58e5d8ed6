"""Records every figure the documents print (docs/documents), from the ledger of their claims: figures and short labels.

Reads `ledger/claims.csv` and, for the digits a figure is printed to, the documents in `seeds/`; writes
`claims/curated/document_claims.csv`. Not here: the ledger's own derivations and remarks, and what a figure is computed
from (`claims/curated/bindings_*.csv`, by hand).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl

from sources.recorders.printed_digits import places
from sources.recorders.runs import shared_folder, write

CURATED = Path(__file__).parents[1] / "claims" / "curated"
# 000 to 002 bear no date and speak of 2025; 003 and 004 quote prices and revenues up to February 2026.
DATED = {"000": "2025-12-31", "001": "2025-12-31", "002": "2025-12-31", "003": "2026-02-28", "004": "2026-02-28"}


def rows(shared: Path) -> pl.DataFrame:
    """One row per claim, in the order of the claim ids. Raises KeyError for a document that is not dated here."""
    ledger = pl.read_csv(shared / "ledger" / "claims.csv", infer_schema=False)
    document = pl.col("seed_file").str.slice(0, 3)
    day = document.replace_strict(DATED)
    printed = [_places(shared, row) for row in ledger.iter_rows(named=True)]
    ledger = ledger.with_columns(
        pl.Series("print_unit_low", [low for low, _, _ in printed], dtype=pl.Float64),
        pl.Series("print_unit_high", [high for _, high, _ in printed], dtype=pl.Float64),
        pl.Series("is_approximate", ["true" if about else "false" for _, _, about in printed]),
    )
    return ledger.select(
        "claim_id",
        document.alias("document"),
        pl.col("seed_line").alias("line"),
        "section",
        "subject",
        "metric",
        "value_low",
        "value_high",
        "print_unit_low",
        "print_unit_high",
        "is_approximate",
        "unit",
        pl.col("as_of").alias("stated_on"),
        "kind",
        pl.when(pl.col("also_in_001") == "yes").then(pl.lit("true")).otherwise(pl.lit("false")).alias("also_in_001"),
        day.alias("valid_from"),
        pl.lit(None, dtype=pl.String).alias("valid_to"),
        day.alias("known_from"),
        pl.lit("published").alias("known_basis"),
        day.alias("last_observed"),
        pl.lit("1").alias("observation_count"),
        pl.lit("C").alias("grade"),
        pl.format("{}:{}", document, "seed_line").alias("citation"),
        pl.lit(None, dtype=pl.String).alias("note"),
    ).sort("claim_id")


def _places(shared: Path, row: dict[str, str]) -> tuple[float | None, float | None, bool]:
    """The place of the last printed digit of both ends, where the claim's line shows it, and whether it says about."""
    line = _lines(shared / "seeds" / row["seed_file"])[int(row["seed_line"]) - 1]
    ends = [float(row[end]) for end in ("value_low", "value_high") if row[end]]
    found, about = places(line, ends, row["unit"])
    low, high = [*found, None][:2]
    return low, high, about


@cache
def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    shared = shared_folder("Record the figures the documents print.")
    write(rows(shared), CURATED / "document_claims.csv")
