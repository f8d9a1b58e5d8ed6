"""Pages name files that are there."""

from __future__ import annotations

import re

import pytest

from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "bench" / "README.md"])
NAMED = re.compile(r"`((?:tests|docs|sources|pipelines|dbt_project|bench)/[\w./-]+\.\w+)`|\]\(((?!http|#)[^)]+)\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_names_is_there(page):
    named = [(inside, linked) for inside, linked in NAMED.findall(page.read_text(encoding="utf-8"))]
    missing = [inside for inside, _ in named if inside and not (ROOT / inside).exists()]
    missing += [link for _, link in named if link and not (page.parent / link.split("#")[0]).exists()]
    assert missing == []
