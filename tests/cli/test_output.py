"""`--to FILE` writes what the file's ending says, whole or not at all."""

from __future__ import annotations

import csv
import json

import duckdb
import polars as pl
import pytest

from tests.conftest import rackhour

QUERY = (
    "select gpu, as_of_date, price_usd_per_gpu_hour, is_stale, observation_ids from core.headline_rate "
    "order by all limit 9"
)


@pytest.fixture(scope="module")
def expected(released_home):
    """The same rows, asked from the file by DuckDB itself."""
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        return connection.sql(QUERY).fetchall()


def written(released_home, path, *arguments):
    outcome = rackhour("sql", QUERY, "--to", str(path), *arguments, home=released_home)
    assert outcome.returncode == 0, outcome.stderr
    assert outcome.stdout == ""
    return path


def test_a_csv_file_is_csv(released_home, expected, tmp_path):
    with written(released_home, tmp_path / "t.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["gpu"], row["as_of_date"], float(row["price_usd_per_gpu_hour"])) for row in rows] == [
        (gpu, str(day), float(price)) for gpu, day, price, *_ in expected
    ]


def test_a_parquet_file_keeps_the_types(released_home, expected, tmp_path):
    path = written(released_home, tmp_path / "t.parquet")
    assert duckdb.sql(f"from '{path}'").fetchall() == expected


def test_a_json_file_is_a_list_of_objects(released_home, expected, tmp_path):
    rows = json.loads(written(released_home, tmp_path / "T.JSON").read_text())
    assert [(row["gpu"], row["price_usd_per_gpu_hour"], row["observation_ids"]) for row in rows] == [
        (gpu, float(price), ids) for gpu, _, price, _, ids in expected
    ]


def test_a_workbook_has_dates_and_numbers_and_its_text_is_no_formula(released_home, expected, tmp_path):
    path = written(released_home, tmp_path / "t.xlsx")
    sheet = pl.read_excel(path)
    assert sheet["as_of_date"].to_list() == [row[1] for row in expected]
    assert sheet["price_usd_per_gpu_hour"].to_list() == pytest.approx([float(row[2]) for row in expected])
    assert sheet["is_stale"].to_list() == [row[3] for row in expected]
    odd = "select '=1+1' as text, [1, 2] as list, interval 1 day as span, timestamptz '2026-01-02 03:04:05Z' as moment"
    outcome = rackhour("sql", odd, "--to", str(path), home=released_home)
    assert outcome.returncode == 0, outcome.stderr
    ((text, listed, span, moment),) = pl.read_excel(path).rows()
    assert (text, listed, span, str(moment)) == ("=1+1", "[1, 2]", "1 day", "2026-01-02 03:04:05")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--to", "{}/t.dat"), ".csv, .json, .parquet, .xlsx"),
        (("--to", "{}/t"), "has no ending"),
        (("--to", "{}/t.csv", "--format", "json"), "is a csv file and --format says json"),
        (("--to", "{}/no/such/t.csv"), "mkdir -p"),
        (("--format", "yaml"), "is none of table, csv, json, parquet"),
        (("--format", "xlsx"), "--to result.xlsx"),
    ],
)
def test_what_cannot_be_written_is_told_with_what_can(released_home, tmp_path, arguments, told):
    outcome = rackhour("sql", QUERY, *[a.format(tmp_path) for a in arguments], home=released_home)
    assert outcome.returncode == 1
    assert told in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_format_that_agrees_with_the_ending_is_no_mistake(released_home, tmp_path):
    assert written(released_home, tmp_path / "t.parquet", "--format", "parquet").read_bytes()[:4] == b"PAR1"


@pytest.mark.parametrize("ending", ["csv", "json", "parquet", "xlsx"])
def test_a_query_that_fails_while_its_rows_are_read_leaves_the_file_as_it_was(released_home, tmp_path, ending):
    path = tmp_path / f"t.{ending}"
    path.write_text("earlier")
    query = "select case when i = 4000 then error('no') else i end as i from range(5000) as r(i)"
    outcome = rackhour("sql", query, "--to", str(path), home=released_home)
    assert outcome.returncode == 1
    assert "Traceback" not in outcome.stderr
    assert path.read_text() == "earlier"
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_explain_writes_text_or_json(released_home, tmp_path):
    for name in ("why.txt", "why.json"):
        outcome = rackhour("explain", "capital_structure", "--to", str(tmp_path / name), home=released_home)
        assert outcome.returncode == 0, outcome.stderr
    shown = rackhour("explain", "capital_structure", home=released_home).stdout
    assert (tmp_path / "why.txt").read_text() == shown
    assert json.loads((tmp_path / "why.json").read_text())["mart"] == "capital_structure"
    refused = rackhour("explain", "capital_structure", "--to", str(tmp_path / "why.csv"), home=released_home)
    assert refused.returncode == 1
    assert ".txt, .json" in refused.stderr


def test_a_scenario_goes_into_a_workbook(released_home, tmp_path):
    arguments = ("scenario", "stress_power", "--mart", "revenue_per_mw")
    assert rackhour(*arguments, "--to", str(tmp_path / "s.xlsx"), home=released_home).returncode == 0
    lines = list(csv.DictReader(rackhour(*arguments, "--format", "csv", home=released_home).stdout.splitlines()))
    sheet = pl.read_excel(tmp_path / "s.xlsx")
    assert sheet["value"].to_list() == pytest.approx([float(line["value"]) for line in lines])


def test_an_index_goes_into_every_kind_of_file(tmp_path):
    prices = "period,item,price\n2026-01,a,1\n2026-02,a,2\n2026-01,b,4\n2026-02,b,2\n"
    for ending in ("csv", "json", "parquet", "xlsx"):
        arguments = ("index", "-", "--method", "jevons", "--to", str(tmp_path / f"i.{ending}"))
        assert rackhour(*arguments, home=tmp_path, input=prices).returncode == 0
    frames = [
        pl.read_csv(tmp_path / "i.csv"), pl.read_parquet(tmp_path / "i.parquet"), pl.read_excel(tmp_path / "i.xlsx"),
        pl.DataFrame(json.loads((tmp_path / "i.json").read_text())),
    ]  # fmt: skip
    for frame in frames:
        assert frame["index"].to_list() == pytest.approx([1.0, 1.0])  # the root of 2 times one half
