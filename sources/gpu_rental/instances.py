"""Which GPUs, or other accelerators, an instance type of Azure or Amazon holds: from instances.csv beside this file.

Both publish prices without saying which GPU an instance has, or count a part of one as none. The table is
transcribed from their documentation, one pattern with its page a row: label, count (1/6 where the instance has a part
of a GPU), memory of what it has. Sizes whose page does not say what part of a GPU they hold are not in it (Azure's
NC A10 v4 and the small RTX PRO 6000 sizes): an instance type nobody wrote down is never guessed from its name.

Not here: canonical names and forms (staging's crosswalk), prices.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "instances.csv"


@dataclass(frozen=True)
class Gpus:
    """The GPUs of one instance: label as its maker's page spells it, count (below 1: a part), memory in GB.

    `gpu_memory_gb` is that of one GPU, or of the part the instance has; null where the page does not state it.
    """

    gpu_label: str
    gpu_count: Fraction
    gpu_memory_gb: float | None
    citation: str


def gpus_of(cloud: str, instance_type: str) -> Gpus | None:
    """The GPUs of an instance type (cloud: aws or azure); none where the table does not know it."""
    return next((gpus for pattern, gpus in _table(cloud) if pattern.fullmatch(instance_type)), None)


@cache
def _table(cloud: str) -> tuple[tuple[re.Pattern[str], Gpus], ...]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (re.compile(row["instance_pattern"]), _gpus(row)) for row in csv.DictReader(file) if row["cloud"] == cloud
        )


def _gpus(row: dict[str, str]) -> Gpus:
    memory = row["gpu_memory_gb"]
    return Gpus(row["gpu_label"], Fraction(row["gpu_count"]), float(memory) if memory else None, row["citation"])
