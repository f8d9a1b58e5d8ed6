"""What rests on each document, counted in its page: `python -m docs.make_documents`.

Each page docs/documents/000.md to 004.md is written by hand but for a block of counts, which is made from the curated
rows and the catalogue of document models. It needs no release.

Not here: what a document covers (its page, by hand), the contradictions themselves (docs/make_contradictions.py),
verdicts on claims (docs/make_models.py).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from docs.make_models import table
from pipelines.documents.all_models import models
from sources.documents import DOCUMENTS, LINES, cited_lines
from sources.registry import SOURCES_DIR, all_sources

FOLDER = Path(__file__).parent / "documents"
ROWS = "../../sources/claims/curated/inconsistencies.csv"
BEGIN, END = "<!-- counted by python -m docs.make_documents -->", "<!-- end -->"


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
        + (", ".join(charges["inconsistency_id"]) + f" ([rows]({ROWS}))" if charges.height else "none")
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


def main() -> None:
    """Write the blocks."""
    for document in LINES:
        made = page(document)
        (FOLDER / f"{document}.md").write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
