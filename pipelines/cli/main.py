"""`rackhour`: the same graph for a person at a terminal.

Each command imports what it needs when it runs, so that `rackhour sql` and an unchanged `refresh` stay quick.
Not here: any work; every command calls one function of another module and shows what it gave back.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    import datetime as dt

app = typer.Typer(
    name="rackhour",
    help="The open warehouse of AI compute economics: GPU rental, API tokens, colo and power, joined into marts.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    epilog='Start with: rackhour refresh    then: rackhour sql "from marts.gpu_hour_margin limit 5"',
)
releases_app = typer.Typer(
    help="Published releases: list, show, compare, roll back, prune.",
    epilog="Examples:\n\n  rackhour releases list\n\n  rackhour releases diff 20261120T current",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(releases_app, name="releases")


def _example(*lines: str) -> str:
    return "Examples:\n\n" + "\n\n".join(f"  {line}" for line in lines)


@contextmanager
def _told() -> Iterator[None]:
    """Errors a person can act on: one line on stderr and exit code 1, without a traceback."""
    from pipelines.home.lock import AlreadyRunning
    from pipelines.home.manifest import ReleaseError
    from pipelines.home.places import HomeError
    from pipelines.release.query import QueryError
    from pipelines.scenarios.errors import ScenarioError
    from sources.errors import RequestError, SourceError

    try:
        yield
    except (HomeError, AlreadyRunning, ReleaseError, QueryError, RequestError, ScenarioError, SourceError) as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    print(f"rackhour: {message}", file=sys.stderr)
    raise typer.Exit(1)


@app.command(
    epilog=_example(
        "rackhour refresh",
        "rackhour refresh --as-of 2025-06-30",
        "rackhour refresh --live",
        "rackhour refresh --only genai_prices",
    )
)
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
        typer.Option(metavar="SOURCE", help="Ingest only this source; the others keep what has landed. Repeatable."),
    ] = None,
) -> None:
    """Ingest, validate, model, build the marts, audit, and publish one release.

    Exit code 0 only when a release was published or nothing had changed.
    """
    from pipelines.home.build import Build
    from pipelines.home.places import Home
    from sources import clock

    day = None
    if as_of:
        day = _day("--as-of", as_of)
        if day > clock.today():
            _fail(f"--as-of {day} lies in the future; nobody knows it yet.")
    if only:
        _check_sources(only)
    build = Build(
        home=Home.from_environment(),
        mode="live" if live else "offline",
        as_of=day,
        only=tuple(sorted(set(only))) if only else None,
    )
    with _told():
        from pipelines.defs.refresh import refresh as run

        mode = "live: asking the publishers" if live else "offline: embedded observations only"
        print(f"rackhour refresh, {mode}; home {build.home.root}", file=sys.stderr)
        outcome = run(build)
        if outcome.status == "failed":
            kept = f"release {outcome.release_id} stays published" if outcome.release_id else "nothing is published"
            _fail(f"{outcome.message}\n{kept}.")
        if outcome.status == "unchanged":
            print(f"unchanged: {outcome.message} ({outcome.release_id}, {outcome.seconds:.1f} s)")
            return
        from pipelines.cli.summary import summary

        print(summary(build.home, outcome.seconds))


@app.command(
    epilog=_example(
        "rackhour load colo_rates --template > quote.yml",
        "rackhour load colo_rates quote.csv --source acme_quote --map quote.yml --dry-run",
        "rackhour load token_prices card.json --source our_contract --map card.yml --as-of 2026-10-01",
        "rackhour load gpu_rental bought.parquet --source tracker_x --map tracker.yml",
        "rackhour refresh",
    )
)
def load(
    family: Annotated[str, typer.Argument(help="gpu_rental, token_prices, colo_rates or power_prices.")],
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
    row number, field and rule; none is passed over. The file is kept in the home; loading it again changes nothing, a
    newer file of the same source restates the older one.

    Rows are known from the day of the load and of grade C, unless the mapping says otherwise. Grade C stands in core
    and stays out of headline rates, prices in force and indices; grade A or B takes part. `rackhour refresh`
    brings what was loaded into the release.
    """
    import datetime as dt

    from pipelines.cli import load_report
    from pipelines.home.places import Home
    from pipelines.landing import loading
    from sources import clock
    from sources.loaded import FAMILIES

    if family not in FAMILIES:
        _fail(f"{family!r} is no family that files load into. Allowed: {', '.join(FAMILIES)}.")
    if template:
        from sources.template import template as empty_mapping

        print(empty_mapping(family), end="")
        return
    if path is None or source is None:
        _fail("give the file and --source NAME, or --template for an empty mapping.")
    day = _day("--as-of", as_of) if as_of else dt.date.min
    if day > clock.today():
        _fail(f"--as-of {day} lies in the future; nobody knows it yet.")
    with _told():
        report = loading.load(Home.from_environment(), family, path, source, map_file, day if as_of else None, dry_run)
        print(load_report.text(report, dry_run), end="")
        if any(outcome.status == "failed" for outcome in report.outcomes):
            raise typer.Exit(1)


@app.command(
    epilog=_example(
        "rackhour backfill eia_api --from 2024-01-01 --to 2026-10-31",
        "rackhour backfill energy_charts --from 2026-01-01 --to 2026-10-31 --refresh",
    )
)
def backfill(
    source: Annotated[str, typer.Argument(help="A source whose publisher gives history.")],
    first: Annotated[str, typer.Option("--from", metavar="DATE", help="First day, included.")],
    last: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day, included.")],
    again: Annotated[bool, typer.Option("--again", help="Ask for stretches that have landed before, too.")] = False,
    refresh_after: Annotated[bool, typer.Option("--refresh", help="Refresh as of today when all has landed.")] = False,
) -> None:
    """Fetch a source's history stretch by stretch, mostly by month; taken up again where it stopped.

    Exit code 1 where a stretch failed; the others have landed, and the same command asks for what is missing.
    """
    from pipelines.home.places import Home
    from pipelines.landing.backfill import backfill as run
    from sources import clock

    with _told():
        done = run(Home.from_environment(), source, _day("--from", first), _day("--to", last), again)
    counted = f"{len(done.landed)} stretches landed, {len(done.skipped)} landed before, {len(done.failed)} failed"
    print(f"{source}: {counted}; {done.payloads} payloads, {done.rows:,} rows more, {done.rejected:,} rejected")
    for (start, end), reason in done.failed:
        print(f"rackhour: {start} to {end}: {reason}", file=sys.stderr)
    if done.failed:
        raise typer.Exit(1)
    today = clock.today().isoformat()  # history that is fetched today is known since today
    if refresh_after:
        refresh(as_of=today)
    elif done.landed:
        print(f"next: rackhour refresh --as-of {today}")


def _day(option: str, text: str) -> dt.date:
    import datetime as dt

    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        _fail(f"{option} {text!r} is no date; write it like 2025-06-30.")


def _check_sources(names: list[str]) -> None:
    from sources.errors import SourceError
    from sources.registry import select

    try:
        select(names)
    except SourceError as error:
        _fail(str(error))


@app.command(
    epilog=_example(
        'rackhour sql "select gpu, price_usd_per_gpu_hour from core.headline_rate where as_of_date = '
        "(select max(as_of_date) from core.headline_rate) and commitment = 'on_demand' and provider_tier = 'all'\"",
        'rackhour sql "from marts.price_deflation" --format csv',
        'rackhour sql "show all tables"',
        'rackhour sql "from marts.revenue_per_mw" --format parquet --to mw.parquet',
    )
)
def sql(
    query: Annotated[str, typer.Argument(help="One reading statement of DuckDB SQL; - reads it from standard input.")],
    form: Annotated[str, typer.Option("--format", help="table, csv, json or parquet.")] = "table",
    release: Annotated[str | None, typer.Option(metavar="ID", help="Another release than the published one.")] = None,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write here instead of to the terminal.")] = None,
) -> None:
    """Read-only SQL on the published release."""
    from pipelines.cli import show
    from pipelines.home.places import Home
    from pipelines.release import query as queries

    if form not in show.FORMATS:
        _fail(f"--format {form!r} is none of {', '.join(show.FORMATS)}.")
    if form == "parquet" and to is None and sys.stdout.isatty():
        _fail("--format parquet is bytes: add --to FILE, or redirect the output.")
    with _told():
        connection = queries.connect(Home.from_environment(), release)
        text = sys.stdin.read() if query == "-" else query
        queries.shown(connection, text, form, to)


@app.command(
    epilog=_example(
        "rackhour scenario list",
        "rackhour scenario show stress_power",
        "rackhour scenario stress_power+stress_utilisation",
        "rackhour scenario --set professional.utilisation=0.6 --set power_price_asof.price_usd_per_kwh=x1.5",
        "rackhour scenario stress_obsolescence --mart gpu_hour_margin --where \"gpu = 'H100 SXM'\" --format csv",
        "rackhour scenario --mart revenue_per_mw --grid professional.utilisation=0.4:0.9:0.1",
        "rackhour scenario --mart gpu_hour_margin --where \"gpu = 'H200'\" --column gross_margin_pct --draws 1000000",
    )
)
def scenario(
    name: Annotated[
        str, typer.Argument(help="A scenario, or several joined by +; `list` for all; `show` before a name.")
    ] = "base",
    which: Annotated[str | None, typer.Argument(metavar="[NAME]", help="After `show`: the scenario.")] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="An input and its change: 0.6, x1.5, +0.02, 0.5/0.6/0.7."),
    ] = None,
    mart: Annotated[str | None, typer.Option(metavar="MART", help="One mart instead of the headline ones.")] = None,
    where: Annotated[
        str | None, typer.Option(metavar="SQL", help="Rows of the mart: a condition on its columns.")
    ] = None,
    column: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Only this figure. Repeatable.")] = None,
    grid: Annotated[
        list[str] | None, typer.Option(metavar="KEY=LO:HI:STEP", help="The input at each of these values. Repeatable.")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(metavar="N", help="Draw every ranged input N times: p10, p50, p90 and the drivers.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the draws; the same seed gives the same result.")] = 1,
    shape: Annotated[str, typer.Option(help="How inputs are drawn: triangular, pert or uniform.")] = "triangular",
    form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    release: Annotated[str | None, typer.Option(metavar="ID", help="Another release than the published one.")] = None,
) -> None:
    """What-if: marts of the published release under other assumptions, side by side with base. Writes nothing.

    A KEY is an assumption (set.parameter, or set.parameter:subject), or a column of any core table, of all rows or of
    those in brackets: headline_rate.price_usd_per_gpu_hour[gpu=H100 SXM]. Own scenarios: RACKHOUR_HOME/scenarios/*.yml.
    """
    from pipelines.cli.show import frame as print_frame
    from pipelines.home.places import Home
    from pipelines.scenarios import command

    if form not in ("table", "csv", "json"):
        _fail(f"--format {form!r} is none of table, csv, json.")
    home = Home.from_environment()
    with _told():
        if name == "list":
            print_frame(command.listed(home), form)
        elif name == "show":
            print_frame(command.shown(home, which or _fail("show which scenario? `rackhour scenario list`.")), form)
        else:
            asked = command.Asked(name, tuple(sets or ()), mart, where, tuple(column or ()), tuple(grid or ()))
            if draws is not None:
                found = command.distribute(home, asked, draws, seed, shape, release)
                print_frame(command.once(found) if form == "table" else found, form)
            else:
                found = command.compare(home, asked, release)
                print_frame(found.drop("value_low", "value_high") if form == "table" else found, form)


@app.command(
    epilog=_example(
        "rackhour explain gpu_hour_margin",
        "rackhour explain gpu_hour_margin --where \"gpu = 'H200' and market = 'us_average'\"",
        "rackhour explain model_result --where \"model_id = 'M20'\" --depth 2",
        "rackhour explain core.headline_rate --where \"gpu = 'H200' and commitment = 'on_demand'\"",
        "rackhour explain token_margin --figure breakeven_utilisation_pct --format json",
    )
)
def explain(
    table: Annotated[str, typer.Argument(help="A mart, such as gpu_hour_margin, or a table of core.")],
    where: Annotated[
        str | None, typer.Option(metavar="SQL", help="Which row: one condition on the table's columns.")
    ] = None,
    figure: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Which figure; `all` for every one. Default: the main one.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="text or json.")] = "text",
    depth: Annotated[int | None, typer.Option(min=0, help="Levels of operands to show in text. Default: all.")] = None,
    release: Annotated[str | None, typer.Option(metavar="ID", help="Another release than the published one.")] = None,
) -> None:
    """How a figure came about: its formula, every operand, and the observations behind them.

    Of a mart, the mart's own code computes the row again and notes what each figure is made of, down to what
    publishers state, documents print and we assume. Of a core table (core.headline_rate, core.fct_token_price), the
    row's columns and the observations it was made of. The newest row is taken where several match.
    """
    from pipelines.home.places import Home
    from pipelines.release import query as queries

    if form not in ("text", "json"):
        _fail(f"--format {form!r} is none of text, json.")
    with _told():
        connection = queries.connect(Home.from_environment(), release)
        from pipelines.explain import document, text
        from pipelines.explain.explaining import explain as run

        explained = run(connection, table, where, figure)
        print(document.as_json(explained) if form == "json" else text.as_text(explained, depth), end="")


@app.command(
    epilog=_example(
        "rackhour index prices.csv --method geks --window 25",
        "rackhour index scanner.parquet --method tpd --item-col ean --period-col month --price-col unit_value",
        "rackhour index panel.csv --method fisher --output chained --detail --format table",
        "rackhour index gpus.csv --method tdh --features memory_gb,vendor",
        'rackhour sql "select month as period, item, price from marts.price_panel join marts.price_panel_item '
        "using (item) where segment = 'gpu_rental/H100 SXM/on_demand' and price is not null "
        'and month between first_month and last_month" --format csv | rackhour index - --method jevons',
    )
)
def index(
    path: Annotated[str, typer.Argument(help="CSV or Parquet, a row per item and period; - reads CSV from a pipe.")],
    method: Annotated[
        str,
        typer.Option(
            help="carli, dutot, jevons (no quantities), laspeyres, paasche, fisher, tornqvist, walsh, sato-vartia; "
            "multilateral: geks, tpd, gk, tdh."
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
    form: Annotated[str, typer.Option("--format", help="csv, table or json.")] = "csv",
) -> None:
    """A price index over a table of your own: period and index, by the code that makes the price marts.

    Several rows of one item in a period become their unit value, where quantities are given. A period that no path of
    shared items joins to the base has an empty cell; a note on standard error names it, and the exit code stays 0.
    Exit code 1 where the table or the options cannot be used.
    """
    from pipelines.cli import index_rows
    from pipelines.panels.own_table.answer import answer
    from pipelines.panels.own_table.options import Options
    from pipelines.panels.own_table.table import Columns

    if form not in index_rows.FORMATS:
        _fail(f"--format {form!r} is none of {', '.join(index_rows.FORMATS)}.")
    wanted = tuple(name.strip() for name in (features or "").split(",") if name.strip())
    with _told():
        found = answer(
            path,
            Columns(period_col, item_col, price_col, quantity_col),
            Options(method, base, output, window, splice, splice_on, weights, wanted, missing, base_period, expanding),
            detail=detail,
        )
    index_rows.show(found, form)


@app.command(epilog=_example("rackhour doctor", "RACKHOUR_HOME=/srv/rackhour rackhour doctor"))
def doctor() -> None:
    """What is installed, configured, stale or broken, and what to do. Exit code 1 when something is broken."""
    from pipelines.cli.doctor import examine
    from pipelines.home.places import Home

    text, healthy = examine(Home.from_environment())
    print(text)
    if not healthy:
        raise typer.Exit(1)


@app.command(epilog=_example("rackhour version"))
def version() -> None:
    """The installed version."""
    from importlib import metadata

    print(f"rackhour {metadata.version('rackhour')}")


@releases_app.command("list", epilog=_example("rackhour releases list"))
def releases_list() -> None:
    """All releases of the home, oldest first; the published one is marked."""
    from pipelines.cli.show import text_table
    from pipelines.home.manifest import current_manifest, released
    from pipelines.home.places import Home

    home = Home.from_environment()
    with _told():
        current = (current_manifest(home) or {}).get("release_id")
        rows = [
            [
                "*" if m["release_id"] == current else "",
                m["release_id"],
                m["as_of"],
                m["mode"],
                m["created_at"],
                sum(t["rows"] for t in m["tables"].values()),
            ]
            for m in released(home)
        ]
        if not rows:
            _fail("nothing is published yet: run `rackhour refresh`.")
        print(text_table(["", "release", "as of", "mode", "created", "rows"], rows), end="")


@releases_app.command("show", epilog=_example("rackhour releases show current", "rackhour releases show 20261121T"))
def releases_show(
    release_id: Annotated[str, typer.Argument(help="Its id, the beginning of it, or `current`.")],
) -> None:
    """One release: its inputs, tables and checks."""
    from pipelines.cli.show import text_table
    from pipelines.home.places import Home
    from pipelines.release.history import find

    with _told():
        m = find(Home.from_environment(), release_id)
        print(
            f"{m['release_id']}  as of {m['as_of']}  {m['mode']}  created {m['created_at']}  code {m['code_version']}"
        )
        inputs = [[k, v["received"], v["accepted"], v["rejected"]] for k, v in m["inputs"].items()]
        print("\n" + text_table(["source", "received", "accepted", "rejected"], inputs), end="")
        print("\n" + text_table(["table", "rows"], [[k, v["rows"]] for k, v in m["tables"].items()]), end="")
        failed = [
            [c["name"], "blocking" if c["blocking"] else "warning", c["message"]]
            for c in m["checks"]
            if not c["passed"]
        ]
        print(f"\n{len(m['checks']) - len(failed)} of {len(m['checks'])} checks passed")
        if failed:
            print(text_table(["check", "kind", "message"], failed), end="")


@releases_app.command("diff", epilog=_example("rackhour releases diff 20261120T current"))
def releases_diff(
    old: Annotated[str, typer.Argument(help="The earlier release.")],
    new: Annotated[str, typer.Argument(help="The later release.")],
) -> None:
    """Which tables differ between two releases, and by how many rows."""
    from pipelines.cli.show import text_table
    from pipelines.home.places import Home
    from pipelines.release.history import diff

    with _told():
        rows = diff(Home.from_environment(), old, new)
        if not rows:
            print("no table differs")
            return
        names = ["table", "rows_before", "rows_after", "only_before", "only_after", "note"]
        print(text_table(names, [[row.get(name) for name in names] for row in rows]), end="")


@releases_app.command("rollback", epilog=_example("rackhour releases rollback 20261120T033000Z-1a2b3c4d"))
def releases_rollback(release_id: Annotated[str, typer.Argument(help="The release to publish again.")]) -> None:
    """Publish an earlier release again, in one rename. The next refresh that changes anything moves on from it."""
    from pipelines.home.places import Home
    from pipelines.release.history import rollback

    with _told():
        manifest = rollback(Home.from_environment(), release_id)
        print(f"published {manifest['release_id']} (as of {manifest['as_of']})")


@releases_app.command("prune", epilog=_example("rackhour releases prune --keep 14"))
def releases_prune(keep: Annotated[int, typer.Option(help="How many of the newest to keep.")]) -> None:
    """Remove old releases. The published one always stays."""
    from pipelines.home.places import Home
    from pipelines.release.history import prune

    with _told():
        removed = prune(Home.from_environment(), keep)
        print(f"removed {len(removed)}: {', '.join(removed) or 'nothing to remove'}")


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
