"""Every page that is made of the published release, into docs/built/: `make docs`, or `python -m docs.build NAME ...`.

A generator is a module make_NAME.py of this folder with PAGES, the files it makes, and `write(home, folder)`, which
makes them. Built pages are not in git: one corrected price would change many of them. docs/README.md lists the pages,
docs/examples/ shows a piece of each.

Not here: what a page says (its generator), pages written by hand, docs/examples (docs/make_examples.py).
"""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from pipelines.cli.watching import steps_shown
from pipelines.home import progress
from pipelines.home.manifest import current_manifest
from pipelines.home.places import Home

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "docs" / "built"
GENERATORS = ("sources", "contradictions", "models", "methodology", "index_command", "explain")
"""In the order they are made: what is quick first."""


def generator(name: str) -> ModuleType:
    """The module that makes the pages of this name."""
    return import_module(f"docs.make_{name}")


@cache
def declared() -> frozenset[str]:
    """Every file that `make docs` makes, by its path in docs/built."""
    return frozenset(page for name in GENERATORS for page in generator(name).PAGES)


def build(home: Home, folder: Path = BUILT, names: Sequence[str] = GENERATORS) -> int:
    """Make the pages of these generators; returns how many files.

    Raises RuntimeError where a generator does not write a file that it declares.
    """
    made = 0
    for name in names:
        progress.begin(name, "reading the release")
        started = time.monotonic()
        module = generator(name)
        folder.mkdir(parents=True, exist_ok=True)
        module.write(home, folder)
        missing = [page for page in module.PAGES if not (folder / page).is_file()]
        if missing:
            raise RuntimeError(f"docs/make_{name}.py declares {', '.join(missing)} in PAGES and did not write it")
        made += len(module.PAGES)
        progress.report("docs", f"{_listed(module.PAGES)} ({time.monotonic() - started:.1f} s)")
    return made


def _listed(pages: Sequence[str]) -> str:
    return ", ".join(pages[:2]) + (f" and {len(pages) - 2} more" if len(pages) > 2 else "")


def main(asked: Sequence[str]) -> None:
    """Make all pages, or those of the generators asked for, and say where they are."""
    unknown = sorted(set(asked) - set(GENERATORS))
    if unknown:
        raise SystemExit(f"no pages are named {', '.join(unknown)}. There are: {', '.join(GENERATORS)}")
    home = Home.from_environment()
    manifest = current_manifest(home)
    if manifest is None:
        raise SystemExit(
            f"Pages are made of a published release, and none is published in {home.root}. "
            "Run `make refresh`, then `make docs` again."
        )
    if not asked:
        shutil.rmtree(BUILT, ignore_errors=True)  # no page of an earlier tree stays
    with steps_shown():
        progress.restart()
        progress.report("docs", f"release {home.current.resolve().name}, as of {manifest['as_of']}")
        made = build(home, BUILT, asked or GENERATORS)
    print(f"{made} files in {BUILT.relative_to(ROOT)}/. Start at docs/README.md; it links to each page.")


if __name__ == "__main__":
    main(sys.argv[1:])
