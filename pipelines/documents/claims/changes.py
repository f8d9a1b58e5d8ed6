"""What became of the documents' figures, for a person who reads the end of a refresh: counts, and what changed.

Not here: verdicts (verdict.py), where a release lies.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.home.sql_text import quoted

LISTED = 20
TABLE = Path("parquet") / "marts" / "claim_check.parquet"


def counts(connection: duckdb.DuckDBPyConnection) -> str:
    """One line on the claims by verdict, one on the inconsistencies by how they were found."""
    claims = connection.sql(
        "select verdict, count(*) from marts.claim_check group by verdict order by count(*) desc, verdict"
    ).fetchall()
    total = sum(number for _, number in claims)
    if not total:
        return "The documents were not known yet: none of their figures is checked."
    listed = ", ".join(f"{number} {verdict.replace('_', ' ')}" for verdict, number in claims)
    computed, hold, documented = connection.sql(
        """
        select
            count(*) filter (found = 'computed'), count(*) filter (still_holds), count(*) filter (found = 'documented')
        from marts.inconsistency_check
        """
    ).fetchall()[0]
    return (
        f"The documents' {total} figures: {listed}.\n"
        f"Their {computed + documented} inconsistencies: {computed} computed ({hold} hold), {documented} documented."
    )


def changed(connection: duckdb.DuckDBPyConnection, previous: Path) -> duckdb.DuckDBPyRelation | None:
    """Claims whose verdict is another than in the previous release's folder, both verdicts beside each other.

    None where that release has no claim_check.
    """
    path = previous / TABLE
    if not path.exists():
        return None
    return connection.sql(
        f"""
        select now.claim_id, now.subject, now.metric, before.verdict as was, now.verdict as is_now, now.reason
        from marts.claim_check as now
        inner join read_parquet({quoted(path)}) as before using (claim_id)
        where now.verdict <> before.verdict
        order by now.claim_id
        """
    )
