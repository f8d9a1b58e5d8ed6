"""`rackhour refresh`: one release from wish to summary. Not here: the refresh itself (pipelines/defs/refresh.py)."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.command import errors_told, examples, fail, past_day_of

if TYPE_CHECKING:
    import datetime as dt

    from pipelines.home.build import Build

UNREACHED = 3
"""Exit code of a live run that published what it had, though nobody answered."""


def refresh(
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Build from what was known on this day (2025-06-30), figure for figure."),
    ] = None,
    live: Annotated[
        bool,
        typer.Option("--live/--offline", help="Ask the publishers, or use the embedded observations (default)."),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SOURCE",
            help="Ingest only this source; the others keep what has landed. Repeatable.",
            autocompletion=completion.packaged_sources,
        ),
    ] = None,
) -> None:
    """Ingest, validate, model, build the marts, audit, and publish one release.

    Exit code 0 when a release was published or nothing had changed; 3 when it was published and none of the publishers
    that were asked answered, so that every figure is of an earlier day; 1 when nothing was published.
    """
    from pipelines.home import ops
    from pipelines.home.build import Build
    from pipelines.home.places import Home

    day = past_day_of("--as-of", as_of) if as_of else None
    if only:
        _check_sources(only)
    build = Build(
        home=Home.from_environment(),
        mode="live" if live else "offline",
        as_of=day,
        only=tuple(sorted(set(only))) if only else None,
        run_id=ops.new_run_id(),
    )
    mode = "live: asking the publishers" if live else "offline: embedded observations only"
    print(f"rackhour refresh, {mode}; home {build.home.root}", file=sys.stderr)
    with errors_told():
        _run(build)


def _run(build: Build) -> None:
    from pipelines.cli.interrupt import ends_at_once
    from pipelines.cli.watching import steps_shown
    from pipelines.defs.refresh import refresh as run
    from pipelines.home import ops

    started, clock = ops.now(), time.monotonic()
    with steps_shown() as clear:

        def say() -> None:
            clear()
            _say_interrupted(build, started, time.monotonic() - clock)

        with ends_at_once(say):
            outcome = run(build)
    if outcome.status == "failed":
        fail(f"{outcome.message}\n{_published(outcome.release_id)}.")
    if outcome.status == "unchanged":
        print(f"unchanged: {outcome.message} ({outcome.release_id}, {outcome.seconds:.1f} s)")
        return
    from pipelines.cli.summary import summary

    print(summary(build.home, outcome.seconds))
    if build.mode == "live":
        _say_unreached(build)


def _say_unreached(build: Build) -> None:
    """A live run that reached nobody says so last, where it is read, and by its exit code."""
    from pipelines.landing import health

    answered, asked = health.reached(build.home, build.run_id)
    if asked and not answered:
        print(
            f"\nNo publisher answered ({asked} asked): every figure above is of an earlier day. "
            "See ops.source_health, or run `rackhour doctor`.",
        )
        raise typer.Exit(UNREACHED)


def _say_interrupted(build: Build, started: dt.datetime, seconds: float) -> None:
    """What stays published, on the terminal and in the log of runs."""
    from pipelines.defs.refresh import Outcome, log_run
    from pipelines.home.manifest import current_manifest

    release_id = (current_manifest(build.home) or {}).get("release_id")
    print(
        f"\nrackhour: interrupted after {seconds:.0f} s. {_published(release_id)}; what has landed is kept.\n"
        "Run the same command again to go on.",
        file=sys.stderr,
    )
    log_run(build, Outcome("failed", release_id, "interrupted with Ctrl-C", seconds), started)


def _published(release_id: str | None) -> str:
    return f"release {release_id} stays published" if release_id else "nothing is published"


def _check_sources(names: list[str]) -> None:
    from sources.errors import SourceError
    from sources.registry import select

    try:
        select(names)
    except SourceError as error:
        fail(f"--only {error}")


EXAMPLES = examples(
    "rackhour refresh",
    "rackhour refresh --as-of 2025-06-30",
    "rackhour refresh --live",
    "rackhour refresh --only genai_prices",
)


def add_to(app: typer.Typer) -> None:
    """The command in the app."""
    app.command(epilog=EXAMPLES)(refresh)
