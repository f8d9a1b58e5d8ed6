"""How figures are shown in Dagster's pages: small tables, column lists, ranges, one line plot.

Everything is made from frames at hand in a few milliseconds; no plotting library is loaded for it.
Not here: which asset shows what.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import dagster as dg
import polars as pl

SHOWN_COLUMNS = 8
INLINE = 1000  # Dagster shows longer markdown behind a link
LEAST_ROWS = 3
LONGEST_CELL = 60
BARS = "▁▂▃▄▅▆▇█"
TREND_POINTS = 24
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 220, 64, 24, 12
COLOURS = ("#2f6f9f", "#c8553d", "#3c8d5a", "#8a5aa8", "#b8860b", "#4a4a4a")


def table(frame: pl.DataFrame) -> dg.MetadataValue:
    """A frame's first rows and columns as a markdown table, as many rows as Dagster shows without a click."""
    shown = frame.select(frame.columns[:SHOWN_COLUMNS])
    rows = [[_cell(v) for v in row] for row in shown.iter_rows()]
    while len(rows) > LEAST_ROWS and len(_markdown(shown.columns, rows)) >= INLINE:
        rows.pop()
    return dg.MetadataValue.md(_markdown(shown.columns, rows))


def trend(frame: pl.DataFrame, x: str, y: str, series: str) -> dg.MetadataValue:
    """First value, course and last value of each series, as a markdown table with bars for the course.

    The frame holds these three columns, without nulls; bars run from zero to the series' own highest value.
    """
    rows = []
    for (name,), part in frame.sort(x).group_by(series, maintain_order=True):
        values = part[y].to_list()
        high = max(values) or 1.0
        step = max(len(values) / TREND_POINTS, 1.0)
        picked = [values[min(int(i * step), len(values) - 1)] for i in range(min(len(values), TREND_POINTS))]
        bars = "".join(BARS[max(0, min(len(BARS) - 1, round(v / high * (len(BARS) - 1))))] for v in picked)
        rows.append([_cell(name), _cell(values[0]), bars, _cell(values[-1]), f"{part[x][0]} to {part[x][-1]}"])
    return dg.MetadataValue.md(_markdown([series, "first", "course", "last", "days"], rows))


def pairs(values: Mapping[str, object], name: str, value: str) -> dg.MetadataValue:
    """A mapping as a markdown table of two columns."""
    return dg.MetadataValue.md(_markdown([name, value], [[_cell(k), _cell(v)] for k, v in values.items()]))


def column_schema(columns: Iterable[tuple[str, str, str]]) -> dg.MetadataValue:
    """Columns as (name, type, description)."""
    listed = [dg.TableColumn(name=name, type=kind, description=text or None) for name, kind, text in columns]
    return dg.MetadataValue.table_schema(dg.TableSchema(columns=listed))


def ranges(frame: pl.DataFrame, columns: Iterable[tuple[str, str]]) -> dg.MetadataValue:
    """Lowest, median and highest value of each column, with its unit, as a markdown table."""
    rows = []
    for name, unit in columns:
        values = frame[name].drop_nulls()
        if values.len():
            points = [_cell(values.min()), _cell(values.median()), _cell(values.max())]
            rows.append([name, unit, *points, str(values.len())])
    return dg.MetadataValue.md(_markdown(["column", "unit", "lowest", "median", "highest", "values"], rows))


def spans(ranges: Mapping[str, tuple[object, object]]) -> dg.MetadataValue:
    """Lowest and highest value by column, as a markdown table."""
    rows = [[name, _cell(low), _cell(high)] for name, (low, high) in ranges.items() if low is not None]
    return dg.MetadataValue.md(_markdown(["column", "lowest", "highest"], rows))


def lines(frame: pl.DataFrame, x: str, y: str, series: str, title: str) -> dg.MetadataValue:
    """A line per series of `y` over the dates of `x`, as a picture inside markdown.

    The frame holds these three columns, without nulls.
    """
    days = sorted(set(frame[x].cast(pl.Int32).to_list()))
    first, span = days[0], max(days[-1] - days[0], 1)
    values = frame[y].to_list()
    low, high = min(*values, 0.0), max(values)
    height = (high - low) or 1.0

    def point(day: int, value: float) -> str:
        across = LEFT + (day - first) / span * (WIDTH - LEFT - 150)
        down = TOP + (1 - (value - low) / height) * (HEIGHT - TOP - BOTTOM)
        return f"{across:.1f},{down:.1f}"

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif">']
    parts.append('<rect width="100%" height="100%" fill="#ffffff"/>')
    for value in (low, low + height / 2, low + height):
        left, level = point(first, value).split(",")
        parts.append(f'<line x1="{left}" y1="{level}" x2="{WIDTH - 150}" y2="{level}" stroke="#dddddd"/>')
        parts.append(_svg_text(LEFT - 6, float(level) + 4, _cell(value), anchor="end"))
    for number, ((name,), rows) in enumerate(frame.sort(x).group_by(series, maintain_order=True)):
        if number == len(COLOURS):
            break
        colour = COLOURS[number]
        points = " ".join(point(int(d), float(v)) for d, v in rows.select(pl.col(x).cast(pl.Int32), y).iter_rows())
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>')
        parts.append(_svg_text(WIDTH - 144, TOP + 14 + 16 * number, str(name), colour=colour))
    for day, anchor in ((first, "start"), (first + span, "end")):
        across = point(day, low).split(",")[0]
        text = pl.Series([day], dtype=pl.Int32).cast(pl.Date)[0]
        parts.append(_svg_text(float(across), HEIGHT - 6, str(text), anchor=anchor))
    picture = base64.b64encode(("".join(parts) + "</svg>").encode()).decode()
    return dg.MetadataValue.md(f"{title}\n\n![{title}](data:image/svg+xml;base64,{picture})")


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *rows])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    if isinstance(value, Decimal):
        return _cell(float(value))
    text = " ".join(str(value).split())
    return (text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…").replace("|", "\\|")


def _svg_text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = "#333333") -> str:
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" text-anchor="{anchor}" fill="{colour}">{safe}</text>'
