"""How formulas are found: by searching the subject folders, each once a reading, both forms of a figure in one file."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

import pipelines.economics
from pipelines.economics.compute import UnknownFigure, compute
from pipelines.economics.formula import READINGS, by_figure, every_formula, formula, formulas

ROOT = Path(__file__).parents[2]
ECONOMICS = ROOT / "pipelines" / "economics"
WITH_TWO_FORMS = {
    "after_tax_cost_of_debt_pct",
    "application_gross_margin_pct",
    "capacity_usd",
    "capital_usd_per_gpu_hour",
    "facility_usd_per_gpu_hour",
    "gpus_per_mw",
    "input_cost_usd_per_month",
    "output_cost_usd_per_month",
    "owned_facility_usd_per_gpu_hour",
    "wacc_pct",
}


def written() -> Iterator[tuple[str, int, str, str | None]]:
    """File, place in it, function and reading of every decorated function, read from the text of the files alone."""
    for path in sorted(ECONOMICS.glob("*/*.py")):
        functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
        for place, function in enumerate(functions):
            for call in function.decorator_list:
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "formula":
                    given = {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg == "reading"}
                    yield str(path.relative_to(ROOT)), place, function.name, given.get("reading")


@pytest.mark.parametrize("reading", READINGS)
def test_every_formula_that_is_written_is_found_once_in_its_reading(reading: str) -> None:
    of_reading = [(file, name) for file, _, name, said in written() if said in (None, reading)]
    assert sorted((one.file, one.build.__name__) for one in formulas(reading).values()) == sorted(of_reading)
    assert len(of_reading) > 400


def test_every_formula_of_both_readings_is_found() -> None:
    assert sorted(one.build.__name__ for one in every_formula()) == sorted(name for _, _, name, _ in written())


def test_both_forms_of_a_figure_stand_side_by_side_in_one_file() -> None:
    forms: dict[str, list[tuple[str, int]]] = {}
    for file, place, name, reading in written():
        if "__" in name:
            figure, _, form = name.partition("__")
            assert form == reading
            forms.setdefault(figure, []).append((file, place))
    assert forms.keys() == WITH_TWO_FORMS
    for figure, ((file, first), (other, second)) in forms.items():
        assert (file, first + 1) == (other, second), figure


@pytest.mark.parametrize(("reading", "charge"), [("as_published", 1.0), ("professional", 1.05)])
def test_a_reading_chooses_between_the_forms_of_a_figure(reading: str, charge: float) -> None:
    price = 8760.0  # a dollar an hour over a year's life, or 5% more where it is repaid with interest at its end
    bought = pl.DataFrame(
        {"purchase_price_usd": [price], "residual_share": [0.0], "discount_rate_per_year": [0.05], "life_years": [1.0]}
    )
    made = compute(bought, ["capital_usd_per_gpu_hour"], reading)
    assert made["capital_usd_per_gpu_hour"].item() == pytest.approx(charge)


@pytest.fixture
def subject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of one more subject, found as the others are."""
    folder = tmp_path / "synthetic_subject"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.setattr(pipelines.economics, "__path__", [*pipelines.economics.__path__, str(tmp_path)])
    _forget()
    yield folder
    _forget()


def _forget() -> None:
    every_formula.cache_clear()
    formulas.cache_clear()
    for name in [name for name in sys.modules if "synthetic_subject" in name]:
        del sys.modules[name]


FORMULA = """
import polars as pl
from pipelines.economics.formula import formula

@formula(unit="usd", source="synthetic")
def {name}(total_cost_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    return 2.0 * total_cost_usd_per_gpu_hour
"""


def test_a_file_with_a_formula_is_all_that_a_new_figure_needs(subject: Path) -> None:
    (subject / "doubles.py").write_text(FORMULA.format(name="double_cost_usd"))
    parts = dict.fromkeys(formulas()["fixed_cost_usd_per_gpu_hour"].operands, 1.0)
    hour = pl.DataFrame({**parts, "utilisation": 0.5, "electricity_usd_per_gpu_hour": 0.25})
    made = compute(hour, ["double_cost_usd"])
    assert made["double_cost_usd"].item() == 2 * made["total_cost_usd_per_gpu_hour"].item()


def test_a_figure_two_files_make_is_an_error_that_names_both(subject: Path) -> None:
    (subject / "again.py").write_text(FORMULA.format(name="gross_margin_pct"))
    with pytest.raises(ValueError, match="gross_margin_pct") as raised:
        formulas()
    assert "pipelines/economics/gpu_hour/margin.py" in str(raised.value)
    assert "pipelines/economics/synthetic_subject/again.py" in str(raised.value)


def test_a_form_of_one_reading_beside_one_of_both_is_two_formulas_of_a_figure() -> None:
    @formula(unit="1", source="synthetic")
    def twice(a: pl.Expr) -> pl.Expr:
        return a

    @formula(unit="1", source="synthetic", reading="professional")
    def twice__professional(a: pl.Expr) -> pl.Expr:
        return a

    assert by_figure([twice__professional], "as_published") == {}
    with pytest.raises(ValueError, match=r"two formulas make twice .*both readings.*professional"):
        by_figure([twice, twice__professional], "professional")


def test_forms_of_a_figure_in_two_files_are_an_error_that_names_both(subject: Path) -> None:
    text = FORMULA.replace('source="synthetic"', 'source="synthetic", reading="{reading}"')
    for file, reading in (("one.py", "as_published"), ("other.py", "professional")):
        (subject / file).write_text(text.format(name=f"apart__{reading}", reading=reading))
    with pytest.raises(ValueError, match=r"two forms of apart .*(one|other)\.py and .*(one|other)\.py"):
        formulas("as_published")


def test_a_name_that_says_another_reading_than_the_decorator_is_refused() -> None:
    with pytest.raises(ValueError, match="write @formula"):

        @formula(unit="1", source="synthetic", reading="professional")
        def figure__as_published(a: pl.Expr) -> pl.Expr:
            return a


@pytest.mark.parametrize("asked", [lambda: formulas("profesional"), lambda: formula(unit="1", source="", reading="x")])
def test_a_reading_that_does_not_exist_is_refused_with_those_that_do(asked) -> None:
    with pytest.raises(ValueError, match=r"as_published.*professional"):
        asked()


def test_an_unknown_operand_is_named_with_the_chain_that_wanted_it_and_the_file_it_belongs_in() -> None:
    with pytest.raises(UnknownFigure) as raised:
        compute(pl.DataFrame({"purchase_price_usd": [1.0]}), ["gross_margin_pct"])
    text = str(raised.value)
    assert "(wanted by gross_margin_pct" in text
    missing = text.split("named ")[1].split(" ")[0]
    wanted_by = text.split(")")[0].split(" -> ")[-1].removeprefix("no column and no formula named ")
    home = formulas()[wanted_by].file
    assert f"write `def {missing}(...)` with @formula in {home}, next to {wanted_by}" in text


def test_a_misspelt_figure_is_answered_with_names_like_it_and_their_files() -> None:
    with pytest.raises(UnknownFigure, match=r"gross_margin_pct \(pipelines/economics/gpu_hour/margin\.py\)"):
        compute(pl.DataFrame({"a": [1.0]}), ["gross_margn_pct"])


def test_a_figure_like_no_other_is_sent_to_the_subject_folders() -> None:
    with pytest.raises(UnknownFigure, match=r"the file of its subject in pipelines/economics/"):
        compute(pl.DataFrame({"a": [1.0]}), ["zzzz"])


def test_a_figure_of_the_other_reading_alone_is_said_to_be_of_it() -> None:
    with pytest.raises(UnknownFigure, match=r"gpu_hour/simple_charge\.py has it, for the reading as_published alone"):
        compute(pl.DataFrame({"a": [1.0]}), ["charged_capital_usd_per_gpu_hour"], "professional")


def test_a_circle_of_formulas_is_named() -> None:
    @formula(unit="1", source="synthetic")
    def hen(egg: pl.Expr) -> pl.Expr:
        return egg

    @formula(unit="1", source="synthetic")
    def egg(hen: pl.Expr) -> pl.Expr:
        return hen

    with pytest.raises(ValueError, match="hen -> egg -> hen"):
        compute(pl.DataFrame({"a": [1.0]}), ["hen"], only=[hen, egg])


@pytest.mark.parametrize("module", ["index_numbers.series", "formula", "compute", "units"])
def test_importing_does_not_search_the_subjects(module: str) -> None:
    code = (
        f"import sys, pipelines.economics.{module}; "
        "print([name for name in sys.modules if name.startswith('pipelines.economics.gpu_hour')])"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize("reading", READINGS)
def test_every_formula_says_what_it_is_in_what_unit_and_whose(reading) -> None:
    for found in formulas(reading).values():
        assert all([found.meaning, found.source, found.unit]), found.figure
