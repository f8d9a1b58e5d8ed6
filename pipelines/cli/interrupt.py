"""Ctrl-C while the graph runs: the process ends at once, says what stays published, and exits with 130.

Dagster turns an interrupt into a mark that it looks at between steps, and a step may take a minute. The kernel writes
each signal to a pipe as well; a thread reads it and ends the process, whatever the main thread is doing. That is safe
at any moment: a payload lands whole or not at all, a release is shown by one rename, and the home's lock dies with
the process. Not here: commands that Python itself can interrupt (command.py).
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipelines.cli.command import INTERRUPTED


@contextmanager
def ends_at_once(say: Callable[[], None]) -> Iterator[None]:
    """While the block runs, Ctrl-C calls `say` and ends the process. A process told to ignore Ctrl-C goes on."""
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    handler = signal.signal(signal.SIGINT, lambda *_: None)  # the pipe gets signals only while a handler is set
    earlier = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    threading.Thread(target=_watch, args=(reading, say), name="interrupt", daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(earlier)
        signal.signal(signal.SIGINT, handler)
        os.close(writing)


def _watch(reading: int, say: Callable[[], None]) -> None:
    """Wait for Ctrl-C, or for the end of the block, which closes the pipe."""
    while number := os.read(reading, 1):
        if number[0] == signal.SIGINT:
            try:
                say()
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(INTERRUPTED)
    os.close(reading)
