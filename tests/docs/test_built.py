"""What `make docs` makes: each file that a generator declares, no slot left open, each link and section there.

Not here: what the pages of one generator say (test_models.py and so on).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import pytest

from docs import build, make_explain, make_index_command
from pipelines.explain.explaining import figures
from pipelines.home.places import Home
from pipelines.mart_kit.all_marts import marts
from tests.conftest import ROOT
from tests.docs.citations import anchors, committed_pages, is_there, problems
from tests.docs.conftest import QUICK

LINK = re.compile(r"\]\(((?!https?:)[^)\s]*)\)")


def pages(built: Path) -> list[Path]:
    return sorted(built.glob("**/*.md"))


def test_the_files_made_are_those_declared(built: Path) -> None:
    made = {path.relative_to(built).as_posix() for path in built.glob("**/*") if path.is_file()}
    declared = {page for name in QUICK for page in build.generator(name).PAGES}
    assert made == declared | {"explain.md"}
    assert build.declared() == declared | {"explain.md", "index_command.md"}


def test_a_generator_that_does_not_write_what_it_declares_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build.generator("sources"), "PAGES", ("sources.md", "more.md"))
    with pytest.raises(RuntimeError, match=r"declares more\.md in PAGES"):
        build.build(Home(tmp_path), tmp_path, ("sources",))


def test_without_a_release_it_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RACKHOUR_HOME", str(tmp_path))
    with pytest.raises(SystemExit, match="Run `make refresh`, then `make docs` again"):
        build.main([])


def test_no_slot_is_left_open(built: Path) -> None:
    left = {page.name for page in pages(built) if re.search(r"\{\{|```(table|sentence|run)", page.read_text("utf-8"))}
    assert left == set()


def test_a_built_page_names_nothing_that_is_missing(built: Path) -> None:
    found = {}
    for page in pages(built):
        beside = build.BUILT / page.relative_to(built).parent
        text = page.read_text(encoding="utf-8")
        bad = [one for one in problems(text, must_name_something=False, beside=beside) if "no file" not in one]
        bad += [link for link in LINK.findall(text) if not leads_somewhere(link, page, beside, built)]
        if bad:
            found[page.name] = bad
    assert found == {}


def leads_somewhere(link: str, page: Path, beside: Path, built: Path) -> bool:
    """Whether the file and the section of a link of a built page are there."""
    name, _, section = link.partition("#")
    target = Path(os.path.normpath(beside / name)) if name else build.BUILT / page.relative_to(built)
    if not is_there(target):
        return False
    if target.is_relative_to(build.BUILT):
        target = built / target.relative_to(build.BUILT)
    return not section or target.name == "index_command.md" or section in anchors(target)


def test_a_section_of_a_built_page_that_a_committed_page_links_to_is_there(built: Path) -> None:
    linked = [
        (page, *link.split("#", 1))
        for page in committed_pages()
        if page.suffix == ".md"
        for link in LINK.findall(page.read_text(encoding="utf-8"))
        if "built/" in link and "#" in link
    ]
    missing = []
    for page, name, section in linked:
        inside = Path(os.path.normpath(page.parent / name)).relative_to(build.BUILT)
        if section not in anchors(built / inside):
            missing.append((page.name, name, section))
    assert missing == []


def test_each_row_that_is_explained_is_in_the_release(released_home: Path) -> None:
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as db:
        for name, where in {**make_explain.ROWS, **make_explain.CORE_ROWS}.items():
            table = name if "." in name else f"marts.{name}"
            assert db.sql(f"select count(*) from {table} where {where}").fetchall()[0][0] > 0, name


def test_the_page_of_trees_shows_what_was_asked_for_and_how_to_ask(built: Path) -> None:
    text = (built / "explain.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["capability_frontier", "core.fct_token_price"]
    assert "$ rackhour explain capability_frontier --where" in text
    assert set(make_explain.ROWS) <= {name for name, module in marts().items() if figures(module.SCHEMA)}


def test_the_queries_of_the_index_page_find_rows(released_home: Path) -> None:
    template = make_index_command.TEMPLATE.read_text(encoding="utf-8")
    queries = re.findall(r'^rackhour sql "(.+?)"', template, re.DOTALL | re.MULTILINE)
    assert len(queries) == 3
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as db:
        for query in queries:
            assert len(db.sql(query).fetchall()) > 1, query


def test_a_command_of_the_index_page_is_shown_with_what_it_printed(released_home: Path, tmp_path: Path) -> None:
    template = (
        "Text.\n\n```run keep=2\nhead -4 fruit.csv\n```\n```run fails\nrackhour index bad.csv --method jevons\n```\n"
    )
    text = make_index_command.page(template, Home(released_home), tmp_path)
    assert text.startswith("Text.\n\n```\n$ head -4 fruit.csv\nmonth,fruit,price,sold\n...\n1970-01,")
    assert "$ rackhour index bad.csv --method jevons\n" in text
    assert "price" in text.split("--method jevons")[1]
    with pytest.raises(SystemExit, match="exit 1"):
        make_index_command.page("```run\nfalse\n```\n", Home(released_home), tmp_path)


def test_docs_built_is_not_in_git() -> None:
    assert "/docs/built/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
