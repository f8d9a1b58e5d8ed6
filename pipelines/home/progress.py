"""What a person sees while a refresh runs: one line per step, on stderr. Not here: logs, ops, the summary."""

from __future__ import annotations

import sys
import time

_started = time.monotonic()
quiet = False


def restart() -> None:
    """Count seconds from now."""
    global _started
    _started = time.monotonic()


def report(step: str, text: str) -> None:
    """Say that `step` did `text`, with the seconds since the run began. Plain lines off a terminal, dim time on one."""
    if quiet:
        return
    elapsed = f"{time.monotonic() - _started:6.1f}s"
    if sys.stderr.isatty():
        elapsed = f"\x1b[2m{elapsed}\x1b[0m"
        step = f"\x1b[1m{step:<9}\x1b[0m"
    else:
        step = f"{step:<9}"
    print(f"{elapsed}  {step} {text}", file=sys.stderr, flush=True)
