"""Records published colocation rates, one row per statement, from the dated facts collected beside the repository.

Reads `data/colo/colo_facts.csv` and `colo_facts_additional.csv`; writes `colo_rates/curated/colo_market_facts.csv`.
Every fact of the first is recorded, changes included: a change says so in rate_type and price_unit and never becomes a
level. Of the second, asking rates graded A or B (Singapore and Chicago, 2024-Q1); a repost of a level that is here
already and a page that contradicts itself are left out. Not here: midpoints, canonical markets (dbt), the documents'
tables (colo_documents.py), retail cabinets and changes at renewal, which no model asks for.
"""

from __future__ import annotations

import calendar
import datetime as dt
from pathlib import Path

import polars as pl

from sources.colo_rates.contract import CONTRACTS
from sources.recorders.runs import shared_folder, write

CURATED = Path(__file__).parents[1] / "colo_rates" / "curated"
# The day on which the embedded record closes: nothing is claimed to be known later than this.
CLOSES = dt.date(2026, 11, 10)
# A rate whose page bears no date; the reader of the facts puts it between 2018 and 2020.
UNDATED = (dt.date(2018, 1, 1), dt.date(2021, 1, 1))
CHANGES = {
    "pct change y/y": "asking_change_yoy",
    "pct change h/h": "asking_change_hoh",
    "pct change": "asking_change",
}
# The note of colo-035 gives its figure in words alone.
CHANGE_IN_WORDS = {"colo-035": "2.5"}


def known(published: str | None) -> tuple[dt.date, str, str]:
    """Day of knowledge, its basis, and a note: a month or a year counts from its last day, never earlier."""
    if not published:
        return CLOSES, "loaded", "undated page; dated by our own loading"
    parts = [int(part) for part in published.split("-")]
    if len(parts) == 3:
        return dt.date(*parts), "published", ""
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    if last > CLOSES:
        return CLOSES, "published", f"published in {published}, no day given: counted from the day this record closes"
    return last, "published", f"published in {published}, no day given: counted from the last day of that period"


def row(fact: dict[str, str | None]) -> dict[str, object]:
    """One fact in our columns."""
    day, basis, dating = known(fact["published"])
    start, end = UNDATED
    if fact["period_start"] and fact["period_end"]:
        start = dt.date.fromisoformat(fact["period_start"])
        end = dt.date.fromisoformat(fact["period_end"]) + dt.timedelta(days=1)
    change = CHANGES.get(fact["unit"] or "")
    if change is None and fact["unit"] != "USD/kW/month":
        raise ValueError(f"{fact['fact_id']}: unit {fact['unit']!r} is neither USD/kW/month nor a change")
    notes = [f"{fact['fact_id']}, period {fact['period']}", fact["note"], dating]
    return {
        "publisher_label": fact["publisher"],
        "market_label": fact["market"],
        # CBRE's asking rates are for wholesale colocation (H2 2018 report); the one other page says the same.
        "facility_type": "wholesale_colocation",
        "size_band": fact["size_band"],
        "rate_type": change or ("asking" if fact["period_start"] else "asking_undated"),
        "price": fact["average"] or CHANGE_IN_WORDS.get(fact["fact_id"] or ""),
        "price_low": fact["low"],
        "price_high": fact["high"],
        "price_unit": "pct_change" if change else "usd_per_kw_month",
        # "Modified gross" (colo-004, colo-040) says who pays for upkeep and taxes, not whether energy is metered.
        "power_included": "unknown",
        "currency": "USD",
        "valid_from": start,
        "valid_to": end,
        "known_from": day,
        "known_basis": basis,
        "last_observed": day,
        "observation_count": 1,
        "grade": fact["confidence"],
        "citation": f"{fact['address']} ({fact['source_title']})",
        "note": "; ".join(note for note in notes if note),
    }


def added(facts: pl.DataFrame) -> pl.DataFrame:
    """Rates of the second file in the columns of the first; numbered on, since that file numbers nothing."""
    rates = facts.filter(pl.col("metric") == "asking_rate", pl.col("grade").is_in(["A", "B"]))
    year, quarter = (pl.col("period").str.extract(r"^(\d{4})-Q([1-4])$", group).cast(pl.Int32) for group in (1, 2))
    start = pl.date(year, quarter * 3 - 2, 1)
    return rates.select(
        pl.format("colo-added-{}", pl.int_range(1, pl.len() + 1)).alias("fact_id"),
        "market",
        "period",
        start.cast(pl.String).alias("period_start"),
        start.dt.offset_by("3mo").dt.offset_by("-1d").cast(pl.String).alias("period_end"),
        *("published", "low", "high", "average", "unit", "size_band"),
        pl.lit("CBRE").alias("publisher"),
        pl.col("publisher").alias("source_title"),
        "address",
        pl.col("grade").alias("confidence"),
        pl.lit(None, dtype=pl.String).alias("note"),
    )


def record(shared: Path) -> pl.DataFrame:
    """The rows as they are written."""
    folder = shared / "data" / "colo"
    files = [pl.read_csv(folder / f"colo_facts{part}.csv", infer_schema=False) for part in ("", "_additional")]
    facts = pl.concat([files[0], added(files[1])], how="diagonal")
    made = pl.DataFrame([row(fact) for fact in facts.iter_rows(named=True)], infer_schema_length=None)
    return made.select(list(CONTRACTS["observation"].dtypes))


def main() -> None:
    """Rewrite the file."""
    write(record(shared_folder(__doc__ or "")), CURATED / "colo_market_facts.csv")


if __name__ == "__main__":
    main()
