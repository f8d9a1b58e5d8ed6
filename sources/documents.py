"""The five documents of the project's initiator: the name they are signed with, and how many lines each has.

Citations name a line of a document as `000:43`, lines as `000:5-14` or `000:7,46` (docs/documents/README.md). The
documents are not in the repository; docs/documents/README.md says what each is and where to get it.

Not here: what their lines say; which figures they print (sources/claims/curated/document_claims.csv).
"""

from __future__ import annotations

import re

DOCUMENTS = "Documents 000 to 004"
"""The publisher of whatever one of the five documents states."""

OURS = "rackhour"
"""The publisher of what nobody else states: our choices, and figures measured by us."""

LINES = {"000": 340, "001": 496, "002": 25, "003": 79, "004": 338}
"""Lines of each document, which a citation must not pass."""

CITED = re.compile(r"\b(?P<document>\d{3}):(?P<lines>\d+(?:[-,]\d+)*)")
"""A citation of lines, wherever it stands in a text."""


def cited_lines(text: str) -> list[tuple[str, int]]:
    """Every document and line a text cites, first and last lines of a span alone."""
    return [
        (found["document"], int(line)) for found in CITED.finditer(text) for line in re.split("[-,]", found["lines"])
    ]
