"""What rests on each document, and the page of contradictions: `python -m docs.make_documents`.

Each page docs/documents/000.md to 004.md is written by hand but for a block of counts, which is made from the curated
rows and the catalogue of document models. docs/documents/contradictions.md is made from the release in RACKHOUR_HOME
(`marts.inconsistency_check`); without a release it is left as it is.

Not here: what a document covers (its page, by hand), verdicts on claims (docs/models.md).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import polars as pl

from docs.make_models import table
from pipelines.documents.all_models import models
from pipelines.home.places import Home
from sources.documents import DOCUMENTS, LINES, cited_lines
from sources.registry import SOURCES_DIR, all_sources

FOLDER = Path(__file__).parent / "documents"
CONTRADICTIONS = FOLDER / "contradictions.md"
BEGIN, END = "<!-- counted by python -m docs.make_documents -->", "<!-- end -->"

HEAD = """# Where the documents contradict themselves

{places} places where a document's own operands do not give what it prints, or where two lines disagree: {computed} are
computed from both sides in each refresh, and {holding} of these hold; {told} are told in words. The ledger was made by
rackhour. Made from `marts.inconsistency_check` by `python -m docs.make_documents`; the rows are
`sources/claims/curated/inconsistencies.csv`.

"""


def cites(text: str | None, document: str) -> bool:
    """Whether a citation names a line of the document."""
    return any(named == document for named, _ in cited_lines(text or ""))


def read(name: str) -> pl.DataFrame:
    """One curated file, every value as text."""
    return pl.read_csv(SOURCES_DIR / name, infer_schema=False)


def assumptions() -> pl.DataFrame:
    """Every operand and choice."""
    files = sorted((SOURCES_DIR / "assumptions" / "curated").glob("*.csv"))
    return pl.concat([pl.read_csv(path, infer_schema=False) for path in files])


def block(document: str) -> str:
    """What rests on one document: claims by section, models, operands, facts, contradictions."""
    claims = read("claims/curated/document_claims.csv").filter(pl.col("document") == document)
    where = [name for name, model in models().items() if cites(model.where, document)]
    operands = assumptions().filter(pl.col("publisher") == DOCUMENTS)
    operands = operands.filter(pl.col("citation").map_elements(lambda c: cites(c, document), pl.Boolean))
    charges = read("claims/curated/inconsistencies.csv")
    charges = charges.filter(pl.col("places").map_elements(lambda c: cites(c, document), pl.Boolean))
    lines = [
        "## What rests on it",
        f"- {_many(claims.height, 'claim')} (`core.claim`): {_counted(claims['kind'])}.",
        f"- {_many(len(where), 'document model')}: "
        + ", ".join(f"[{name}](../economics.md#{name.lower()})" for name in where)
        + ".",
        f"- {_many(operands.height, 'operand')} in {operands['assumption_set'].n_unique()} sets (`core.assumption`).",
        *_facts(document),
        f"- {_many(charges.height, 'contradiction')}: "
        + (", ".join(f"[{name}](contradictions.md#{name.lower()})" for name in charges["inconsistency_id"]) or "none")
        + ".",
        "",
        table(("section", "claims", "ids"), _sections(claims)),
    ]
    return "\n".join(lines)


def _sections(claims: pl.DataFrame) -> Iterator[tuple[object, ...]]:
    for section in claims["section"].unique(maintain_order=True):
        ids = claims.filter(pl.col("section") == section)["claim_id"].sort()
        yield section, ids.len(), f"{ids[0]} to {ids[-1]}" if ids.len() > 1 else ids[0]


def _facts(document: str) -> Iterator[str]:
    """Sources of facts (rents, prices, rates, throughput) that record lines of the document."""
    for name, spec in all_sources().items():
        if spec.publisher != DOCUMENTS or spec.family in ("assumptions", "claims") or spec.offline is None:
            continue
        rows = pl.read_csv(spec.folder / spec.offline, infer_schema=False)
        count = sum(cites(citation, document) for citation in rows["citation"])
        if count:
            yield f"- {_many(count, 'fact')} of source `{name}`: {spec.title[0].lower()}{spec.title[1:]}."


def _counted(kinds: Iterable[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in Counter(kinds).most_common())


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def page(document: str) -> str:
    """The document's page with its block of counts made again."""
    text = (FOLDER / f"{document}.md").read_text(encoding="utf-8")
    made, found = re.subn(
        f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: f"{BEGIN}\n{block(document)}\n{END}", text, flags=re.S
    )
    if found != 1:
        raise SystemExit(f"docs/documents/{document}.md: expected one block between {BEGIN!r} and {END!r}.")
    return made


def contradictions(connection: duckdb.DuckDBPyConnection) -> str:
    """The page of contradictions of one release."""
    rows = connection.sql("from marts.inconsistency_check order by inconsistency_id").pl()
    computed = rows.filter(pl.col("found") == "computed")
    head = HEAD.format(
        places=rows.height,
        computed=computed.height,
        holding=computed.filter(pl.col("still_holds")).height,
        told=rows.height - computed.height,
    )
    holds = {True: "yes", False: "no", None: "not computed"}
    return (
        head
        + table(
            ("id", "where", "what", "holds", "arithmetic", "taken here", "caveat"),
            [
                (
                    f'<a id="{row["inconsistency_id"].lower()}"></a>{row["inconsistency_id"]}',
                    row["places"],
                    row["title"],
                    holds[row["still_holds"]],
                    row["arithmetic"],
                    row["reading_taken"],
                    row["caveat"],
                )
                for row in rows.iter_rows(named=True)
            ],
        )
        + "\n"
    )


def main() -> None:
    """Write the blocks, and the contradictions where a release is published."""
    for document in LINES:
        made = page(document)
        (FOLDER / f"{document}.md").write_text(made, encoding="utf-8")
    release = Home.from_environment().current / "rackhour.duckdb"
    if not release.exists():
        print(f"{CONTRADICTIONS.name} left as it is: nothing is published. Run `rackhour refresh` and this again.")
        return
    with duckdb.connect(str(release), read_only=True) as connection:
        CONTRADICTIONS.write_text(contradictions(connection), encoding="utf-8")


if __name__ == "__main__":
    main()
