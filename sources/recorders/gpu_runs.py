"""Sightings of rents to the contract's runs and a calendar of captures. Not here: any publisher's own columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from sources.gpu_rental.contract import ITEM
from sources.recorders.runs import SEEN, cited_captures, fold, shared_folder, write_history

KEY = (*ITEM, "currency")
FOLDER = Path(__file__).parent.parent / "gpu_rental" / "curated"


def commitment(stated: pl.Expr, term_months: pl.Expr) -> pl.Expr:
    """The contract's commitment: a reservation of one or three years has a name of its own."""
    years = {12.0: "reserved_1y", 36.0: "reserved_3y"}
    named = term_months.replace_strict(years, default=None, return_dtype=pl.String)
    return pl.when(stated == "reserved").then(named.fill_null("reserved")).otherwise(stated).alias("commitment")


def record(sightings: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Runs in the contract's columns, and the calendar of captures.

    `sightings` has a row per quote and `as_of`: the columns of KEY (no term_months where none is stated),
    capture_group, price, citation and note. Several quotes under one key on one day become a range, said in the note.
    """
    key = [name for name in KEY if name in sightings.columns]
    item = key[: key.index("price_unit")]
    daily = sightings.group_by(*key, "capture_group", "as_of").agg(
        pl.col("price").min(),
        pl.col("price").max().alias("highest"),
        pl.col("price").n_unique().alias("quotes"),
        pl.col("citation").min(),
        pl.col("note").min(),
    )
    several = pl.col("quotes") > 1
    notes = [pl.when(several).then(pl.format("{} quotes under one key, the lowest leads", "quotes")), pl.col("note")]
    seen = daily.with_columns(
        pl.when(several).then("price").alias("price_low"),
        pl.when(several).then("highest").alias("price_high"),
        pl.concat_str(notes, separator="; ", ignore_nulls=True).replace("", None).alias("note"),
    )
    runs = fold(seen, key, "capture_group", ("price", "price_low", "price_high"))
    observations = runs.select(
        *item,
        "price",
        "price_low",
        "price_high",
        "price_unit",
        "currency",
        *SEEN,
        "citation",
        "note",
    ).sort("valid_from", *item)
    return observations, cited_captures(seen)


def main(description: str | None, source_id: str, sightings: Callable[[Path], pl.DataFrame]) -> None:
    """What a recorder of one source does when it is run: both files, from the captures below --shared."""
    write_history(FOLDER, source_id, *record(sightings(shared_folder(description or ""))))
