"""Tables, trends and plots for Dagster's pages."""

import base64
import datetime as dt
import xml.etree.ElementTree as ET

import polars as pl

from pipelines.defs import present

PRICES = pl.DataFrame(
    {
        "day": [dt.date(2025, m, 1) for m in (1, 2, 3)] * 2,
        "gpu": ["A<1>"] * 3 + ["B"] * 3,
        "price": [4.0, 3.0, 2.0, 1.0, 1.0, 1.0],
    }
)


def test_a_table_fits_what_dagster_shows_without_a_click():
    wide = pl.DataFrame({f"column_{i}": ["x" * 12] * 50 for i in range(5)})
    text = present.table(wide).value
    assert len(text) < present.INLINE
    assert text.count("\n") > present.LEAST_ROWS


def test_cells_cannot_break_a_table():
    text = present.table(pl.DataFrame({"a": ["one|two\nthree", None, "long " * 50]})).value
    assert text.splitlines()[2:4] == ["| one\\|two three |", "|  |"]
    assert len(text.splitlines()[4]) == present.LONGEST_CELL + 4


def test_a_trend_shows_first_course_and_last():
    text = present.trend(PRICES, "day", "price", "gpu").value
    assert "| A<1> | 4 | █▆▅ | 2 | 2025-01-01 to 2025-03-01 |" in text


def test_a_plot_is_a_picture_inside_markdown():
    text = present.lines(PRICES, "day", "price", "gpu", "price").value
    picture = base64.b64decode(text.split("base64,")[1].rstrip(")"))
    root = ET.fromstring(picture)
    assert len(root.findall("{http://www.w3.org/2000/svg}polyline")) == 2
    assert "A<1>" in [t.text for t in root.iter("{http://www.w3.org/2000/svg}text")]


def test_ranges_name_the_unit():
    assert "| price | usd | 1 | 1.5 | 4 | 6 |" in present.ranges(PRICES, [("price", "usd")]).value
