"""What a person sees while a refresh runs: one line per step, on standard error.

Steps say what they begin and what they have done; a terminal shows both (pipelines/cli/watching.py), a pipe or a log
gets the lines alone. Not here: logs, ops, the summary.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

Show = Callable[[str, str, float], None]

_started = time.monotonic()
_said = _started
_doing = ("", "")
quiet = False


def restart() -> None:
    """Count seconds from now."""
    global _started, _said, _doing
    _started = _said = time.monotonic()
    _doing = ("", "")


def begin(step: str, text: str) -> None:
    """Say what `step` is doing from now on, such as "building tables"; shown while nothing else is said."""
    global _doing
    _doing = (step, text)


def report(step: str, text: str) -> None:
    """Say that `step` did `text`, with the seconds since the run began."""
    global _said, _doing
    if quiet:
        return
    _said = time.monotonic()
    _doing = ("", "")
    show(step, text, _said - _started)


def plain_line(step: str, text: str, seconds: float) -> None:
    """A line for a pipe or a log."""
    print(f"{seconds:6.1f}s  {step:<9} {text}", file=sys.stderr, flush=True)


show: Show = plain_line


def doing() -> tuple[str, str]:
    """The step that has begun and what it is doing; empty between steps."""
    return _doing


def silent_seconds() -> float:
    """Seconds since the last line."""
    return time.monotonic() - _said
