"""`rackhour index` as a statistician uses it: levels of a file, and every mistake told with row, column and rule."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.cli.index_rows import printed
from pipelines.panels.own_table.answer import answer
from pipelines.panels.own_table.options import METHODS, Options
from pipelines.panels.own_table.table import Columns, IndexTableError
from tests.conftest import ROOT, rackhour
from tests.economics.index_numbers import second

# Invented: three things over four months, one of which pauses; quantities move against prices.
ROWS = """\
item,period,price,quantity,kind,size
a,2024-02,1.1,9,x,2
a,2024-01,1.0,10,x,2
a,2024-03,1.2,8,x,2
a,2024-04,1.0,10,x,2
b,2024-01,4.0,2,y,3
b,2024-02,4.4,2,y,3
b,2024-04,3.6,3,y,3
c,2024-01,9.0,1,y,8
c,2024-02,9.9,1,y,8
c,2024-03,9.0,1.5,y,8
c,2024-04,9.0,1,y,8
"""


def market():
    rows = csv.DictReader(io.StringIO(ROWS))
    return second.market([(row["item"], row["period"], row["price"], row["quantity"]) for row in rows])


@pytest.fixture
def prices(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(ROWS, encoding="utf-8")
    return str(path)


def levels(path, **options):
    columns = options.pop("columns", Columns())
    return answer(path, columns, Options(**options)).rows["index"].to_numpy()


def written(tmp_path, text, name="own.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("method", [name.replace("_", "-") for name in second.FORMULAS])
def test_bilateral_levels_are_those_of_plain_loops(prices, method):
    formula = method.replace("-", "_")
    assert levels(prices, method=method) == pytest.approx(second.fixed(market(), formula))
    assert levels(prices, method=method, output="chained") == pytest.approx(second.chained(market(), formula))


@pytest.mark.parametrize("base", ["jevons", "fisher", "tornqvist", "walsh"])
def test_geks_and_its_windows(prices, base):
    assert levels(prices, method="geks", base=base) == pytest.approx(second.geks(market(), base))
    for splice in ("movement", "window", "half", "mean"):
        for on in ("recalculated", "published"):
            found = levels(prices, method="geks", base=base, window=3, splice=splice, splice_on=on)
            expected = second.rolling(market(), lambda part: second.geks(part, base), 3, splice, on == "recalculated")
            assert found == pytest.approx(expected), (splice, on)


def test_tpd_gk_and_tdh(prices):
    for weights in ("share", "value", "none"):
        assert levels(prices, method="tpd", weights=weights) == pytest.approx(second.tpd(market(), weights)), weights
    assert levels(prices, method="tpd") == pytest.approx(second.tpd(market(), "share"))
    assert levels(prices, method="gk") == pytest.approx(second.geary_khamis(market()))
    hedonic = levels(prices, method="tdh", weights="none", features=("kind", "size"))
    # Written out: a dummy per month, one for kind y, the logarithm of size.
    rows = list(csv.DictReader(io.StringIO(ROWS)))
    months = sorted({row["period"] for row in rows})
    design = [
        [*(row["period"] == month for month in months), row["kind"] == "y", np.log(float(row["size"]))] for row in rows
    ]
    logs = [np.log(float(row["price"])) for row in rows]
    delta = np.linalg.lstsq(np.array(design, dtype=float), np.array(logs), rcond=None)[0][:4]
    assert hedonic == pytest.approx(np.exp(delta - delta[0]))


def test_defaults_hang_on_quantities(tmp_path, prices):
    bare = written(tmp_path, "\n".join(",".join(line.split(",")[:3]) for line in ROWS.splitlines()))
    assert levels(prices, method="geks") == pytest.approx(second.geks(market(), "tornqvist"))
    assert levels(bare, method="geks") == pytest.approx(second.geks(market(), "jevons"))
    assert levels(bare, method="tpd") == pytest.approx(second.tpd(market(), "none"))


def test_base_period_missing_and_expanding_window(prices):
    plain = levels(prices, method="fisher")
    based = levels(prices, method="geks", base_period="2024M3")
    assert based == pytest.approx(second.geks(market(), "tornqvist") / np.array(second.geks(market(), "tornqvist"))[2])
    assert levels(prices, method="fisher", base_period="2024-02")[1] == pytest.approx(1.0)
    carried = levels(prices, method="jevons", missing="carry")
    assert carried[2] == pytest.approx((1.2 * 1.1 * 1.0) ** (1 / 3))
    assert carried[[0, 1, 3]] == pytest.approx(levels(prices, method="jevons")[[0, 1, 3]])
    found = levels(prices, method="geks", base="fisher", window=3, splice="fixed-base", expanding=True)
    assert found[1] == pytest.approx(plain[1])


def test_formats_agree_to_fifteen_digits(prices):
    found = answer(prices, Columns(), Options("geks"), detail=True)
    as_csv = list(csv.DictReader(io.StringIO(printed(found, "csv"))))
    as_json = json.loads(printed(found, "json"))
    exact = found.rows["index"].to_list()
    assert [float(row["index"]) for row in as_csv] == [row["index"] for row in as_json]
    assert [row["index"] for row in as_json] == pytest.approx(exact, rel=1e-15)
    assert list(as_csv[0]) == list(as_json[0])
    assert list(as_csv[0])[:4] == ["period", "index", "items", "matched_items"]
    assert [row["items"] for row in as_json] == [3, 3, 2, 3]
    table = printed(found, "table")
    assert "geks on tornqvist, all periods at once; 3 items, 4 periods, 11 prices" in table


def test_parquet_with_types_and_columns_of_other_names(tmp_path, prices):
    frame = (
        pl.read_csv(prices).with_columns((pl.col("period") + "-01").str.to_date()).sample(fraction=1.0, shuffle=True)
    )
    renamed = frame.rename({"item": "ean", "period": "day", "price": "p", "quantity": "q"})
    path = str(tmp_path / "scanner.parquet")
    renamed.write_parquet(path)
    found = answer(path, Columns("day", "ean", "p", "q"), Options("fisher"))
    assert found.rows["index"].to_list() == pytest.approx(second.fixed(market(), "fisher"))
    assert found.rows["period"].to_list() == ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        (["10", "9", "2"], ["2", "9", "10"]),
        (["2024-Q1", "2023Q4", "2023-Q2"], ["2023-Q2", "2023-Q4", "2024-Q1"]),
        (["2024-10", "2024-9", "2024M11"], ["2024-09", "2024-10", "2024-11"]),
        (["2024-01-31", "2023-12-31", "2024-01-02"], ["2023-12-31", "2024-01-02", "2024-01-31"]),
        (["2024-01-01T06:00", "2024-01-01 05:30"], ["2024-01-01T05:30:00", "2024-01-01T06:00:00"]),
        (["2024", "2022", "2023"], ["2022", "2023", "2024"]),
    ],
)
def test_periods_stand_in_the_order_of_time(tmp_path, periods, expected):
    path = written(tmp_path, "item,period,price\n" + "".join(f"a,{p},{n + 1}\n" for n, p in enumerate(periods)))
    assert answer(path, Columns(), Options("jevons")).rows["period"].to_list() == expected


def test_rows_of_one_item_become_their_unit_value(tmp_path):
    text = "item,period,price,quantity\na,1,1,1\na,2,2,1\na,2,4,3\nb,1,1,1\nb,2,1,1\n"
    path = written(tmp_path, text)
    found = answer(path, Columns(), Options("jevons"))
    assert found.rows["index"][1] == pytest.approx(3.5**0.5)
    assert any("unit value" in note and "'a' in 2, rows 3, 4" in note for note in found.notes)


def test_a_method_without_weights_reads_quantities_only_to_settle_rows_of_one_item(tmp_path):
    path = written(tmp_path, "item,period,price,quantity\na,1,1,-1\na,2,2,some\n")
    assert levels(path, method="jevons")[1] == pytest.approx(2.0)
    path = written(tmp_path, "item,period,price,quantity\na,1,1,1\na,2,2,-1\na,2,2,1\n")
    with pytest.raises(IndexTableError, match="quantity -1"):
        levels(path, method="jevons")


def test_what_is_not_joined_is_an_empty_cell_and_a_note(tmp_path):
    path = written(tmp_path, "item,period,price\na,2024-01,1\na,2024-02,2\nb,2024-03,1\nb,2024-04,2\n")
    found = answer(path, Columns(), Options("geks"))
    assert printed(found, "csv").splitlines()[1:] == ["2024-01,1", "2024-02,2", "2024-03,", "2024-04,"]
    assert json.loads(printed(found, "json"))[3]["index"] is None
    assert any("2024-03, 2024-04" in note for note in found.notes)


def test_notes_say_what_was_passed_over(tmp_path):
    path = written(tmp_path, "item;period;price\na;2024-01;1\na;2024-03;2\na;2024-04;NA\n")
    notes = answer(path, Columns(), Options("jevons")).notes
    assert any("1 of 3 rows have no price" in note for note in notes)
    assert any("1 months between 2024-01 and 2024-03" in note for note in notes)


HEAD = "item,period,price,quantity\n"


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        ("item,month,price\na,1,1\n", {}, ["own.csv", "no column 'period'", "item, month, price", "--period-col"]),
        (HEAD + "a,1,1,1\na,2,0,1\n", {}, ["row 3", "price 0", "'a'", "above zero"]),
        (HEAD + "a,1,1,1\na,2,-3,1\n", {}, ["row 3", "price -3"]),
        (HEAD + "a,1,1,1\na,2,inf,1\n", {}, ["row 3", "finite"]),
        (HEAD + "a,1,1,1\na,2,on request,1\n", {}, ["row 3", "'on request' is no number"]),
        ('item;period;price\na;1;"1,50"\n', {}, ["row 2", "'1,50'", "Write decimals with a point"]),
        (HEAD + "a,1,1,1\na,2,1,-2\n", {"method": "walsh"}, ["row 3", "quantity -2", "zero or above"]),
        (HEAD + "a,1,1,1\na,2,1,\n", {"method": "fisher"}, ["row 3", "quantity is empty"]),
        (HEAD + ",1,1,1\n", {}, ["row 2", "item is empty"]),
        (HEAD + "a,,1,1\n", {}, ["row 2", "period is empty"]),
        (HEAD + "a,Jan 2024,1,1\n", {}, ["row 2", "'Jan 2024' is no period", "2024-01-31"]),
        (HEAD + "a,2024-13,1,1\n", {}, ["row 2", "'2024-13' is no period"]),
        (HEAD + "a,2024-01,1,1\na,2024-02-01,1,1\n", {}, ["row 3", "is a date", "month '2024-01'", "one way"]),
        (HEAD + "a,1,1,0\na,1,2,0\n", {}, ["row 2", "'a'", "no unit value"]),
        (HEAD, {}, ["holds no row"]),
        (HEAD + "a,1,,1\n", {}, ["no row has a price"]),
        (" ", {}, ["is empty"]),
        ("item,period,price\na,1,1\nb,1,1,9\n", {}, ["row 3 has 4 fields where the header has 3"]),
        ("item,period,price,price\na,1,1,9\n", {}, ["names a column twice: price"]),
        (HEAD + "a,1,1,1\na,2,1,1\n", {"method": "geks", "window": 25}, ["--window 25", "2 periods"]),
        (HEAD + "a,1,1,1\na,2,1,1\n", {"base_period": "3"}, ["--base-period 3", "1 to 2"]),
        (HEAD + "a,2023,1,0\na,2024,1,1\n", {"method": "gk"}, ["period 2023 cannot be the base"]),
    ],
)
def test_mistakes_in_a_file_are_told(tmp_path, text, options, told):
    path = written(tmp_path, text)
    with pytest.raises(IndexTableError) as error:
        answer(path, Columns(), Options(**{"method": "jevons", **options}))
    for part in told:
        assert part in str(error.value)


def test_rows_of_one_item_without_quantities_must_be_aggregated(tmp_path):
    path = written(tmp_path, "item,period,price\na,1,1\na,2,2\na,2,4\n")
    with pytest.raises(IndexTableError, match=r"1 pairs of item and period.*'a' in 2, rows 3, 4.*aggregate them first"):
        answer(path, Columns(), Options("jevons"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"method": "lowe"}, "--method 'lowe' is none of carli"),
        ({"method": "geks", "base": "carli"}, "--base 'carli' is none of jevons"),
        ({"method": "jevons", "base": "fisher"}, "formula of the links of geks"),
        ({"method": "geks", "output": "chained"}, "bilateral methods"),
        ({"method": "jevons", "window": 3}, "multilateral methods"),
        ({"method": "geks", "splice": "mean"}, "--window N"),
        ({"method": "geks", "window": 4, "splice": "half"}, "odd one, 3 or 5"),
        ({"method": "geks", "window": 1}, "two periods at least"),
        ({"method": "geks", "weights": "share"}, "tpd and tdh"),
        ({"method": "geks", "window": 3, "splice": "mean", "expanding": True}, "--splice fixed-base"),
        ({"method": "geks", "window": 3, "splice": "fixed-base", "splice_on": "recalculated"}, "published level"),
        ({"method": "tdh"}, "--features a,b"),
        ({"method": "jevons", "features": ("kind",)}, "hedonic"),
        ({"method": "jevons", "missing": "guess"}, "matched, carry, impute"),
    ],
)
def test_options_that_do_not_go_together_are_told(prices, options, told):
    with pytest.raises(IndexTableError, match=told):
        answer(prices, Columns(), Options(**options))


def test_a_method_that_weighs_asks_for_quantities(tmp_path):
    path = written(tmp_path, "item,period,price,sold\na,1,1,1\na,2,1,1\n")
    with pytest.raises(
        IndexTableError, match=r"fisher weighs by quantities.*item, period, price, sold.*--quantity-col"
    ):
        answer(path, Columns(), Options("fisher"))
    assert levels(path, method="fisher", columns=Columns(quantity="sold"))[1] == 1


FEATURES = "item,period,price,gb,twice,kind,same,flag\n"


@pytest.mark.parametrize(
    ("rows", "features", "told"),
    [
        ("a,1,1,2,4,x,z,0\nb,1,2,3,6,x,z,1\na,2,1,5,4,x,z,0\n", ("gb",), r"feature gb of item 'a' is '2' and '5'"),
        ("a,1,1,,4,x,z,0\nb,1,2,3,6,x,z,1\n", ("gb",), r"row 2: feature gb of item 'a' is empty"),
        ("a,1,1,-2,4,x,z,0\nb,1,2,3,6,x,z,1\n", ("gb",), r"feature gb .*zero or below"),
        ("a,1,1,2,4,x,z,0\nb,1,2,3,6,x,z,1\n", ("same",), r"feature same is the same for all items"),
        ("a,1,1,2,4,x,z,0\nb,1,2,3,6,y,z,1\nc,1,2,4,8,y,z,1\nc,2,2,4,8,y,z,1\n", ("gb", "twice"), r"twice"),
        ("a,1,1,2,4,x,z,0\n", ("vendor",), r"no column 'vendor'.*--features"),
    ],
)
def test_features_that_cannot_serve_are_told(tmp_path, rows, features, told):
    path = written(tmp_path, FEATURES + rows)
    with pytest.raises(IndexTableError, match=told):
        answer(path, Columns(), Options("tdh", features=features, weights="none"))


def test_files_that_cannot_be_read(tmp_path):
    latin = tmp_path / "latin.csv"
    latin.write_bytes("item,period,price\na,1,1\né,1,1\n".encode("latin-1"))
    with pytest.raises(IndexTableError, match="row 3 is not UTF-8"):
        answer(str(latin), Columns(), Options("jevons"))
    nested = tmp_path / "nested.parquet"
    pl.DataFrame({"item": [["a"]], "period": [1], "price": [1.0]}).write_parquet(nested)
    for path, told in (
        (str(nested), "'item' holds List.* plain values"),
        (str(tmp_path / "none.csv"), "there is no file"),
        (str(tmp_path), "is a directory"),
        (written(tmp_path, "PK\x03\x04 sheet", "book.xlsx"), "workbook"),
        (written(tmp_path, "PAR1 damaged", "bad.parquet"), "no Parquet file"),
    ):
        with pytest.raises(IndexTableError, match=told):
            answer(path, Columns(), Options("jevons"))


CELLS = st.sampled_from(
    ["", "0", "-1", "1", "2.5", "1e400", "inf", "NA", "x", '"', "1,5", "2024-01", "2024-01-31", "2024-13", "\x00", "é"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=6).map(",".join), max_size=6),
    st.sampled_from(METHODS),
    st.sampled_from(["matched", "carry", "impute"]),
)
def test_no_table_ends_in_a_traceback(tmp_path_factory, rows, method, missing):
    path = tmp_path_factory.mktemp("odd") / "odd.csv"
    path.write_text("\n".join(["item,period,price,quantity,kind", *rows]), encoding="utf-8")
    features = ("kind",) if method == "tdh" else ()
    with contextlib.suppress(IndexTableError):
        found = answer(str(path), Columns(), Options(method, features=features, missing=missing))
        told = found.rows["index"].drop_nulls()
        assert (told.is_finite() & (told > 0)).all()


def test_the_command_reads_a_pipe_and_imports_no_orchestrator(tmp_path):
    program = (
        "import sys; sys.argv = ['rackhour', 'index', '-', '--method', 'geks', '--window', '3']\n"
        "from pipelines.cli.main import app\n"
        "try: app()\nexcept SystemExit: pass\n"
        "print(sorted({'dagster', 'dbt', 'pandera'} & set(sys.modules)), file=sys.stderr)"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", program], input=ROWS, capture_output=True, text=True, cwd=ROOT, check=True,
        env={**os.environ, "RACKHOUR_HOME": str(tmp_path)},
    )  # fmt: skip
    expected = second.rolling(market(), lambda part: second.geks(part, "tornqvist"), 3, "mean")
    told = list(csv.DictReader(io.StringIO(outcome.stdout)))
    assert [float(row["index"]) for row in told] == pytest.approx(expected)
    assert outcome.stderr.strip().splitlines()[-1] == "[]"


def test_a_mistake_is_one_line_and_exit_code_one(tmp_path):
    outcome = rackhour("index", "nowhere.csv", "--method", "geks", home=tmp_path)
    assert outcome.returncode == 1
    assert outcome.stderr == "rackhour: there is no file nowhere.csv.\n"
    assert outcome.stdout == ""
