"""`rackhour index`: a price index over a table of one's own. Not here: computing it (pipelines/panels/own_table)."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.command import ToFile, errors_told, examples

METHODS = (
    *("carli", "dutot", "jevons", "laspeyres", "paasche", "fisher", "tornqvist", "walsh", "sato-vartia"),
    *("geks", "tpd", "gk", "tdh"),
)


def index(
    path: Annotated[str, typer.Argument(help="CSV or Parquet, a row per item and period; - reads CSV from a pipe.")],
    method: Annotated[
        str,
        typer.Option(
            autocompletion=completion.one_of(*METHODS),
            help="carli, dutot, jevons (no quantities), laspeyres, paasche, fisher, tornqvist, walsh, sato-vartia; "
            "multilateral: geks, tpd, gk, tdh.",
        ),
    ],
    base: Annotated[
        str | None,
        typer.Option(help="Formula of GEKS: jevons, fisher, tornqvist (default with quantities), walsh."),
    ] = None,
    output: Annotated[
        str | None, typer.Option(help="Bilateral: fixed (every period against the base; default) or chained.")
    ] = None,
    window: Annotated[
        int | None, typer.Option(metavar="N", help="Multilateral: periods of a rolling window. Default: all at once.")
    ] = None,
    splice: Annotated[
        str | None, typer.Option(help="How windows are joined: movement, window, half, mean (default) or fixed-base.")
    ] = None,
    splice_on: Annotated[
        str | None, typer.Option("--splice-on", help="recalculated (default) or published levels.")
    ] = None,
    expanding: Annotated[
        bool, typer.Option("--expanding", help="fixed-base: the window grows from its base period.")
    ] = False,
    weights: Annotated[
        str | None, typer.Option(help="tpd, tdh: share (default with quantities), value or none.")
    ] = None,
    base_period: Annotated[
        str | None, typer.Option(metavar="PERIOD", help="The period whose level is 1. Default: the first.")
    ] = None,
    missing: Annotated[
        str | None,
        typer.Option(help="Prices missing between two sightings of an item: matched (none; default), carry or impute."),
    ] = None,
    period_col: Annotated[
        str, typer.Option(metavar="NAME", help="Dates, months, quarters or whole numbers.")
    ] = "period",
    item_col: Annotated[str, typer.Option(metavar="NAME", help="What is the same thing over time.")] = "item",
    price_col: Annotated[str, typer.Option(metavar="NAME", help="Above zero; empty: not offered then.")] = "price",
    quantity_col: Annotated[
        str | None, typer.Option(metavar="NAME", help="Zero or above. Default: quantity, where the file has it.")
    ] = None,
    features: Annotated[
        str | None,
        typer.Option(metavar="A,B", help="tdh: columns; numbers enter as logarithms, 0/1 as is, words as dummies."),
    ] = None,
    detail: Annotated[
        bool, typer.Option("--detail", help="By period also items, matched items, coverage, length of links, drift.")
    ] = False,
    form: Annotated[
        str | None,
        typer.Option(
            "--format", help="csv (default), table or json.", autocompletion=completion.one_of("csv", "table", "json")
        ),
    ] = None,
    to: ToFile = None,
) -> None:
    """A price index over a table of your own: period and index, by the code that makes the price marts.

    Several rows of one item in a period become their unit value, where quantities are given. A period that no path of
    shared items joins to the base has an empty cell; a note on standard error names it, and the exit code stays 0.
    Exit code 1 where the table or the options cannot be used.
    """
    from pipelines.cli import index_rows
    from pipelines.cli.output import format_of
    from pipelines.panels.own_table.answer import answer
    from pipelines.panels.own_table.options import Options
    from pipelines.panels.own_table.table import Columns

    wanted = tuple(name.strip() for name in (features or "").split(",") if name.strip())
    with errors_told():
        chosen = format_of(form, to, index_rows.FORMATS)
        found = answer(
            path,
            Columns(period_col, item_col, price_col, quantity_col),
            Options(method, base, output, window, splice, splice_on, weights, wanted, missing, base_period, expanding),
            detail=detail,
        )
        index_rows.show(found, chosen, to)


EXAMPLES = examples(
    "rackhour index prices.csv --method geks --window 25",
    "rackhour index scanner.parquet --method tpd --item-col ean --period-col month --price-col unit_value",
    "rackhour index panel.csv --method fisher --output chained --detail --format table",
    "rackhour index gpus.csv --method tdh --features memory_gb,vendor",
    'rackhour sql "select month as period, item, price from marts.price_panel join marts.price_panel_item '
    "using (item) where segment = 'gpu_rental/H100 SXM/on_demand' and price is not null "
    'and month between first_month and last_month" --format csv | rackhour index - --method jevons',
)


def add_to(app: typer.Typer) -> None:
    """The command in the app."""
    app.command(epilog=EXAMPLES)(index)
