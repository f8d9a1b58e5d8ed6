"""Places in documents: "000:7,46,195-201; 001:54" as document and line. Not here: what stands there."""

from __future__ import annotations

import re

import polars as pl

_PLACE = re.compile(r"(\d{3}):([\d,-]+)")


def lines(places: str) -> list[tuple[str, int]]:
    """Every document and line a text of places names."""
    found = []
    for document, spans in _PLACE.findall(places):
        for span in spans.strip(",-").split(","):
            first, _, last = span.partition("-")
            found += [(document, line) for line in range(int(first), int(last or first) + 1)]
    return found


def caveats(inconsistencies: pl.DataFrame) -> pl.DataFrame:
    """One row per document and line: the ids of the inconsistencies that name it, joined."""
    rows = [
        (document, line, row["inconsistency_id"])
        for row in inconsistencies.iter_rows(named=True)
        for document, line in lines(row["places"])
    ]
    named = pl.DataFrame(rows, schema={"document": pl.String, "line": pl.Int64, "caveat": pl.String}, orient="row")
    return (
        named.unique()
        .sort("document", "line", "caveat")
        .group_by("document", "line", maintain_order=True)
        .agg(pl.col("caveat").str.join(", "))
    )
