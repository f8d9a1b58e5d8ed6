"""Every citation resolves: in curated rows, seeds, source.yml, formulas, docstrings, worked numbers, ADRs and pages.

Not here: whether an address still answers; whether a line says what a row records of it, but for the operands at the
end, which are held against the documents' own text where that is at hand.
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import yaml

from docs import make_documents
from sources.documents import DOCUMENTS, LINES, OURS
from tests.conftest import ROOT
from tests.docs.citations import anchors, charges, committed_pages, problems, works

CODE = [p for folder in ("pipelines", "sources", "docs", "bench") for p in sorted((ROOT / folder).glob("**/*.py"))]
SQL = sorted((ROOT / "dbt_project").glob("m*/**/*.sql"))
NOTES = [*sorted((ROOT / "sources").glob("**/*.yml")), *sorted((ROOT / "dbt_project").glob("[ms]*/**/*.yml"))]
PAGES = committed_pages()
ROWS = sorted([*ROOT.glob("sources/*/curated/*.csv"), *ROOT.glob("dbt_project/seeds/*.csv")])
WORKED = sorted(ROOT.glob("tests/golden/**/*.csv"))
CITING = ("citation", "places")


def _named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _cited(path: Path) -> set[str]:
    """The citations of a table of rows, each once."""
    csv.field_size_limit(10**7)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = [name for name in CITING if name in (reader.fieldnames or ())]
        return {row[name] for row in reader for name in columns if row[name]} if columns else set()


def _unresolved(texts: Iterator[str] | set[str], **how: object) -> list[str]:
    return [f"{text[:120]!r}: {'; '.join(found)}" for text in sorted(texts) if (found := problems(text, **how))]


@pytest.mark.parametrize("path", ROWS, ids=_named)
def test_a_row_cites_what_a_reader_can_open(path: Path) -> None:
    assert _unresolved(_cited(path), must_name_something=True) == []


@pytest.mark.parametrize("path", WORKED, ids=_named)
def test_a_worked_number_cites_what_a_reader_can_open(path: Path) -> None:
    assert _unresolved(_cited(path), must_name_something=True) == []


@pytest.mark.parametrize("path", ROWS, ids=_named)
def test_notes_and_reasons_of_rows_name_nothing_that_is_missing(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = [name for name in ("note", "reason", "description", "caveat") if name in (reader.fieldnames or ())]
        texts = {row[name] for row in reader for name in columns if row[name]} if columns else set()
    assert _unresolved(texts, must_name_something=False) == []


def _sources_of_formulas(path: Path) -> Iterator[str]:
    """What `@formula(source=...)` says, constants of the module put in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "formula"):
            continue
        for keyword in node.keywords:
            if keyword.arg == "source":
                yield _text(keyword.value, texts)


def _text(value: ast.expr, texts: dict[str, str]) -> str:
    if isinstance(value, ast.JoinedStr):
        return "".join(_text(part, texts) for part in value.values)
    if isinstance(value, ast.FormattedValue):
        return _text(value.value, texts)
    return texts.get(value.id, value.id) if isinstance(value, ast.Name) else str(ast.literal_eval(value))


def test_every_formula_says_where_it_comes_from() -> None:
    told = {path: list(_sources_of_formulas(path)) for path in CODE}
    missing = {
        _named(path): bad for path, texts in told.items() if (bad := _unresolved(set(texts), must_name_something=True))
    }
    assert missing == {}
    assert sum(map(len, told.values())) > 400


@pytest.mark.parametrize("path", [*CODE, *SQL, *NOTES], ids=_named)
def test_code_and_notes_name_nothing_that_is_missing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        named = [bad for bad in problems(line, must_name_something=False) if "no file" not in bad or ".md" in bad]
        found += [f"line {number}: {bad}" for bad in named]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=_named)
def test_a_page_names_nothing_that_is_missing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = problems(text, must_name_something=False, beside=path.parent)
    assert [bad for bad in found if "no file" not in bad or ".md is" in bad] == []


def test_what_a_scenario_changes_says_why() -> None:
    for path in sorted((ROOT / "sources" / "assumptions" / "scenarios").glob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        told = {str(change["source"]) for change in document.get("overrides") or ()}
        assert _unresolved(told, must_name_something=True) == [], path.name


def test_every_work_cited_by_name_is_cited() -> None:
    cited = {text for path in [*ROWS, *WORKED] for text in _cited(path)}
    cited |= {text for path in CODE for text in _sources_of_formulas(path)}
    cited |= {path.read_text(encoding="utf-8") for path in NOTES}
    assert [work for work in works() if not any(work in text for text in cited)] == []


@pytest.mark.parametrize("document", LINES)
def test_what_rests_on_a_document_is_counted_from_the_rows_of_today(document: str) -> None:
    page = make_documents.FOLDER / f"{document}.md"
    assert page.read_text(encoding="utf-8") == make_documents.page(document), "run python -m docs.make_documents"


def test_the_page_of_contradictions_shows_what_a_release_holds(released_home: Path, built: Path) -> None:
    page = (built / "contradictions.md").read_text(encoding="utf-8")
    assert {name.lower() for name in charges()} <= anchors(built / "contradictions.md")
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        (holding,) = connection.sql("select count(*) from marts.inconsistency_check where still_holds").fetchall()[0]
    assert page.count('<a id="i-') == len(charges()) == 75
    assert f"{holding} of these hold" in page


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("000:341", "document 000 has lines 1 to 340"),
        ("000:9-5", "document 000 has lines 1 to 340"),
        ("007:1", "there is no document 007"),
        ("I-99", "I-99 is not recorded"),
        ("000-D1-999", "000-D1-999 is not recorded"),
        ("economics.md M23", "economics.md is no file"),
        ("docs/economics.md#m99", "has no section #m99"),
        ("bench/nothing.py", "bench/nothing.py is no file"),
        ("docs/built/nothing.md", "no generator of docs/build.py makes it"),
        ("somebody said so", "names no address"),
    ],
)
def test_what_cannot_be_followed_is_told(text: str, said: str) -> None:
    assert any(said in problem for problem in problems(text, must_name_something=True))


@pytest.mark.parametrize(
    "text",
    ["000:7,15", "004:194: a quarter", "M23", "I-14", "docs/economics.md#falling-rent: g = 0", "arXiv 2211.17192",
     "epoch.ai/benchmarks (file of a day)", "core.headline_rate", "26 U.S.C. 168(k)", "bench/tokenizers.py",
     "docs/built/models/M17.md"],
)  # fmt: skip
def test_what_can_be_followed_passes(text: str) -> None:
    assert problems(text, must_name_something=True) == []


# Operands of the documents whose figure no line prints as such, and how it comes from what the line prints.
WORKED_OUT = {
    ("document_power", "server_w_per_gpu"): "14.3 kW over 8 GPUs",
    ("m21_reserved", "purchase_price_usd"): "1.07 x 26,280 hours",
    ("m17_opex_advantage", "opex_usd_per_mw_year"): "rows added up",
    ("m17_opex_advantage", "owner_opex_usd_per_mw_year"): "rows added up",
    ("m17_margin_points", "facility_revenue_usd_per_year"): "middle of the printed range",
    ("m17_per_mw", "facility_mw"): "the table of 100 MW",
    ("m18_site_revenue", "site_mw"): "the table of 100 MW",
    ("m23_sites", "gpus"): "1,400 racks of 72",
    ("m06_ownership", "basis_kw_per_gpu"): "10.2 kW / 8 x 1.10",
    ("c2_full_form", "maintenance_share_per_year"): "middle of 2 to 5%",
    ("c2_full_form", "fixed_opex_usd_per_gpu_hour"): "three lines added up",
    ("m34_growth", "span_months"): "months between printed dates",
    ("m35_limits", "days_per_month"): "month behind the printed 2,679",
    ("m36_cost_to_serve", "days_per_month"): "25 a month for 0.85 a day",
    ("m38_session", "days_per_month"): "25 a month for 0.85 a day",
    ("m36_cost_to_serve", "cached_input_list_usd_per_mtok"): "0.1 of the input price",
    ("m36_cost_to_serve", "input_mtok_per_day"): "70% of 50K",
    ("m36_cost_to_serve", "output_mtok_per_day"): "25M a week over 7 days",
    ("m40_server_hour", "gpu_energy_usd_per_gpu_hour"): "0.140 printed with three digits",
    ("m40_server_hour", "server_life_years"): "middle of 3 to 5",
    ("m09_weights", "bytes_per_parameter"): "16 GB of 8 billion",
    ("m14_stated_falls", "span_years"): "a span in words",
    ("m15_moat", "rival_cost_usd_per_mtok"): "0.90 less a printed margin",
    ("m28_application_pnl", "last_month"): "November",
    ("m29_flows", "end_customer_revenue_usd"): "a quarter of 9B",
    ("m30_ledger", "first_entries"): "dispatches counted",
}


@pytest.mark.shared
def test_documents_have_the_lines_the_citations_count_with(shared: Path) -> None:
    texts = {path.name[:3]: path.read_text(encoding="utf-8") for path in (shared / "seeds").glob("*.txt")}
    assert {name: len(text.splitlines()) for name, text in texts.items()} == LINES


@pytest.mark.shared
def test_what_is_signed_by_the_documents_is_printed_where_it_is_cited(shared: Path) -> None:
    missing, unused = [], set(WORKED_OUT)
    for row in _operands():
        if row["publisher"] != DOCUMENTS:
            continue
        text = _lines(shared, row["citation"])
        value = float(row["value"])
        ends = [float(row[end]) for end in ("value_low", "value_high") if row[end]]
        is_middle = (
            len(ends) == 2 and value == pytest.approx(sum(ends) / 2) and all(_printed(end, text) for end in ends)
        )
        is_switch = value in (0, 1)  # a line left out, or counted whole: the note says which
        if _printed(value, text) or is_middle or is_switch:
            continue
        key = (row["assumption_set"], row["parameter"])
        unused.discard(key)
        if key not in WORKED_OUT:
            missing.append((*key, row["subject"], value, text[:120]))
    assert missing == []
    assert unused == set()


@pytest.mark.shared
def test_document_002_prints_one_price_and_no_share_so_the_rest_of_the_factory_is_ours(shared: Path) -> None:
    (path,) = (shared / "seeds").glob("002_*.txt")
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\$\s?([\d.]+)", text) == ["6.67"]
    assert "%" not in text
    assert not re.search(r"tokens?(?: per |/)s", text)


@pytest.mark.shared
def test_document_003_prints_no_success_rate_and_no_cost_of_a_right_answer(shared: Path) -> None:
    framework = _lines(shared, "003:7,15,24")
    assert not re.search(r"\d+ ?%|\$", framework)


def test_choices_of_the_factory_its_mixes_and_cost_of_pass_are_signed_by_us() -> None:
    printed = {
        ("m23_rack_hour_factory", "gpus_per_rack"), ("m23_rack_hour_factory", "mix_price_usd_per_mtok"),
        ("m23_rack_hour_factory", "pue"), ("m23_sites", "gpus"), ("m23_sites", "kw_per_rack"),
        ("m23_roofline", "gpus_per_server"), ("m24_mix", "mix_price_usd_per_mtok"),
        ("m24_line_of_solutions", "mix_price_usd_per_mtok"),
        ("m25_cost_of_pass", "input_price_usd_per_mtok"), ("m25_cost_of_pass", "output_price_usd_per_mtok"),
    }  # fmt: skip
    rows = [row for row in _operands() if re.match("m2[345]_", row["assumption_set"])]
    by_documents = {(row["assumption_set"], row["parameter"]) for row in rows if row["publisher"] == DOCUMENTS}
    assert by_documents <= printed
    ours = [row for row in rows if (row["assumption_set"], row["parameter"]) not in by_documents]
    assert {row["publisher"] for row in ours} == {OURS}
    assert {row["known_basis"] for row in ours} == {"loaded"}
    assert len(ours) > 150


def test_a_choice_of_ours_says_so_and_a_documents_figure_cites_its_line() -> None:
    for row in _operands():
        where = (row["assumption_set"], row["parameter"], row["subject"])
        if row["publisher"] == OURS:
            assert re.match("our choice|measured", row["note"]), where
            assert row["known_basis"] == "loaded", where
        if row["publisher"] == DOCUMENTS:
            assert re.match(r"\d{3}:\d", row["citation"]), where
            assert row["known_basis"] == "published", where


def _operands() -> list[dict[str, str]]:
    made = []
    for path in sorted((ROOT / "sources" / "assumptions" / "curated").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            made += list(csv.DictReader(file))
    return made


def _lines(shared: Path, citation: str) -> str:
    made = []
    for document, spans in re.findall(r"(\d{3}):([\d,-]+)", citation):
        (path,) = (shared / "seeds").glob(f"{document}_*.txt")
        text = path.read_text(encoding="utf-8").splitlines()
        for span in spans.strip(",-").split(","):
            first, _, last = span.partition("-")
            made += text[int(first) - 1 : int(last or first)]
    return "\n".join(made)


def _printed(value: float, text: str) -> bool:
    """Whether a line prints the figure: as it is, in percent, in thousands to billions, or as the rest of a whole."""
    scaled = (value, value * 100, value / 1e3, value / 1e6, value / 1e9, value * 1e3, 1 - value, (1 - value) * 100)
    forms = {f"{x:{how}}" for x in scaled for how in (",g", ".2f", ",.0f", ".1f")}
    digits = {form for form in forms if float(form.replace(",", "")) or not value}
    return any(re.search(rf"(?<![\d.,]){re.escape(form)}(?!\d|[.,]\d)", text) for form in digits)
