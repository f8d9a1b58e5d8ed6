"""What every command is written with: examples under its help, errors in one line, options that several share.

Not here: any command (one module per group), completion of names (completion.py), formats and files (output.py).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from pipelines.cli import completion

if TYPE_CHECKING:
    import datetime as dt

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, as shells have it: 128 and the signal's number."""
QUERY_INTERRUPTED = "Query interrupted"  # DuckDB's own error where Ctrl-C meets it in a query

ReleaseId = Annotated[
    str | None,
    typer.Option(
        "--release",
        metavar="ID",
        help="Another release than the published one.",
        autocompletion=completion.releases,
    ),
]
ToFile = Annotated[
    Path | None,
    typer.Option("--to", metavar="FILE", help="Write a file; its ending says the format: .csv .json .parquet .xlsx."),
]
ListFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="table (default), csv or json.",
        autocompletion=completion.one_of("table", "csv", "json"),
    ),
]
RowFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="table (default), csv, json or parquet.",
        autocompletion=completion.one_of("table", "csv", "json", "parquet"),
    ),
]


def examples(*lines: str) -> str:
    """The epilog of a command: lines that can be pasted."""
    return "Examples:\n\n" + "\n\n".join(f"  {line}" for line in lines)


@contextmanager
def errors_told() -> Iterator[None]:
    """Errors a person can act on: one line on standard error and exit code 1, without a traceback."""
    from pipelines.home.lock import AlreadyRunning
    from pipelines.home.manifest import ReleaseError
    from pipelines.home.places import HomeError
    from pipelines.release.query import QueryError
    from pipelines.scenarios.errors import ScenarioError
    from sources.errors import RequestError, SourceError

    try:
        yield
    except (HomeError, AlreadyRunning, ReleaseError, QueryError, RequestError, ScenarioError, SourceError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        _end_interrupted()
    except RuntimeError as error:
        if str(error) != QUERY_INTERRUPTED:
            raise
        _end_interrupted()


def _end_interrupted() -> NoReturn:
    """Say so and end. At once, because DuckDB's threads would finish their query before an orderly exit."""
    print("\nrackhour: interrupted. The published release is unchanged.", file=sys.stderr, flush=True)
    os._exit(INTERRUPTED)


def fail(message: str) -> NoReturn:
    """Say what is wrong and end with exit code 1."""
    print(f"rackhour: {message}", file=sys.stderr)
    raise typer.Exit(1)


def day_of(option: str, text: str) -> dt.date:
    """The date an option was given."""
    import datetime as dt

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        fail(f"{option} {text!r} is not a date. Write it like 2025-06-30.")


def past_day_of(option: str, text: str) -> dt.date:
    """The date an option was given, today at the latest."""
    from sources import clock

    day = day_of(option, text)
    if day > clock.today():
        fail(f"{option} {day} lies in the future. The latest day is today, {clock.today()}.")
    return day
