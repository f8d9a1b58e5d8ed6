"""A real terminal for a real process: a pseudo-terminal of a given width, what it showed, keys typed into it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.conftest import ROOT

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CTRL_C = b"\x03"


class Terminal:
    """One process on a terminal of its own; `shown` is all that it has written there."""

    def __init__(self, arguments: tuple[str, ...], home: Path, width: int, env: Mapping[str, str]) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        unset = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE")
        inherited = {name: value for name, value in os.environ.items() if name not in unset}
        environment = {**inherited, "TERM": "xterm-256color", "RACKHOUR_HOME": str(home), **env}

        def own_terminal() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.cli", *arguments],
            stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=environment, preexec_fn=own_terminal,
        )  # fmt: skip
        os.close(slave)
        self.shown = ""

    def read(self, seconds: float) -> None:
        """Take what comes within so many seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._master], [], [], min(left, 0.2))[0]:
                continue
            try:
                got = os.read(self._master, 65536)
            except OSError:  # Linux tells the end of the process so
                return
            if not got:
                return
            self.shown += got.decode(errors="replace")

    def read_until(self, text: str, seconds: float) -> None:
        """Take what comes until the text has been shown."""
        end = time.monotonic() + seconds
        while text not in self.text and time.monotonic() < end:
            self.read(0.3)
        assert text in self.text, self.shown[-2000:]

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def wait(self, seconds: float) -> int:
        """The exit code, when all that was shown is taken."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < end, self.shown[-2000:]
            self.read(0.2)
        self.read(0.5)
        return self.process.returncode

    @property
    def text(self) -> str:
        """What was shown, without colours and movements."""
        return ESCAPES.sub("", self.shown).replace("\r\n", "\n")

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)


@contextlib.contextmanager
def on_terminal(
    *arguments: str, home: Path, width: int = 100, env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """The command on a terminal of so many columns."""
    terminal = Terminal(arguments, home, width, env or {})
    try:
        yield terminal
    finally:
        terminal.close()


def shown(*arguments: str, home: Path, width: int = 100, env: Mapping[str, str] | None = None) -> Terminal:
    """The command run to its end on a terminal."""
    with on_terminal(*arguments, home=home, width=width, env=env) as terminal:
        terminal.wait(120)
    return terminal
