"""`rackhour sql`, `explain`, `tables` and `describe`: asking the published release.

Not here: answering (pipelines/release/query.py, pipelines/explain), formats and files (output.py).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.command import ListFormat, ReleaseId, RowFormat, ToFile, errors_told, examples

EXPLAIN_ENDINGS = {".txt": "text", ".json": "json"}


def sql(
    query: Annotated[str, typer.Argument(help="One reading statement of DuckDB SQL; - reads it from standard input.")],
    form: RowFormat = None,
    release: ReleaseId = None,
    to: ToFile = None,
) -> None:
    """Read-only SQL on the published release.

    Without --format and --to a table is printed. --to FILE writes what the file's ending says.
    """
    import duckdb

    from pipelines.cli.output import format_of, reader_may_leave, write_relation
    from pipelines.home.places import Home
    from pipelines.release import query as queries

    with errors_told():
        chosen = format_of(form, to)
        connection = queries.connect(Home.from_environment(), release)
        text = sys.stdin.read() if query == "-" else query
        relation = queries.answer(connection, text)
        with queries.errors_in_words(connection), reader_may_leave():
            try:
                write_relation(relation, chosen, to)
            except duckdb.InterruptException as error:
                raise KeyboardInterrupt from error


def explain(
    table: Annotated[
        str,
        typer.Argument(
            help="A mart, such as gpu_hour_margin, or a table of core.", autocompletion=completion.explainable
        ),
    ],
    where: Annotated[
        str | None, typer.Option(metavar="SQL", help="Which row: one condition on the table's columns.")
    ] = None,
    figure: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Which figure; `all` for every one. Default: the main one.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", help="text (default) or json.", autocompletion=completion.one_of("text", "json")),
    ] = None,
    depth: Annotated[int | None, typer.Option(min=0, help="Levels of operands to show in text. Default: all.")] = None,
    release: ReleaseId = None,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="FILE", help="Write a file; its ending says the format: .txt or .json."),
    ] = None,
) -> None:
    """How a figure came about: its formula, every operand, and the observations behind them.

    Of a mart, the mart's own code computes the row again and notes what each figure is made of, down to what
    publishers state, documents print and we assume. Of a core table (core.headline_rate, core.fct_token_price), the
    row's columns and the observations it was made of. Where several rows match, the newest is taken.
    """
    from pipelines.cli.output import format_of, reader_may_leave, write_text
    from pipelines.cli.watching import spinner
    from pipelines.home.places import Home
    from pipelines.release import query as queries

    with errors_told():
        chosen = format_of(form, to, ("text", "json"), EXPLAIN_ENDINGS)
        connection = queries.connect(Home.from_environment(), release)
        with spinner("computing the row again"):
            from pipelines.explain import document, text
            from pipelines.explain.explaining import explain as run

            explained = run(connection, table, where, figure)
            told = document.as_json(explained) if chosen == "json" else text.as_text(explained, depth)
        with reader_may_leave():
            write_text(told, to)


def tables(form: ListFormat = None, to: ToFile = None, release: ReleaseId = None) -> None:
    """The tables of the release: kind, rows, and what one row is.

    Kinds: an answer is what people query, a panel is what answers are made of, an audit table shows how we know.
    """
    from pipelines.cli.output import LIST_FORMATS, format_of, reader_may_leave, write_list
    from pipelines.home.places import Home
    from pipelines.release import described
    from pipelines.release import query as queries

    with errors_told():
        chosen = format_of(form, to, LIST_FORMATS)
        rows = described.tables(queries.connect(Home.from_environment(), release))
        with reader_may_leave():
            write_list(described.TABLE_NAMES, rows, chosen, to)


def describe(
    table: Annotated[
        str,
        typer.Argument(help="The table, such as marts.gpu_hour_margin.", autocompletion=completion.tables),
    ],
    form: ListFormat = None,
    to: ToFile = None,
    release: ReleaseId = None,
) -> None:
    """The columns of a table with type, unit and meaning."""
    from pipelines.cli.output import LIST_FORMATS, format_of, reader_may_leave, write_list
    from pipelines.home.places import Home
    from pipelines.release import described
    from pipelines.release import query as queries

    with errors_told():
        chosen = format_of(form, to, LIST_FORMATS)
        name, comment, rows = described.columns(queries.connect(Home.from_environment(), release), table)
        with reader_may_leave():
            if chosen == "table" and to is None:
                print(f"{name}\n{comment}\n")
            write_list(described.COLUMN_NAMES, rows, chosen, to)


SQL_EXAMPLES = examples(
    'rackhour sql "select gpu, price_usd_per_gpu_hour from core.headline_rate where as_of_date = '
    "(select max(as_of_date) from core.headline_rate) and commitment = 'on_demand' and provider_tier = 'all'\"",
    'rackhour sql "from marts.price_deflation" --format csv',
    'rackhour sql "show all tables"',
    'rackhour sql "from marts.revenue_per_mw" --to mw.parquet',
    "rackhour sql \"from marts.gpu_hour_margin where gpu = 'H200'\" --to margins.xlsx",
)
EXPLAIN_EXAMPLES = examples(
    "rackhour explain gpu_hour_margin",
    "rackhour explain gpu_hour_margin --where \"gpu = 'H200' and market = 'us_average'\"",
    "rackhour explain model_result --where \"model_id = 'M20'\" --depth 2",
    "rackhour explain token_margin --figure breakeven_utilisation_pct --to token_margin.json",
)
TABLES_EXAMPLES = examples("rackhour tables", "rackhour tables --format csv", "rackhour tables --to tables.xlsx")
DESCRIBE_EXAMPLES = examples(
    "rackhour describe marts.gpu_hour_margin",
    "rackhour describe headline_rate --format json",
)


def add_to(app: typer.Typer) -> None:
    """The commands in the app."""
    app.command(epilog=SQL_EXAMPLES)(sql)
    app.command(epilog=EXPLAIN_EXAMPLES)(explain)
    app.command(epilog=TABLES_EXAMPLES)(tables)
    app.command(epilog=DESCRIBE_EXAMPLES)(describe)
