"""docs/built/index_command.md, how to use `rackhour index`: the template docs/index_command.md.in with real output.

A fence named `run` holds a command. The page shows it with what it printed: `keep=N` leaves out the middle of longer
output, `fails` says that the command must fail. The user's own table is Turvey's fruit as
tests/golden/index_turvey.json holds it; panels come from the published release.

Not here: any text, any figure.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pipelines.home import progress
from pipelines.home.places import Home

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "docs" / "index_command.md.in"
PAGES = ("index_command.md",)

RUN = re.compile(r"^```run(?P<options>[^\n]*)\n(?P<command>.+?)\n```$", re.DOTALL | re.MULTILINE)
BAD = "item,period,price\na,2024-01,2.5\na,2024-02,0\nb,2024-01,4\n"


def printed(command: str, options: str, home: Home, folder: Path) -> str:
    """A block with the command and what it printed, run in a folder on the release of a home.

    Raises SystemExit where the command fails, or does not although it should: the page would say what is not so.
    """
    progress.begin("index", command.splitlines()[0])
    binaries = folder / "bin"
    binaries.mkdir(exist_ok=True)
    program = binaries / "rackhour"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m pipelines.cli "$@"\n')
    program.chmod(0o755)
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "RACKHOUR_HOME": str(home.root), "PATH": path}
    outcome = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if bool(outcome.returncode) != ("fails" in options):
        raise SystemExit(f"{TEMPLATE.name}: {command}: exit {outcome.returncode}\n{outcome.stderr}")
    lines = (outcome.stderr + outcome.stdout).rstrip("\n").split("\n")
    found = re.search(r"keep=(\d+)", options)
    keep = int(found[1]) if found else len(lines)
    if len(lines) > keep:
        lines = [*lines[: keep // 2], "...", *lines[-(keep - keep // 2) :]]
    return "\n".join(["```", f"$ {command}", *lines, "```"])


def fruit(path: Path) -> None:
    """Turvey's fruit as a table of rows; fruit out of season has none."""
    found = json.loads((ROOT / "tests" / "golden" / "index_turvey.json").read_text(encoding="utf-8"))
    months = [f"{1970 + n // 12}-{n % 12 + 1:02d}" for n in range(len(found["price"][0]))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["month", "fruit", "price", "sold"])
        for n, month in enumerate(months):
            for item, price, quantity in zip(found["item"], found["price"], found["quantity"], strict=True):
                if price[n] is not None:
                    writer.writerow([month, item, price[n], quantity[n]])


def page(template: str, home: Home, folder: Path) -> str:
    """The template with the output of each command, run in turn in one folder."""
    fruit(folder / "fruit.csv")
    (folder / "bad.csv").write_text(BAD, encoding="utf-8")
    return RUN.sub(lambda slot: printed(slot["command"], slot["options"], home, folder), template)


def write(home: Home, folder: Path) -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as workshop:
        text = page(TEMPLATE.read_text(encoding="utf-8"), home, Path(workshop))
    (folder / PAGES[0]).write_text(text, encoding="utf-8")
