"""`rackhour doctor`: what is installed, configured, stale or broken in this home, and what to do about it.

Not here: repairing anything.
"""

from __future__ import annotations

import platform
import shutil
import sys
import textwrap
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

import duckdb

from pipelines.home import lock, ops
from pipelines.home.manifest import ReleaseError, current_manifest, released
from pipelines.home.places import Home, HomeError
from pipelines.release import shrunk, unmapped

LIBRARIES = (
    "dagster",
    "dagster-dbt",
    "dbt-core",
    "dbt-duckdb",
    "duckdb",
    "polars",
    "pandera",
    "pyarrow",
    "genai-prices",
)
WIDTH = 110
LOW_DISK_MB = 500  # a release with its build is about a tenth of this; below it the next publish is at risk


@dataclass(frozen=True)
class Finding:
    """One thing looked at: fine, worth knowing, or broken; and what to do."""

    level: Literal["ok", "note", "BROKEN"]
    what: str
    remedy: str = ""


def examine(home: Home) -> tuple[str, bool]:
    """The report as text, and whether nothing is broken."""
    findings = [*_installed(), *_place(home), *_release(home), *_corrections(home), *_agreement(home)]
    findings += [*_unmapped(home), *_shrunk(home), *_sources(home)]
    lines = [line for f in findings for line in _lines(f)]
    return "\n".join(lines), all(f.level != "BROKEN" for f in findings)


def _lines(finding: Finding) -> list[str]:
    width = min(WIDTH, shutil.get_terminal_size().columns - 7) if sys.stdout.isatty() else WIDTH
    told = textwrap.wrap(finding.what, width, break_on_hyphens=False, break_long_words=False) or [""]
    first, *more = told
    lines = [f"{finding.level:<7}{first}", *[f"{'':<7}{line}" for line in more]]
    return [*lines, f"{'':<7}-> {finding.remedy}"] if finding.remedy else lines


def _installed() -> list[Finding]:
    findings = [Finding("ok", f"rackhour {metadata.version('rackhour')}, Python {platform.python_version()}")]
    if not (3, 11) <= sys.version_info < (3, 14):
        findings.append(
            Finding("BROKEN", "this Python is outside 3.11 to 3.13", "make clean; make setup PYTHON=python3.12")
        )
    present = []
    for name in LIBRARIES:
        try:
            present.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            findings.append(Finding("BROKEN", f"{name} is not installed", "make setup"))
    return [*findings, Finding("ok", ", ".join(present))]


def _place(home: Home) -> list[Finding]:
    try:
        home.ensure()
    except HomeError as error:
        return [Finding("BROKEN", str(error))]
    findings = [Finding("ok", f"home {home.root} is writable")]
    free = shutil.disk_usage(home.root).free / 1024**2
    if free < LOW_DISK_MB:
        findings.append(
            Finding("note", f"its disk has {free:.0f} MB free", "free space or rackhour releases prune --keep 3")
        )
    try:
        with lock.held(home):
            findings.append(Finding("ok", "no refresh is running"))
    except lock.AlreadyRunning as error:
        findings.append(Finding("note", str(error)))
    return findings


def _release(home: Home) -> list[Finding]:
    try:
        current, all_of_them = current_manifest(home), released(home)
    except ReleaseError as error:
        return [Finding("BROKEN", str(error), "rackhour releases list; rackhour releases rollback ID")]
    if current is None:
        return [Finding("note", "nothing is published yet", "rackhour refresh")]
    try:
        with duckdb.connect(str(home.current / "rackhour.duckdb"), read_only=True) as connection:
            connection.execute("select 1")
    except duckdb.Error as error:
        return [Finding("BROKEN", f"the published database cannot be read ({error})", "rackhour releases rollback ID")]
    text = f"current: {current['release_id']} as of {current['as_of']} ({current['mode']}), {len(all_of_them)} kept"
    findings = [Finding("ok", text)]
    for check in current["checks"]:
        if not check["passed"]:
            findings.append(
                Finding("note", f"check {check['name']}: {check['message']}", "rackhour releases show current")
            )
    return findings


def _corrections(home: Home) -> list[Finding]:
    """The corrections in force, and how many rows they changed in the current release."""
    from pipelines.warehouse import corrections
    from sources.errors import SourceError

    try:
        own = sum(origin == "own" for origin, _ in corrections.entries(home))
    except SourceError as error:
        return [Finding("BROKEN", str(error), "correct the file; until then no refresh publishes")]
    database = home.current / "rackhour.duckdb"
    if not database.exists():
        return []
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            count, rows = connection.sql(
                "select count(*), coalesce(sum(acted_rows), 0) from quarantine.correction"
            ).fetchall()[0]
        except duckdb.CatalogException:  # a release of an earlier version has no such table
            return []
    return [Finding("ok", f"{count} corrections ({own} of them your own) changed {rows} rows of the current release")]


def _agreement(home: Home) -> list[Finding]:
    """How far sources agree about what several of them price, in the published release."""
    database = home.current / "rackhour.duckdb"
    if not database.exists():
        return []
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            rows = connection.sql(
                """
                with items as (
                    select family, item, any_value(spread_pct) as spread_pct, any_value(is_disagreement) as differs
                    from core.price_reconciliation group by all
                )
                select family, count(*), median(spread_pct), count(*) filter (differs)
                from items group by all order by all
                """
            ).fetchall()
        except duckdb.CatalogException:  # a release of an earlier version has no such table
            return []
    told = [
        f"{family}: {items:,} items have prices from several sources, median spread {spread:.1f}%; for {differ:,} the "
        "sources disagree"
        for family, items, spread, differ in rows
    ]
    return [Finding("ok", "; ".join(told))] if told else []


def _unmapped(home: Home) -> list[Finding]:
    """Names of the published release that no crosswalk knows, by the file that would name them."""
    database = home.current / "rackhour.duckdb"
    if not database.exists():
        return []
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            found = unmapped.names(connection)
        except duckdb.CatalogException:  # a release of an earlier version has no such table
            return []
    findings = []
    for crosswalk in dict.fromkeys(name.crosswalk for name in found):
        listed = [name for name in found if name.crosswalk == crosswalk]
        names = ", ".join(f"{n.label} ({n.kind} of {n.sources}, {n.rows:,} rows)" for n in listed[: unmapped.LISTED])
        more = f" and {len(listed) - unmapped.LISTED} more" if len(listed) > unmapped.LISTED else ""
        text = f"{unmapped.total(listed):,} accepted rows reach no fact table: no crosswalk has the names {names}{more}"
        findings.append(Finding("note", text, f"add a row to {crosswalk}, then rackhour refresh"))
    return findings or [Finding("ok", "every name in every source is in a crosswalk")]


def _shrunk(home: Home) -> list[Finding]:
    """Lists that lost more than half of their rows at the last look: none of their prices is ended by it."""
    database = home.current / "rackhour.duckdb"
    if not database.exists():
        return []
    with duckdb.connect(str(database), read_only=True) as connection:
        return [
            Finding(
                "note",
                f"{source_id} shows less than half of its list ({text}): no price that is missing was ended",
                f"look at its page (rackhour sources {source_id}), then rackhour refresh --live --only {source_id}",
            )
            for source_id, text in shrunk.lists(connection)
        ]


def _sources(home: Home) -> list[Finding]:
    from sources import clock
    from sources.errors import SourceError
    from sources.registry import every_source

    try:
        specs = every_source(home.sources)
    except SourceError as error:
        return [Finding("BROKEN", str(error), "correct source.yml")]
    with duckdb.connect() as connection:
        health = ops.relation(home, "source_health")
        newest = connection.sql(
            f"""
            select source_id, status, message, greatest(newest_observed, last_looked) as seen, rejected,
                date_diff('day', greatest(newest_observed, last_looked), date '{clock.today()}') as age_days
            from {health} qualify row_number() over (partition by source_id order by checked_at desc, run_id desc) = 1
            order by source_id
            """
        ).fetchall()
    findings = []
    stale = []
    for source_id, status, message, observed, rejected, age in newest:
        if source_id not in specs:
            continue
        if status in ("failed", "partial"):
            mode = "--live " if specs[source_id].live else ""
            again = f"rackhour refresh {mode}--only {source_id}"
            findings.append(Finding("BROKEN", f"{source_id} {status} in the last run: {message}", again))
        elif status == "frozen":
            look = f"look at {specs[source_id].homepage or specs[source_id].live}: does it still publish?"
            findings.append(Finding("BROKEN", f"{source_id} is frozen: {message}", look))
        if age is not None and age > 2 * specs[source_id].cadence_days and not source_id.endswith("_captures"):
            stale.append(f"{source_id} ({age} days, seen {observed})")
        if rejected:
            findings.append(
                Finding(
                    "note",
                    f"{source_id}: {rejected} rows broke a rule of its contract",
                    'rackhour sql "from quarantine.rejected_row"',
                )
            )
    if stale:
        findings.append(
            Finding(
                "note",
                f"not updated for more than twice their usual interval: {', '.join(stale)}",
                "rackhour refresh --live, or newer files",
            )
        )
    absent = sorted(source_id for source_id, status, *_ in newest if status == "absent" and source_id in specs)
    for missing in sorted({reason for source_id in absent if (reason := specs[source_id].not_set_up())}):
        concerned = [source_id for source_id in absent if specs[source_id].not_set_up() == missing]
        findings.append(Finding("note", f"{', '.join(concerned)} {missing}"))
    absent = [source_id for source_id in absent if not specs[source_id].not_set_up()]
    if absent:
        findings.append(
            Finding("note", f"live sources not yet fetched here: {', '.join(absent)}", "rackhour refresh --live")
        )
    never = sorted(set(specs) - {row[0] for row in newest})
    if never and newest:
        findings.append(Finding("note", f"not in any run of this home yet: {', '.join(never)}", "rackhour refresh"))
    return findings or [Finding("ok", f"{len(specs)} sources, none failed")]
