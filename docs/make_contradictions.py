"""docs/built/contradictions.md, where the documents contradict themselves, from a published release.

The rows behind it are sources/claims/curated/inconsistencies.csv. Not here: the arithmetic
(`marts.inconsistency_check`), what rests on a document (docs/make_documents.py).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from docs.make_models import table
from pipelines.home.places import Home

PAGES = ("contradictions.md",)

HEAD = """# Where the documents contradict themselves

{places} places where a document's own operands do not give what it prints, or where two lines disagree. {computed} are
computed from both sides in each refresh, and {holding} of these hold. {told} are described in words. The list was made
by rackhour ([the documents](../documents/README.md)). Made of `marts.inconsistency_check` by `make docs`; the rows are
`sources/claims/curated/inconsistencies.csv`.

"""
HOLDS = {True: "yes", False: "no", None: "not computed"}


def page(connection: duckdb.DuckDBPyConnection) -> str:
    """The page of one release."""
    rows = connection.sql("from marts.inconsistency_check order by inconsistency_id").pl().to_dicts()
    computed = [row for row in rows if row["found"] == "computed"]
    head = HEAD.format(
        places=len(rows),
        computed=len(computed),
        holding=sum(bool(row["still_holds"]) for row in computed),
        told=len(rows) - len(computed),
    )
    listed = table(
        ("id", "where", "what", "holds", "arithmetic", "taken here", "caveat"),
        [
            (
                f'<a id="{row["inconsistency_id"].lower()}"></a>{row["inconsistency_id"]}',
                row["places"],
                row["title"],
                HOLDS[row["still_holds"]],
                row["arithmetic"],
                row["reading_taken"],
                row["caveat"],
            )
            for row in rows
        ],
    )
    return f"{head}{listed}\n"


def write(home: Home, folder: Path) -> None:
    """Write the page."""
    with duckdb.connect(str(home.current / "rackhour.duckdb"), read_only=True) as connection:
        (folder / PAGES[0]).write_text(page(connection), encoding="utf-8")
