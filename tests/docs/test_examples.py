"""docs/examples has the shape of what `make docs` makes today. Not here: figures, which are of an earlier release."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import make_examples
from tests.conftest import ROOT

MOST_LINES = 60


def shape(text: str) -> str:
    """A page without figures, rows of tables, words of an explained tree, and where lines break."""
    text = re.sub(r"^[ \u2502]*[\u2502\u251c\u2514\u2022].*$|^  .*$", "", text, flags=re.MULTILINE)
    rows = re.sub(r"(?<=-\|\n)(\|.*\n?)+", "(rows)\n", text)
    return re.sub(r"[-+]?\d[\d,.:-]*", "#", " ".join(rows.split()))


@pytest.mark.parametrize("name", make_examples.PIECES)
def test_an_example_has_the_shape_of_the_page_it_was_cut_from(built: Path, name: str) -> None:
    kept = (make_examples.EXAMPLES / name).read_text(encoding="utf-8")
    assert shape(kept) == shape(make_examples.PIECES[name](built)), "run make docs, then python -m docs.make_examples"
    assert len(kept.splitlines()) <= MOST_LINES


def test_every_file_of_the_folder_is_an_example_and_the_index_names_it() -> None:
    assert {path.name for path in make_examples.EXAMPLES.glob("*")} == set(make_examples.PIECES)
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [name for name in make_examples.PIECES if f"(examples/{name})" not in index] == []


def test_shapes_differ_by_words_and_columns_alone() -> None:
    one = "# A\n\n| a | b |\n|---|---|\n| 1 | x |\n| 2 | y |\n\nfell by 2.4%\n"
    assert shape(one) == shape(one.replace("| 2 | y |\n", "").replace("2.4", "17"))
    assert shape(one) != shape(one.replace("| b |", "| c |"))
    assert shape(one) != shape(one.replace("fell", "rose"))
