"""A table laid out by rich to the width of the terminal: nothing runs over the edge and no number is cut.

Columns share the width; text wraps. Where even the narrowest columns do not fit, few rows are shown as records, one
field a line, and many rows as the columns that fit, with a line that counts the others.
Not here: what a cell says (show.py), pipes and files.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

NARROWEST_TEXT = 14  # below this a wrapped cell is no longer read but spelled
NARROWEST_NAME = 12
MOST_RECORDS = 20
GAP = 2


def terminal_table(names: Sequence[str], cells: Sequence[Sequence[str]], numeric: Sequence[bool]) -> str:
    """The rows as text with the terminal's styles."""
    console = Console(highlight=False, soft_wrap=False)
    cells = [[_printable(cell) for cell in row] for row in cells]
    natural = [max([cell_len(name), *[cell_len(row[i]) for row in cells]]) for i, name in enumerate(names)]
    least = [_least(name, [row[i] for row in cells], numeric[i]) for i, name in enumerate(names)]
    with console.capture() as captured:
        if _whole(least) <= console.width:
            console.print(_table(names, cells, numeric, _widths(least, natural, console.width)))
        elif len(cells) <= MOST_RECORDS:
            _print_records(console, names, cells)
        else:
            shown = max(1, sum(_whole(least[: count + 1]) <= console.width for count in range(len(names))))
            widths = _widths(least[:shown], natural[:shown], console.width)
            console.print(_table(names[:shown], [row[:shown] for row in cells], numeric[:shown], widths))
            left = f"{shown} of {len(names)} columns fit in {console.width} characters; --to FILE or a pipe gives all."
            console.print(Text(left))
    return captured.get()


def _table(
    names: Sequence[str], cells: Sequence[Sequence[str]], numeric: Sequence[bool], widths: Sequence[int]
) -> Table:
    made = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, GAP - 1, 0, 0), header_style=style("bold")
    )
    for name, is_number, width in zip(names, numeric, widths, strict=True):
        made.add_column(
            Text(name),
            justify="right" if is_number else "left",
            overflow="fold",
            min_width=width,
            max_width=width,
        )
    for row in cells:
        made.add_row(*[Text(cell) for cell in row])
    return made


def _print_records(console: Console, names: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    widest = min(max(map(cell_len, names)), console.width // 2)
    for number, row in enumerate(cells, start=1):
        console.print(Text(f"row {number} of {len(cells)}", style=style("bold")))
        grid = Table.grid(padding=(0, GAP, 0, 0))
        grid.add_column(min_width=widest, max_width=widest, overflow="fold")
        grid.add_column(max_width=max(1, console.width - widest - 2 * GAP), overflow="fold")
        for name, cell in zip(names, row, strict=True):
            grid.add_row(Text(name), Text(cell))
        console.print(grid)


def _least(name: str, column: Sequence[str], is_number: bool) -> int:
    """The width below which a column is not worth showing: a number whole, a text wrapped."""
    widest = max(map(cell_len, column), default=0)
    return max(min(cell_len(name), NARROWEST_NAME), widest if is_number else min(widest, NARROWEST_TEXT), 1)


def _whole(widths: Sequence[int]) -> int:
    return sum(widths) + GAP * len(widths)


def _widths(least: Sequence[int], natural: Sequence[int], available: int) -> list[int]:
    """Widths between the least and the natural ones; what is free goes to the narrowest unfinished column first."""
    widths = list(least)
    free = available - _whole(widths)
    while free > 0:
        growing = [i for i, width in enumerate(widths) if width < natural[i]]
        if not growing:
            break
        widths[min(growing, key=widths.__getitem__)] += 1
        free -= 1
    return widths


def style(name: str) -> str:
    """A style of rich, or none where NO_COLOR is set."""
    return "" if os.environ.get("NO_COLOR") else name


def _printable(text: str) -> str:
    """A cell without what a terminal obeys: a publisher's label must not move the cursor."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
