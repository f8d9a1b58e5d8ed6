"""The audit before publishing: what must hold of a release as a whole, and what moved implausibly since the last.

Checks of single rows and models live with dbt and the marts; here are checks across tables and releases.
Not here: writing or publishing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.home.places import Home
from pipelines.home.sql_text import quoted
from pipelines.landing import intake
from sources.registry import every_source

if TYPE_CHECKING:
    from pipelines.release.table import Table

# A headline rate that moves by more than half against the last release for the same day and GPU is news or an
# error: the release is flagged, not stopped (H100 spot really did rise 2.4-fold in a year: docs/index_numbers.md).
IMPLAUSIBLE_MOVE = 0.5
LISTED = 5


@dataclass(frozen=True)
class Check:
    """One check's outcome. A blocking check that fails stops the release."""

    name: str
    blocking: bool
    passed: bool
    message: str


EMPTY = "it has no rows: no source that was read fills it"


def run(path: Path, tables: Sequence[Table], home: Home, may_be_empty: bool = False) -> list[Check]:
    """Every audit check on a draft's database.

    `may_be_empty`: a mart without rows does not stop the release (asked for a day before its inputs were known).
    """
    checks = [_balance(home)]
    with duckdb.connect(str(path), read_only=True) as connection:
        for table in tables:
            name = f"{table.schema}.{table.name}"
            count = connection.sql(f"select count(*) from {name}").fetchone()
            rows = count[0] if count else 0
            blocking = table.schema == "marts" and not may_be_empty
            if table.schema != "quarantine":
                checks.append(Check(f"not_empty:{name}", blocking, rows > 0, f"{rows:,} rows" if rows else EMPTY))
        checks += [_accounts(connection), _looks(connection), _corrections(connection)]
        previous = home.current / "rackhour.duckdb"
        if previous.exists():
            connection.execute(f"attach {quoted(previous)} as previous (read_only)")
            checks.append(_moves(connection))
    return checks


def _balance(home: Home) -> Check:
    off = []
    for spec in every_source(home.sources).values():
        state = intake.state(spec, home)
        if state.received != state.accepted + state.rejected:
            off.append(spec.source_id)
    return Check("received_is_accepted_plus_rejected", True, not off, ", ".join(off) or "holds for every source")


def _accounts(connection: duckdb.DuckDBPyConnection) -> Check:
    """Every accepted row of every source stands in a fact or under a rule that keeps it out (core.source_account)."""
    off = connection.sql(
        "select source_id, family, difference_rows, accepted_rows from core.source_account "
        "where difference_rows <> 0 order by abs(difference_rows) desc, source_id"
    ).fetchall()
    told = [
        f"{source_id}: {abs(count):,} of {accepted:,} accepted rows are "
        f"{'in no fact and under no rule' if count > 0 else 'counted twice'}"
        for source_id, _, count, accepted in off[:LISTED]
    ]
    if len(off) > LISTED:
        told.append(f"and {len(off) - LISTED} more sources")
    message = "every accepted row of every source is accounted for"
    if off:
        message = (
            f"{'; '.join(told)}. Look at what dbt_project/models/staging/{off[0][1]} drops: a staging view that leaves "
            "rows out says so in left_out, and a view of a source's own must be in its family's union"
        )
    return Check("accepted_rows_are_accounted_for", True, not off, message)


def _looks(connection: duckdb.DuckDBPyConnection) -> Check:
    """Every price in a fact was seen on a day of its source's looks, or it would be in no headline and no coverage."""
    off = connection.sql(
        "select source_id, unseen_fact_rows, family from core.source_account where unseen_fact_rows > 0 order by all"
    ).fetchall()
    listed = "; ".join(f"{source_id}: {count:,} rows of facts have no look" for source_id, count, _ in off[:LISTED])
    remedy = "Compare shape, capture_group and captures of its entry in source.yml with the calendar it names"
    message = f"{listed}. {remedy}" if off else "every source with rows in facts has looks that vouch for them"
    return Check("facts_have_looks", True, not off, message)


def _corrections(connection: duckdb.DuckDBPyConnection) -> Check:
    """Corrections that no longer do what was decided: somebody should look at them again."""
    idle = connection.sql(
        "select correction_id || ' (' || status || ')' from quarantine.correction "
        "where status in ('guard_failed', 'matches_no_row', 'changes_nothing') order by all"
    ).fetchall()
    listed = ", ".join(text for (text,) in idle[:5])
    message = f"{len(idle)} do not act as decided: {listed}" if idle else "every correction does what was decided"
    return Check("corrections_act", False, not idle, message)


def _moves(connection: duckdb.DuckDBPyConnection) -> Check:
    """Headline rates of the same day that differ by more than IMPLAUSIBLE_MOVE between the two releases."""
    try:
        moved = connection.sql(
            f"""
            select new.gpu || ' ' || new.commitment || ' ' || new.as_of_date as item
            from core.headline_rate as new
            join previous.core.headline_rate as old
                using (as_of_date, gpu, commitment, provider_tier)
            where abs(ln(new.price_usd_per_gpu_hour / old.price_usd_per_gpu_hour)) > ln(1 + {IMPLAUSIBLE_MOVE})
            order by all
            """
        ).fetchall()
    except duckdb.CatalogException:
        return Check("plausible_moves:core.headline_rate", False, True, "the last release has no such table")
    listed = ", ".join(item for (item,) in moved[:5])
    message = f"{len(moved)} moved by more than {IMPLAUSIBLE_MOVE:.0%}: {listed}" if moved else "none"
    return Check("plausible_moves:core.headline_rate", False, not moved, message)
