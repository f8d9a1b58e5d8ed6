"""The pages of `make docs`, built once in a run from the release of the tests.

Left out is what takes long and is tested by itself: the tree of every mart (tests/explain) and the runs of
`rackhour index` (tests/cli). Their generators are tested in test_built.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import build, make_explain
from docs.make_examples import EXPLAINED
from pipelines.home.places import Home
from tests.conftest import made_once

QUICK = ("sources", "contradictions", "models", "methodology")


@pytest.fixture(scope="session")
def built(released_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the quick pages whole, and of the trees those of one mart and one core table."""

    def make(folder: Path) -> None:
        home = Home(released_home)
        build.build(home, folder, QUICK)
        shown = (EXPLAINED, "core.fct_token_price")
        (folder / "explain.md").write_text(make_explain.page(home, shown), encoding="utf-8")

    return made_once(tmp_path_factory, "built_pages", make)
