"""The errors a source may raise. Not here: handling them (pipelines/landing/intake.py decides what goes on)."""

from __future__ import annotations

LONGEST = 800


class RequestError(Exception):
    """What a person asks for cannot be done as asked; the text says why and what to do."""


class SourceError(Exception):
    """A source as a whole could not be read: missing file, broken archive, wrong shape, no usable row.

    `source_id` names the source, `problem` says what is wrong and `remedy` what a person can do about it. A problem
    may quote what a publisher sent: it is cut to a length a person reads, on one line, without what a terminal obeys.
    """

    def __init__(self, source_id: str, problem: str, remedy: str) -> None:
        self.source_id = source_id
        self.problem = _quotable(problem)
        self.remedy = remedy
        super().__init__(f"{source_id}: {self.problem} {remedy}".strip())


def _quotable(text: str) -> str:
    """One printable line."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text[: 2 * LONGEST])
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST and len(text) <= 2 * LONGEST else f"{plain[: LONGEST - 4]} ..."
