"""`rackhour load` and `rackhour backfill`: a file of one's own, and a publisher's history, into landing.

Not here: loading and fetching (pipelines/landing), what the outcome of a load looks like (load_report.py).
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.command import day_of, errors_told, examples, fail, past_day_of


def load(
    family: Annotated[
        str,
        typer.Argument(
            help="gpu_rental, token_prices, colo_rates or power_prices.", autocompletion=completion.families
        ),
    ],
    path: Annotated[Path | None, typer.Argument(help="The file: CSV, Parquet, JSON or JSON lines.")] = None,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the source, such as acme_quote.")] = None,
    map_file: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="How its columns map to the contract's (YAML).")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day the file counts as known on; today where not given.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check every row and show the outcome; write nothing.")
    ] = False,
    template: Annotated[bool, typer.Option("--template", help="Print an empty mapping of the family.")] = False,
) -> None:
    """Load observations from a file of your own through the family's contract.

    Without a mapping the file must have the contract's own column names. Every row is accepted or rejected with its
    row number, field and rule. The file is kept in the home. Loading it again changes nothing; a newer file of the
    same source restates the older one.

    Rows are known from the day of the load and have grade C, unless the mapping says otherwise. Grade C is in core
    and takes no part in headline rates, prices in force and indices; grades A and B do. `rackhour refresh`
    brings what was loaded into the release.
    """
    from pipelines.cli import load_report
    from pipelines.home.places import Home
    from pipelines.landing import loading
    from sources.loaded import FAMILIES

    if family not in FAMILIES:
        fail(f"{family!r} is no family that files load into. Allowed: {', '.join(FAMILIES)}.")
    if template:
        from sources.template import template as empty_mapping

        print(empty_mapping(family), end="")
        return
    if path is None or source is None:
        fail("give the file and --source NAME, or --template for an empty mapping.")
    day = past_day_of("--as-of", as_of) if as_of else None
    with errors_told():
        report = loading.load(Home.from_environment(), family, path, source, map_file, day, dry_run)
        print(load_report.text(report, dry_run), end="")
        if any(outcome.status == "failed" for outcome in report.outcomes):
            raise typer.Exit(1)


def backfill(
    source: Annotated[
        str,
        typer.Argument(help="A source whose publisher gives history.", autocompletion=completion.packaged_sources),
    ],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day, included.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day, included.")],
    again: Annotated[bool, typer.Option("--again", help="Ask for stretches that have landed before, too.")] = False,
    refresh_after: Annotated[bool, typer.Option("--refresh", help="Refresh as of today when all has landed.")] = False,
) -> None:
    """Fetch a source's history stretch by stretch, mostly by month; taken up again where it stopped.

    Exit code 1 where a stretch failed; the others have landed, and the same command asks for what is missing.
    """
    from pipelines.cli.watching import steps_shown
    from pipelines.home.places import Home
    from pipelines.landing.backfill import backfill as run
    from sources import clock

    days: tuple[dt.date, dt.date] = day_of("--from", first), day_of("--to", last)
    with errors_told(), steps_shown():
        done = run(Home.from_environment(), source, *days, again)
    counted = f"{len(done.landed)} stretches landed, {len(done.skipped)} landed before, {len(done.failed)} failed"
    print(f"{source}: {counted}; {done.payloads} payloads, {done.rows:,} rows more, {done.rejected:,} rejected")
    for (start, end), reason in done.failed:
        print(f"rackhour: {start} to {end}: {reason}", file=sys.stderr)
    if done.failed:
        raise typer.Exit(1)
    today = clock.today().isoformat()  # history that is fetched today is known since today
    if refresh_after:
        from pipelines.cli.refresh import refresh

        refresh(as_of=today)
    elif done.landed:
        print(f"next: rackhour refresh --as-of {today}")


LOAD_EXAMPLES = examples(
    "rackhour load colo_rates --template > quote.yml",
    "rackhour load colo_rates quote.csv --source acme_quote --map quote.yml --dry-run",
    "rackhour load token_prices card.json --source our_contract --map card.yml --as-of 2026-10-01",
    "rackhour load gpu_rental bought.parquet --source tracker_x --map tracker.yml",
    "rackhour refresh",
)
BACKFILL_EXAMPLES = examples(
    "rackhour backfill eia_api --from 2024-01-01 --to 2026-10-31",
    "rackhour backfill energy_charts --from 2026-01-01 --to 2026-10-31 --refresh",
)


def add_to(app: typer.Typer) -> None:
    """The commands in the app."""
    app.command(epilog=LOAD_EXAMPLES)(load)
    app.command(epilog=BACKFILL_EXAMPLES)(backfill)
