"""`rackhour`: the same graph for a person at a terminal. This module puts the groups of commands together.

Each command imports what it needs when it runs, so that `rackhour sql` and an unchanged `refresh` stay quick.
Not here: any command, any work.
"""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli import health, index, own_files, query, refresh, releases, what_if
from pipelines.cli.command import examples

app = typer.Typer(
    name="rackhour",
    help="The open warehouse of AI compute economics: GPU rental, API tokens, colo and power, joined into marts.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog='Start with: rackhour refresh    then: rackhour sql "from marts.gpu_hour_margin limit 5"',
)
app.add_typer(releases.app, name="releases")
refresh.add_to(app)
query.add_to(app)
what_if.add_to(app)
index.add_to(app)
own_files.add_to(app)
health.add_to(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        version()
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    pass


@app.command(epilog=examples("rackhour version"))
def version() -> None:
    """The installed version."""
    from importlib import metadata

    print(f"rackhour {metadata.version('rackhour')}")


def main() -> None:
    """The console script."""
    app(prog_name="rackhour")


if __name__ == "__main__":
    main()
