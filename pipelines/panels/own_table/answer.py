"""From a file of prices to the rows of an index over it.

Not here: printing (pipelines/cli/index_rows.py), option rules (options.py), reading (table.py, periods.py, panel.py),
the index itself (economics).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.panel import Matrix, Panel
from pipelines.economics.index_numbers.series import Request, Series, compute_index
from pipelines.panels.own_table import panel, table
from pipelines.panels.own_table.options import UNWEIGHTED, Options
from pipelines.panels.own_table.panel import Matrices
from pipelines.panels.own_table.periods import parse
from pipelines.panels.own_table.table import Columns, File, IndexTableError

DEFAULT_QUANTITY = "quantity"
LISTED = 12


@dataclass(frozen=True)
class Answer:
    """The rows, what the reader should know about them, and the method in a line."""

    rows: pl.DataFrame
    notes: tuple[str, ...]
    told: str


def answer(source: str | pl.DataFrame, columns: Columns, options: Options, *, detail: bool = False) -> Answer:
    """The index of a frame, or of the file at a path: period and index, with `detail` also what each level rests on.

    `columns.quantity` is None where nobody named one: then `quantity` is taken if the file has it. Features are the
    options'. Raises IndexTableError, naming file, row, column and rule.
    """
    options = options.checked()
    file = table.load(source) if isinstance(source, str) else File(source, "the frame", first_row=1)
    columns = _with_quantity(file, replace(columns, features=options.features), options)
    options = options.decided(columns.quantity is not None)
    made = panel.build(table.select(file, columns), columns, weighs=options.weighs())
    series = _series(made, options, file.name)
    return Answer(_rows(made, series, detail), (*made.notes, *_remarks(made, series)), _told(made, options))


def _with_quantity(file: File, columns: Columns, options: Options) -> Columns:
    """The columns with the quantity's name decided: None where there is none and the method can do without."""
    if columns.quantity is not None:
        return columns
    if DEFAULT_QUANTITY in file.raw.columns and (options.wants_quantity() is not False or _repeats(file, columns)):
        return replace(columns, quantity=DEFAULT_QUANTITY)
    if options.wants_quantity():
        raise IndexTableError(
            f"{file.name}: {options.method} weighs by quantities, and there is no column {DEFAULT_QUANTITY!r}. It has: "
            f"{file.headers()}. Say which one is meant with --quantity-col, or take a method that needs none: "
            f"{', '.join(UNWEIGHTED)}, geks --base jevons, tpd --weights none."
        )
    return columns


def _repeats(file: File, columns: Columns) -> bool:
    """Whether an item stands in several rows of a period: only then a method without weights needs quantities."""
    key = [columns.item, columns.period]
    return set(key) <= set(file.raw.columns) and bool(file.raw.select(key).is_duplicated().any())


def _series(made: Matrices, options: Options, name: str) -> Series:
    base = 0
    if options.base_period is not None:
        parsed = parse(options.base_period)
        wanted = parsed[1][1] if parsed else options.base_period
        if wanted not in made.periods:
            raise IndexTableError(
                f"{name}: --base-period {options.base_period} is none of its periods, {made.periods[0]} to "
                f"{made.periods[-1]}."
            )
        base = made.periods.index(wanted)
    if options.window is not None and options.window > len(made.periods):
        raise IndexTableError(
            f"{name}: --window {options.window} is longer than its {len(made.periods)} periods. Take a shorter one, or "
            "none: all periods at once."
        )
    request = Request(
        method=options.method,
        output=options.output,
        geks_base=options.base,
        weights=options.weights,
        window=options.window,
        splice=options.splice,
        splice_on=options.splice_on,
        expanding=options.expanding,
        missing=options.missing or "matched",
        base_period=base,
    )
    try:
        return compute_index(Panel.of(made.price, quantity=made.quantity), request, made.features)
    except ValueError as error:
        told = str(error).replace(f"period {base} ", f"period {made.periods[base]} ")
        raise IndexTableError(f"{name}: {told}.") from error


def _rows(made: Matrices, series: Series, detail: bool) -> pl.DataFrame:
    columns = [pl.Series("period", made.periods, dtype=pl.String), _figures("index", series.level)]
    if detail:
        columns += [
            pl.Series("items", series.items),
            pl.Series("matched_items", series.matched_items),
            _figures("coverage_pct", series.coverage_pct),
            _figures("value_coverage_pct", series.value_coverage_pct),
            pl.Series("link_periods", series.link_periods),
        ]
        if series.corrected_level is not None:
            columns.append(_figures("variance_corrected_index", series.corrected_level))
        if series.circle is not None:
            columns.append(_figures("circle", series.circle))
        if series.drift is not None:
            columns.append(_figures("ratio_to_geks", series.drift))
    return pl.DataFrame(columns)


def _figures(name: str, values: Matrix) -> pl.Series:
    """Null where there is no number."""
    return pl.Series(name, values, dtype=pl.Float64).fill_nan(None)


def _remarks(made: Matrices, series: Series) -> Iterator[str]:
    """What the reader of the levels should know."""
    if series.filled:
        yield f"{series.filled} missing prices between two sightings of their item are filled"
    without = [period for period, level in zip(made.periods, series.level, strict=True) if np.isnan(level)]
    if without:
        told = ", ".join(without[:LISTED]) + (f" and {len(without) - LISTED} more" if len(without) > LISTED else "")
        yield f"no level for {told}: no path of shared items leads there from the base period"
    bridged = int((series.link_periods > 1).sum())
    if bridged:
        yield f"{bridged} chained links span more than one period, for want of shared items (--detail: link_periods)"


def _told(made: Matrices, options: Options) -> str:
    prices = int(np.isfinite(made.price).sum())
    return (
        f"{options.told()}; {made.price.shape[0]:,} items, {len(made.periods)} periods, {prices:,} prices, "
        f"base period {options.base_period or made.periods[0]}"
    )
