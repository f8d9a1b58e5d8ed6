"""What a citation refers to, and whether a reader can open it (docs/documents/README.md#how-to-read-a-citation).

A citation resolves when it names at least one thing of the table there, and nothing in it that looks like one of them
is missing. Not here: where citations stand (test_citations_resolve.py).
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docs.build import BUILT, declared
from sources.documents import CITED, LINES
from tests.conftest import ROOT

_START = r"(?<![\w./@-])"
PATH = re.compile(_START + r"((?:docs|sources|pipelines|dbt_project|bench|tests)/[\w./-]*\w)(#[\w-]+)?")
NOTES = "economics(?:_2)?|index_numbers|platform|architecture|glossary|contract|voice|houses|publishers|shapes"
PAGE = re.compile(_START + rf"((?:{NOTES})\.md)\b(#[\w-]+)?")
"""Pages by their bare name: right beside them, wrong elsewhere."""
TABLE = re.compile(_START + r"(?:core|marts|quarantine|ops)\.([a-z_]{3,})\b")
MODEL = re.compile(r"\b(?:M\d{2}|C[1-3]|V\d{2})\b")
CHARGE = re.compile(r"\bI-\d{2}\b")
CLAIM = re.compile(r"\b\d{3}-[A-Z][A-Z0-9]*-\d{3}\b")
HOSTS = "com|org|ai|net|dev|io|gov|chat|edu|info|be|eu|de|at|sk|co|google"
ADDRESS = re.compile(rf"https?://\S+|arXiv[: ]\d{{4}}\.\d{{4,5}}|\b[\w-]+(?:\.[\w-]+)*\.(?:{HOSTS})\b|arxiv\.org")


def problems(text: str, *, must_name_something: bool, beside: Path = ROOT) -> list[str]:
    """What a reader cannot follow in a text; `beside` is the folder relative links start from."""
    named, missing = 0, []
    for found in CITED.finditer(text):
        named += 1
        missing += list(_off_the_document(found))
    for known, pattern in ((models(), MODEL), (charges(), CHARGE), (claims(), CLAIM)):
        for found in pattern.finditer(text):
            named += found[0] in known
            if found[0] not in known and pattern is not MODEL:  # M40 is a model, "M13" in a product's name is not
                missing.append(f"{found[0]} is not recorded")
    for pattern in (PATH, PAGE):
        for found in pattern.finditer(text):
            there = [root / found[1] for root in (ROOT, beside) if is_there(root / found[1])]
            named += bool(there)
            if not there:
                missing.append(f"{found[1]} is no file of the repository, and no generator of docs/build.py makes it")
            elif found[2] and there[0].suffix == ".md" and there[0].is_file() and found[2][1:] not in anchors(there[0]):
                missing.append(f"{found[1]} has no section {found[2]}")
    named += sum(name in tables() for name in TABLE.findall(text))
    named += len(ADDRESS.findall(text)) + sum(work in text for work in works())
    if must_name_something and not named:
        missing.append("names no address, document, model, page, table or known work")
    return missing


def is_there(path: Path) -> bool:
    """Whether the repository has a file or folder, or a generator of `make docs` declares it.

    What lies in docs/built by chance counts for nothing: it is not in git.
    """
    path = Path(os.path.normpath(path))
    if path.is_relative_to(BUILT):
        inside = path.relative_to(BUILT).as_posix()
        return any(page == inside or page.startswith(f"{inside}/") or inside == "." for page in declared())
    return path.exists()


def committed_pages() -> list[Path]:
    """Pages in git: those at the top, those of docs, and the one of bench."""
    found = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("docs/**/*.md.in"), *ROOT.glob("bench/*.md")]
    return sorted(page for page in found if not page.is_relative_to(BUILT))


def _off_the_document(found: re.Match[str]) -> Iterator[str]:
    document = found["document"]
    if document not in LINES:
        yield f"{found[0]}: there is no document {document}"
        return
    for span in found["lines"].split(","):
        ends = [int(line) for line in span.split("-")]
        if ends != sorted(ends) or ends[0] < 1 or ends[-1] > LINES[document]:
            yield f"{found[0]}: document {document} has lines 1 to {LINES[document]}"


@cache
def anchors(page: Path) -> frozenset[str]:
    """Sections of a page, as GitHub names them, and anchors set by hand."""
    text = page.read_text(encoding="utf-8")
    heads = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", text, flags=re.S), flags=re.M)
    made = {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}
    return frozenset(made | set(re.findall(r'<a id="([\w-]+)">', text)))


@cache
def models() -> frozenset[str]:
    """Document models that docs/economics.md has a row for."""
    return frozenset(name.upper() for name in anchors(ROOT / "docs" / "economics.md") if MODEL.fullmatch(name.upper()))


@cache
def charges() -> frozenset[str]:
    """Contradictions on record."""
    return _column("sources/claims/curated/inconsistencies.csv", "inconsistency_id")


@cache
def claims() -> frozenset[str]:
    """Claims on record."""
    return _column("sources/claims/curated/document_claims.csv", "claim_id")


@cache
def works() -> frozenset[str]:
    """Works cited by name."""
    text = (ROOT / "docs" / "documents" / "works.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")]
    return frozenset(rows[1:])


@cache
def tables() -> frozenset[str]:
    """Tables of a release: models of dbt and modules of marts by their file names."""
    made = [*(ROOT / "dbt_project" / "models").glob("**/*.sql"), *(ROOT / "pipelines").glob("**/marts/**/*.py")]
    return frozenset(path.stem for path in made)


def _column(path: str, name: str) -> frozenset[str]:
    with (ROOT / path).open(encoding="utf-8", newline="") as file:
        return frozenset(row[name] for row in csv.DictReader(file))
