"""Answers remembered with their ETag or Last-Modified, so that an unchanged one need not be sent again.

Not here: asking (sources/client.py), payloads that count (pipelines/landing/intake.py). What lies here may be deleted
at any time: the next answer is then sent whole.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """A remembered answer: what to ask with, its headers, and where its body lies."""

    validators: dict[str, str]
    headers: dict[str, str]
    path: Path

    def body(self) -> bytes:
        """The bytes as they were received."""
        return gzip.decompress(self.path.read_bytes())


class Remembered:
    """A folder of answers by address. An address must hold no secret."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def known(self, address: str) -> Answer | None:
        """The last answer from an address, whole, or None."""
        note, body = self._paths(address)
        try:
            stated = json.loads(note.read_text(encoding="utf-8"))
            content = gzip.decompress(body.read_bytes())
        except (OSError, ValueError, EOFError):
            return None
        if hashlib.sha256(content).hexdigest() != stated["sha256"]:
            return None
        return Answer(stated["validators"], stated["headers"], body)

    def keep(self, address: str, headers: dict[str, str], content: bytes) -> None:
        """Remember an answer that names an ETag or a Last-Modified; forget the address where it names neither."""
        note, body = self._paths(address)
        validators = {
            asked: headers[stated]
            for stated, asked in (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
            if stated in headers
        }
        if not validators:
            note.unlink(missing_ok=True)
            body.unlink(missing_ok=True)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        document = {
            "address": address,
            "validators": validators,
            "headers": headers,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        # The note goes last and names the body's hash: a kill between the two leaves an answer that is not believed.
        for path, data in ((body, gzip.compress(content, 6, mtime=0)), (note, json.dumps(document).encode())):
            draft = path.with_name(path.name + ".tmp")
            draft.write_bytes(data)
            draft.replace(path)

    def _paths(self, address: str) -> tuple[Path, Path]:
        name = hashlib.sha256(address.encode()).hexdigest()[:24]
        return self.folder / f"{name}.json", self.folder / f"{name}.gz"
