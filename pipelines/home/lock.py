"""One builder at a time per home. Not here: readers; they need no lock, they read a published release."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from pipelines.home.places import Home

_held: dict[str, int] = {}


class AlreadyRunning(Exception):
    """Another process builds in this home."""


@contextmanager
def held(home: Home) -> Iterator[None]:
    """Hold the home's lock. Re-entrant in one process; the kernel frees it when the process dies, however it dies.

    Raises AlreadyRunning at once, naming the process that holds it: nobody queues behind a build.
    """
    key = str(home.lock_file)
    if _held.get(key):
        _held[key] += 1
        try:
            yield
        finally:
            _held[key] -= 1
        return
    descriptor = os.open(home.lock_file, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
            raise AlreadyRunning(
                f"another refresh (process {holder}) is building in {home.root}. "
                "Wait for it to end; readers are not affected and the published release stays as it is."
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        _held[key] = 1
        try:
            yield
        finally:
            _held[key] = 0
    finally:
        os.close(descriptor)
