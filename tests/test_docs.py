"""Pages name files that are there, or that `make docs` makes."""

from __future__ import annotations

import re

import pytest

from docs.build import BUILT
from tests.conftest import ROOT
from tests.docs.citations import committed_pages, is_there

PAGES = committed_pages()
NAMED = re.compile(r"`((?:tests|docs|sources|pipelines|dbt_project|bench)/[\w./-]+\.\w+)`|\]\(((?!http|#)[^)]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_names_is_there(page):
    named = [(inside, linked) for inside, linked in NAMED.findall(page.read_text(encoding="utf-8"))]
    missing = [inside for inside, _ in named if inside and not is_there(ROOT / inside)]
    beside = BUILT if page.suffix == ".in" else page.parent  # a template's links start from the page made of it
    missing += [link for _, link in named if link and not is_there(beside / link.split("#")[0])]
    assert missing == []
