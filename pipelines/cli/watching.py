"""The refresh as it is watched: a spinner with the time on a terminal; in a pipe a line when a step takes long.

Not here: what the steps say (pipelines/home/progress.py), Ctrl-C (interrupt.py).
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from pipelines.home import progress

if TYPE_CHECKING:
    from rich.console import Console

LONGEST_SILENCE_SECONDS = 10.0
LOOKS_PER_SECOND = 4


def steps_shown() -> AbstractContextManager[Callable[[], None]]:
    """Show progress while the block runs. Gives what clears the terminal at once, for whoever must end the process."""
    return _spinner() if sys.stderr.isatty() else _lines()


def spinner(text: str) -> AbstractContextManager[object]:
    """A spinner beside a text while the block runs; nothing in a pipe."""
    if not (sys.stderr.isatty() and sys.stdout.isatty()):
        return nullcontext()
    return _console().status(text, spinner_style=_style("cyan"))


@contextmanager
def _spinner() -> Iterator[Callable[[], None]]:
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.text import Text

    console = _console()
    columns = (
        SpinnerColumn(style=_style("cyan")),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    shown = Progress(*columns, console=console, transient=True, refresh_per_second=LOOKS_PER_SECOND)
    task = shown.add_task("starting", total=None)

    def line(step: str, text: str, seconds: float) -> None:
        told = Text.assemble((f"{seconds:6.1f}s  ", _style("dim")), (f"{step:<9} ", _style("bold")), text)
        shown.console.print(told)

    before, progress.show = progress.show, line
    try:
        with shown, _looking(lambda: shown.update(task, description=_now()), 1 / LOOKS_PER_SECOND):
            yield shown.stop
    finally:
        progress.show = before


@contextmanager
def _lines() -> Iterator[Callable[[], None]]:
    def look() -> None:
        step, text = progress.doing()
        if progress.silent_seconds() >= LONGEST_SILENCE_SECONDS:
            progress.report(step or "refresh", f"still {text or 'running'}")
            progress.begin(step, text)

    with _looking(look, 1.0):
        yield lambda: None


@contextmanager
def _looking(look: Callable[[], None], every_seconds: float) -> Iterator[None]:
    """Call `look` again and again from a thread of its own until the block ends."""
    over = threading.Event()

    def loop() -> None:
        while not over.wait(every_seconds):
            look()

    thread = threading.Thread(target=loop, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _now() -> str:
    step, text = progress.doing()
    return f"{step}: {text}" if step else "working"


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def _style(name: str) -> str:
    from pipelines.cli.terminal_table import style

    return style(name)
