"""A payload: the bytes a publisher sent, with where they came from.

Not here: storing payloads (pipelines/landing/intake.py) or reading them (each publisher's `parse`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Payload:
    """Bytes as they came, and what is known about them.

    `origin` is an address or a path relative to the package, never an absolute path of a machine.
    `observed_on` is the ISO date that the payload itself vouches for (a release date, a capture date);
    null where only our own loading is dated. `metadata` holds headers and versions worth keeping; secrets
    never belong in it.
    """

    source_id: str
    origin: str
    content: bytes
    media_type: str
    observed_on: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the bytes: the payload's address in landing."""
        return hashlib.sha256(self.content).hexdigest()
