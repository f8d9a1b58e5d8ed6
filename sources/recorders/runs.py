"""Sightings folded into runs and a calendar of captures (docs/adr/0001). Not here: any family's columns."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import polars as pl


def fold(sightings: pl.DataFrame, key: Sequence[str], group: str, figures: Sequence[str]) -> pl.DataFrame:
    """One row per run: consecutive captures of the item's group that show the same figures.

    `sightings` has one row per item and `as_of` (the capture's day), the columns of `key`, `group` (the name of
    the item's capture group) and the figures. A capture of the group without the item ends a run. Returned beside
    the key and figures: valid_from, valid_to (null while open), last_observed, observation_count, and whatever
    other columns the first sighting of the run has.
    """
    calendar = captures(sightings, group).with_columns(
        pl.col("as_of").rank("ordinal").over(group).alias("turn"),
        pl.col("as_of").shift(-1).over(group, order_by="as_of").alias("next_capture"),
    )
    item = [*key, group]
    same = [pl.col(c).eq_missing(pl.col(c).shift().over(item)) for c in figures]
    rows = sightings.join(calendar, on=[group, "as_of"]).sort(*item, "as_of")
    starts = (~pl.all_horizontal(same)) | (pl.col("turn") != pl.col("turn").shift().over(item) + 1)
    rows = rows.with_columns(starts.fill_null(True).cum_sum().alias("run"))
    return (
        rows.group_by("run", maintain_order=True)
        .agg(
            pl.all().exclude("run", "turn", "next_capture", "as_of").first(),
            pl.col("as_of").first().alias("valid_from"),
            pl.col("next_capture").last().alias("valid_to"),
            pl.col("as_of").last().alias("last_observed"),
            pl.len().alias("observation_count"),
        )
        .drop("run")
    )


SEEN = (
    "valid_from",
    "valid_to",
    pl.col("valid_from").alias("known_from"),
    pl.lit("first_seen").alias("known_basis"),
    "last_observed",
    "observation_count",
    pl.lit("B").alias("grade"),
)
"""When a run of `fold` held and since when it was known, in the contracts' columns: a collector saw it (grade B)."""


def captures(sightings: pl.DataFrame, group: str) -> pl.DataFrame:
    """The days on which each group was looked at, in order."""
    return sightings.select(group, "as_of").unique().sort(group, "as_of")


def cited_captures(sightings: pl.DataFrame) -> pl.DataFrame:
    """The calendar of captures in its contract's columns; a look is cited as the first of its rows is.

    `sightings` has capture_group, as_of and citation.
    """
    cited = sightings.group_by("capture_group", "as_of").agg(pl.col("citation").min())
    return (
        captures(sightings, "capture_group")
        .join(cited, on=["capture_group", "as_of"])
        .rename({"as_of": "capture_date"})
        .sort("capture_group", "capture_date")
    )


def shared_folder(description: str) -> Path:
    """The `--shared PATH` argument every recorder takes. Exits with a message where there is no data below it."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--shared", type=Path, required=True, help="folder that holds data/ (real captures)")
    shared: Path = parser.parse_args().shared
    if not (shared / "data").is_dir():
        parser.error(f"{shared} has no folder data/")
    return shared


def write(frame: pl.DataFrame, path: Path) -> None:
    """The frame as a curated CSV: dates ISO, numbers as short as they read back equal, nulls empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.write_csv(path)
    print(f"{path.name}: {frame.height:,} rows, {path.stat().st_size / 1024:.0f} KB")


def write_history(folder: Path, source_id: str, observations: pl.DataFrame, calendar: pl.DataFrame) -> None:
    """The two files of a source that is recorded as runs: its runs, and the calendar of its captures."""
    write(observations, folder / f"{source_id}.csv")
    write(calendar, folder / f"{source_id}_captures.csv")
