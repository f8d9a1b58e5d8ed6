"""Files of rows as people save them: each surprise a spreadsheet has in store, and that no row is lost to it."""

from __future__ import annotations

import io
import json

import polars as pl
import pytest

from sources import tabular
from sources.errors import SourceError
from sources.mapping import FileFormat
from sources.tabular import ERROR, ROW

CSV = "a,b\n1,x\n2,y\n"


def read(content: bytes | str, name: str = "f.csv", **form):
    return tabular.read(content.encode() if isinstance(content, str) else content, name, FileFormat(**form))


def cells(table: tabular.Table) -> list[tuple]:
    return table.frame.select(ROW, *table.columns).rows()


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("utf-16"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.rstrip("\n").encode(),
        CSV.replace(",", ";").encode(),
        CSV.replace(",", "\t").encode(),
        b'"a","b"\n"1","x"\n2,y',
        b" a , b \n1,x\n2,y\n",
        b"a,b,,\n1,x,,\n2,y,,\n",
    ],
    ids=["plain", "bom", "utf16", "crlf", "no_end", "semicolon", "tab", "quoted", "blanks", "empty_columns"],
)
def test_a_file_saved_in_another_way_is_the_same_rows(content):
    assert cells(read(content)) == [(2, "1", "x"), (3, "2", "y")]


def test_a_row_bears_the_number_a_spreadsheet_shows():
    table = read("a,b\n\n1,x\n,\n2,y\n\n")
    assert cells(table) == [(3, "1", "x"), (5, "2", "y")]
    assert "3 empty lines are no rows" in table.remarks


def test_a_line_break_in_quotes_is_inside_its_row():
    assert cells(read('a,b\n1,"x\ny"\n2,z\n')) == [(2, "1", "x\ny"), (3, "2", "z")]


def test_excels_separator_line_is_no_header():
    assert cells(read("sep=;\na;b\n1,5;x\n")) == [(3, "1,5", "x")]


def test_a_row_of_another_width_is_kept_and_says_so():
    table = read("a,b\n1\n1,2,3\n1,2\n")
    assert table.frame[ERROR].to_list() == ["1 fields where the header has 2", "3 fields where the header has 2", None]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "is empty"),
        ("  \n \n", "is empty"),
        ("a,b\n", "holds no row"),
        ("a,b,a\n1,2,3\n", r"names a column twice: 'a' in columns \[1, 3\]"),
        ("a,,b\n1,2,3\n", "column 2 has no name"),
        ('a,b\n1,"x\n2,y\n', "row 2 and what follows cannot be told apart"),
        (b"a,b\n1,\xfcber\n", r"is not utf-8 \(byte 6\)"),
        (b"a,b\n1,\x00\n", "NUL"),
        (b"PK\x03\x04....", "workbook"),
    ],
)
def test_damage_to_the_whole_is_told(content, told):
    with pytest.raises(SourceError, match=told):
        read(content)


def test_another_encoding_is_named():
    assert cells(read("a\nüber\n".encode("cp1252"), encoding="cp1252")) == [(2, "über")]
    with pytest.raises(SourceError, match="no encoding"):
        read(CSV, encoding="utf-99")


@pytest.mark.parametrize("name", ["f.xlsx", "f", "f.dat"])
def test_an_ending_that_says_nothing_is_told(name):
    with pytest.raises(SourceError, match=r"file\.format"):
        read(CSV, name)
    assert read(CSV, name, format="csv").columns == ["a", "b"]


def test_json_numbers_stay_as_they_are_written():
    table = read('[{"a": 0.1000, "b": {"c": true, "d": [1, 2]}}, {"a": 1e-7, "z": null}]', "f.json")
    assert table.columns == ["a", "b.c", "b.d", "z"]
    assert cells(table) == [(1, "0.1000", "true", '["1", "2"]', None), (2, "1e-7", None, None, None)]


def test_json_rows_that_cannot_be_read_are_kept():
    table = read('[{"a": 1, "a": 2}, "no", 3, {"a": 4}]', "f.json")
    assert table.frame[ERROR].to_list() == ["a key stands twice in it", 'no object but "no"', 'no object but "3"', None]


def test_a_list_inside_a_document_is_named():
    document = json.dumps({"meta": 1, "data": {"items": [{"a": 1}]}})
    assert cells(read(document, "f.json", records="data.items")) == [(1, "1")]
    with pytest.raises(SourceError, match="no 'rows'"):
        read(document, "f.json", records="data.rows")
    with pytest.raises(SourceError, match="is no list of objects"):
        read(document, "f.json")


def test_json_lines_bear_their_line():
    table = read('{"a": 1}\n\nnonsense\n{"a": 2}\n', "f.jsonl")
    assert table.frame[ROW].to_list() == [1, 3, 4]
    assert [bool(e) for e in table.frame[ERROR]] == [False, True, False]


def test_parquet_keeps_its_types():
    buffer = io.BytesIO()
    pl.DataFrame({"a": [1.5, None], "b": ["x", "y"]}).write_parquet(buffer)
    table = read(buffer.getvalue(), "f.parquet")
    assert cells(table) == [(1, 1.5, "x"), (2, None, "y")]
    with pytest.raises(SourceError, match="no Parquet"):
        read(b"PAR1 nonsense", "f.parquet")
