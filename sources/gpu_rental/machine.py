"""What GPUs a machine in a collector's list holds: what instances.csv knows of it, else what the list says.

Collectors have counted a third of an A10 as one GPU and 12 for 8 H100. The table goes first wherever it knows the
machine; then a MIG profile in the GPU's name says what part of one it is; then the list is believed.

Not here: the table (instances.py), the profiles (mig.py), canonical names.
"""

from __future__ import annotations

from dataclasses import dataclass

from sources.gpu_rental import instances, list_rows, mig

COUNT_TOLERANCE = 0.01  # lists write a third as 0.333


@dataclass(frozen=True)
class Machine:
    """Label, count and memory of the GPUs as contract rows bear them; `note` tells what the list does not say so."""

    gpu_label: str
    gpu_count: float | str
    gpu_memory_gb: float | str | None
    note: str | None = None


def held(cloud: str, instance_type: str, gpu_label: str, count: str, memory: float | str | None) -> Machine:
    """The GPUs of a machine of which a list states label, count and memory (of one GPU, null where it does not)."""
    stated = list_rows.finite(count)
    if gpus := instances.gpus_of(cloud, instance_type):
        differs = abs(stated - float(gpus.gpu_count)) > COUNT_TOLERANCE
        note = f"the list counts {count or 'no'} GPUs, {gpus.citation} {gpus.gpu_count}" if differs else None
        known = gpus.gpu_memory_gb if differs else memory or gpus.gpu_memory_gb
        return Machine(gpus.gpu_label, float(gpus.gpu_count), known, note)
    if part := mig.part_of(gpu_label):
        share = stated * float(part.share)
        return Machine(part.gpu_label, share, part.gpu_memory_gb, f"MIG profile {part.profile}")
    return Machine(gpu_label, count, memory)
