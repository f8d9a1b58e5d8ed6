"""`rackhour doctor`, `sources` and `try`: is everything well, what publishers are there, does one of them work.

Not here: examining (doctor.py), trying (pipelines/landing/trying.py), what a person reads (source_list.py,
trial_report.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.command import ListFormat, ToFile, errors_told, examples, fail


def doctor() -> None:
    """What is installed, configured, stale or broken, and what to do. Exit code 1 when something is broken."""
    from pipelines.cli.doctor import examine
    from pipelines.home.places import Home

    text, healthy = examine(Home.from_environment())
    print(text)
    if not healthy:
        raise typer.Exit(1)


def sources(
    name: Annotated[
        str | None,
        typer.Argument(help="Everything about this source.", autocompletion=completion.every_source),
    ] = None,
    form: ListFormat = None,
    to: ToFile = None,
) -> None:
    """The publishers there are: family, cadence, embedded or live, key, licence; with a name, everything about one."""
    import json

    from pipelines.cli import source_list
    from pipelines.cli.output import LIST_FORMATS, format_of, reader_may_leave, write_list, write_text
    from pipelines.home.places import Home

    with errors_told():
        chosen = format_of(form, to, LIST_FORMATS)
        home = Home.from_environment()
        names, rows = source_list.about(home, name) if name else source_list.listed(home)
        with reader_may_leave():
            if name and chosen == "json":
                write_text(json.dumps(dict(rows), indent=1) + "\n", to)
                return
            write_list(names, rows, chosen, to)


def try_(
    source: Annotated[
        str, typer.Argument(help="The source, such as runpod.", autocompletion=completion.packaged_sources)
    ],
    file: Annotated[
        Path | None,
        typer.Option(metavar="PAYLOAD", help="Read this saved answer, or a payload.gz that landing keeps."),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Ask the publisher now.")] = False,
    rows: Annotated[int, typer.Option(min=0, metavar="N", help="Accepted rows to show of each payload.")] = 5,
    meta: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="With --file: what the connector reads from payload.metadata."),
    ] = None,
    form: ListFormat = None,
) -> None:
    """One publisher alone: read its payload, parse it, check every row, and show what a refresh would take.

    Shows rows, counts, rejections with field, rule and value, and names that no crosswalk knows with the file to edit.
    Writes nothing in the home. Without --file and --live it reads the embedded observations. --format csv prints
    all accepted rows. Exit code 1 when no row was accepted.
    """
    from pipelines.cli import trial_report
    from pipelines.cli.output import LIST_FORMATS, format_of, reader_may_leave
    from pipelines.cli.watching import spinner
    from sources.registry import select

    if file is not None and live:
        fail("--file reads a payload you have and --live asks the publisher. Give one of them.")
    with errors_told():
        chosen = format_of(form, None, LIST_FORMATS)
        [spec] = select([source])
        with spinner(f"asking {spec.publisher}" if live else f"reading {source}"):
            from pipelines.landing.trying import try_source

            trial = try_source(spec, live, file, dict(_pair(text) for text in meta or ()))
        with reader_may_leave():
            trial_report.show(trial, chosen, rows)
    if not trial.accepted:
        raise typer.Exit(1)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        fail(f"--meta {text!r} is not a pair. Write it like provider=runpod.")
    return key, value


DOCTOR_EXAMPLES = examples("rackhour doctor", "RACKHOUR_HOME=/srv/rackhour rackhour doctor")
SOURCES_EXAMPLES = examples("rackhour sources", "rackhour sources runpod", "rackhour sources --to sources.csv")
TRY_EXAMPLES = examples(
    "rackhour try gpu_rates_documents",
    "rackhour try runpod --live",
    "rackhour try vast --file answer.json --rows 20",
    "rackhour try litellm --live --format json",
)


def add_to(app: typer.Typer) -> None:
    """The commands in the app."""
    app.command(epilog=DOCTOR_EXAMPLES)(doctor)
    app.command(epilog=SOURCES_EXAMPLES)(sources)
    app.command("try", epilog=TRY_EXAMPLES)(try_)
