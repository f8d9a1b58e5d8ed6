"""The words by which this rackhour is called from where the person is, so that a printed command can be pasted.

Not here: which commands are printed (summary.py).
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

NAME = "rackhour"


def called() -> str:
    """`rackhour` where the shell finds this one by that name, else its path; with RACKHOUR_HOME where that is set."""
    home = os.environ.get("RACKHOUR_HOME")
    words = [_program()]
    if home:
        words.insert(0, f"RACKHOUR_HOME={shlex.quote(home)}")
    return " ".join(words)


def _program() -> str:
    script = _script()
    if script is None:
        return f"{shlex.quote(sys.executable)} -m pipelines.cli"
    on_path = shutil.which(NAME)
    if on_path and Path(on_path).resolve() == script.resolve():
        return NAME
    try:
        return shlex.quote(str(script.relative_to(Path.cwd())))
    except ValueError:
        return shlex.quote(str(script))


def _script() -> Path | None:
    """The script that was started; of `python -m pipelines.cli` the one that was installed beside that Python."""
    started = Path(sys.argv[0])
    if started.name == NAME and started.exists():
        return started.absolute()
    beside = Path(sys.executable).absolute().with_name(NAME)
    return beside if beside.exists() else None
