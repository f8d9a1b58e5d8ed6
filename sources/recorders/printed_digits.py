"""To which digit a document prints a figure, and whether as an approximation: 0.10 says more than 0.1, 100M more
than a 1 with eight zeros, "~50" less than 50.

A helper of recorders/claims.py; not a recorder itself. Not here: what a digit is worth in a verdict
(pipelines/documents/claims/verdict.py).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SCALES = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
# The scale of "25" in "$25-30K" stands behind the other end.
_SCALE = re.compile(r"[\s+~$–—-]*(?:[\d,.]+)?\s*(thousand|million|billion|[kKMBT](?![A-Za-z]))")


_ABOUT = re.compile(r"(?:[~≈]|\b(?:about|around|roughly|nearly|almost|approximately|on the order of))\s*[$-]?$", re.I)


@dataclass(frozen=True)
class Printed:
    """One number of a line: its value in full, the place of its last digit if that is sure, and what marks it."""

    value: float
    place: float | None
    marks: str
    about: bool


def numbers(line: str) -> list[Printed]:
    """The numbers of a line in order. A whole number without a scale has no sure place: its zeros may be rounding."""
    found = []
    for match in _NUMBER.finditer(line):
        text = match[0].rstrip(",")
        decimals = len(text.partition(".")[2])
        tail = _SCALE.match(line, match.end())
        marks = line[max(0, match.start() - 1) : match.start()] + line[match.end() : match.end() + 1]
        about = _ABOUT.search(line, 0, match.start()) is not None
        plain = float(text.replace(",", ""))
        sure = 10.0**-decimals if decimals else None
        found.append(Printed(plain, sure, marks, about))
        if tail:
            scale = SCALES[tail[1]]
            found.append(Printed(plain * scale, scale * 10.0**-decimals, marks, about))
    return found


def places(line: str, ends: Sequence[float], unit: str | None) -> tuple[list[float | None], bool]:
    """The place of the last printed digit of a claim's one or two figures, and whether it is printed as about so much.

    A place is null where the line does not show it. A figure that stands there in words ("nearly half") is approximate.
    Two figures are looked for side by side first. Of several equal numbers the one marked as the unit wants counts:
    a dollar sign before, a percent or times sign behind.
    """
    listed = numbers(line)
    if len(ends) == 2:
        for at, one in enumerate(listed):
            for other in listed[at + 1 : at + 4]:
                if _same(one.value, ends[0]) and _same(other.value, ends[1]):
                    return [one.place, other.place], one.about
    found = [_found(listed, end, unit) for end in ends]
    return [number.place if number else None for number in found], any(
        number is None or number.about for number in found
    )


def _found(listed: Sequence[Printed], value: float, unit: str | None) -> Printed | None:
    wanted = "$" if (unit or "").startswith("USD") else "%" if (unit or "").startswith("%") else "x×"
    equal = [number for number in listed if _same(number.value, value)]
    marked = [number for number in equal if any(mark in number.marks for mark in wanted)]
    return next(iter(marked or equal), None)


def _same(one: float, other: float) -> bool:
    return abs(one - abs(other)) <= 1e-9 * max(1.0, abs(other))
