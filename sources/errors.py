"""The errors a source may raise. Not here: handling them (pipelines/landing.py decides what goes on)."""

from __future__ import annotations


class RequestError(Exception):
    """What a person asks for cannot be done as asked; the text says why and what to do."""


class SourceError(Exception):
    """A source as a whole could not be read: missing file, broken archive, wrong shape, no usable row.

    `source_id` names the source, `problem` says what is wrong and `remedy` what a person can do about it.
    """

    def __init__(self, source_id: str, problem: str, remedy: str) -> None:
        self.source_id = source_id
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{source_id}: {problem} {remedy}".strip())
