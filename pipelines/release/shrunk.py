"""Lists whose newest look shows less than half of what they showed lately, as a release holds them.

Such a look ends no price (dbt, macro look_spells). Read by whoever shows them to a person: the summary, the doctor.
Not here: the rule (dbt_project/seeds/rules.csv, shrunk_list_*).
"""

from __future__ import annotations

import duckdb


def lists(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Source and what its look shows. None where the release is of a version without the column."""
    try:
        listed = connection.sql(
            "select source_id, shrunk_lists from core.source_account where shrunk_lists is not null order by source_id"
        ).fetchall()
    except (duckdb.CatalogException, duckdb.BinderException):
        return []
    return [(source_id, text) for source_id, text in listed]
