"""NVIDIA's Multi-Instance GPU profiles in GPU labels: "H100 MIG 1g.10gb" is a seventh of an H100, not an H100.

A profile names slices of the GPU's compute and its memory (NVIDIA MIG User Guide, "Supported MIG profiles"). An A30
and an RTX PRO 6000 have four slices, the others that can be split seven.

Not here: parts of a GPU that are no MIG profile (instances.py, or the publisher's own count).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_PROFILE = re.compile(r"[ _-]*(?:MIG)?[ _-]*\b([1-7])g\.(\d+)gb(?:\+(?:me(?:\.all)?|gfx))?\b", re.IGNORECASE)
_OF_FOUR = re.compile(r"\bA30\b|RTX[ _-]?PRO[ _-]?6000", re.IGNORECASE)
_OF_SEVEN = re.compile(r"A100|A800|H100|H200|H800|H20\b|B200|B300", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A part of a GPU: the whole GPU's label, how much of its compute, its memory in GB, the profile as spelled."""

    gpu_label: str
    share: Fraction
    gpu_memory_gb: float
    profile: str


def part_of(gpu_label: str) -> Part | None:
    """The part a label names; none where it names no profile, or one of a GPU that is not known to be split."""
    found = _PROFILE.search(gpu_label)
    if not found:
        return None
    whole = (gpu_label[: found.start()] + gpu_label[found.end() :]).strip(" _-")
    slices = 4 if _OF_FOUR.search(whole) else 7 if _OF_SEVEN.search(whole) else 0
    taken = int(found[1])
    if not 0 < taken <= slices:
        return None
    return Part(whole, Fraction(taken, slices), float(found[2]), found[0].strip(" _-"))
