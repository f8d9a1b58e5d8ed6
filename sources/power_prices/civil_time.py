"""Civil time of power markets: clock times without an offset, and the civil days a moment lies in.

When the clocks go back, an hour stands twice in a table of local times: its first appearance is summer time, its second
winter time, by their order in the file. When they go forward an hour is missing, which is no gap.

Not here: which zone a publisher's table is in (each publisher's module), canonical zone names (dbt).
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

NO_SUCH_TIME = "a clock time that did not exist: the clocks had gone forward"
NOT_A_PAIR = "an hour of the day the clocks go back that does not stand exactly twice"


def to_utc(naive: pl.Series, zone: str) -> tuple[pl.Series, pl.Series]:
    """Moments in UTC of clock times in file order, and why a time has none (text, else null).

    A time that stands twice on another day than the one the clocks go back keeps the same moment twice: the contract
    then refuses it as a duplicate.
    """
    frame = pl.DataFrame({"naive": naive.cast(pl.Datetime("us"))}).with_columns(
        pl.int_range(pl.len()).over("naive").alias("turn"), pl.len().over("naive").alias("times")
    )
    first = pl.col("naive").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    last = pl.col("naive").dt.replace_time_zone(zone, ambiguous="latest", non_existent="null")
    resolved = frame.with_columns(first.alias("first"), last.alias("last")).with_columns(
        (pl.col("first") != pl.col("last")).fill_null(False).alias("goes_back")
    )
    moment = (
        pl.when(~pl.col("goes_back"))
        .then("first")
        .when(pl.col("times") == 2)
        .then(pl.when(pl.col("turn") == 0).then("first").otherwise("last"))
    )
    problem = (
        pl.when(pl.col("naive").is_null())
        .then(None)
        .when(pl.col("first").is_null())
        .then(pl.lit(NO_SUCH_TIME))
        .when(pl.col("goes_back") & (pl.col("times") != 2))
        .then(pl.lit(NOT_A_PAIR))
    )
    out = resolved.select(moment.dt.convert_time_zone("UTC").alias("moment"), problem.alias("problem"))
    return out["moment"], out["problem"]


def civil_day(moment: pl.Expr, zones: Sequence[str], zone_column: str = "timezone") -> pl.Expr:
    """The civil day of a moment in the zone each row names; null where the zone is none of `zones`."""
    days = [pl.when(pl.col(zone_column) == zone).then(moment.dt.convert_time_zone(zone).dt.date()) for zone in zones]
    return pl.coalesce(days) if days else pl.lit(None, dtype=pl.Date)
