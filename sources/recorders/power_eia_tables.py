"""Records the newest retail power prices of EIA's published tables: states in one month, census divisions in 2025.

Three sources, each as what it is: table 5.6.A of the Electric Power Monthly (states), table 9.8 of the Monthly
Energy Review (the country), the Short-Term Energy Outlook (census divisions). All are copies in public repositories, so
grade B.

Reads `data/power/eia_epm_5_6_a_*.csv` and `eia_steo_mer_*.csv`; writes `power_prices/curated/eia_epm_state_prices.csv`,
`eia_mer_us_prices.csv` and `eia_steo_division_prices.csv`. Not here: the survey's own series by state with its
restatements (power_eia861m.py), residential prices, which no data centre pays.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from sources.power_prices.contract import CONTRACTS
from sources.recorders.runs import shared_folder, write

CURATED = Path(__file__).parents[1] / "power_prices" / "curated"
STATES = "data/power/eia_epm_5_6_a_commercial_industrial_2026-04.csv"
MONTHS_OF_2025 = "data/power/eia_steo_mer_retail_price_by_census_division_2025.csv"

STATE_CITATION = (
    "EIA, Electric Power Monthly, table 5.6.A, in github.com/EvanMurphy17/lead_qualification_tool "
    "web/public/data/reference.json @20134ad"
)
STATE_NOTE = (
    "the copy names no month; April 2026 is inferred: the agency publishes a month about 54 days after it ends, so on "
    "2026-07-23 the newest was April"
)
# The day the copies were committed; the outlook and the review were asked for through the agency's API on it.
ASKED = dt.date(2026, 4, 1)
REPOSITORY = "github.com/galvezam/eia-data-pipeline data/raw/raw/{}_20260401.csv @37510f8"
NOT_FINAL = "a figure of 2025 as of 2026-04-01: not yet final"

SECTOR_CODES = {"ESCMU": "commercial", "ESICU": "industrial", "ESTCU": "all_sectors"}
RESIDENTIAL = "ESRCU"
REVIEW, OUTLOOK = "MER 9.8 (total-energy)", "STEO"
# The outlook's figures of the country repeat the review's in an older state (12.90 for 12.82 in 2025-01): not recorded.
COUNTRY = "US"


def states(shared: Path) -> pl.DataFrame:
    """One row per state and sector, in dollars as the copy has them."""
    table = pl.read_csv(shared / STATES)
    sectors = {f"{sector}_usd_per_kwh": sector for sector in ("commercial", "industrial")}
    long = table.unpivot(index=["data_month", "state", "retrieved"], on=list(sectors), value_name="price")
    return _rows(
        long.select(
            pl.col("state").alias("zone_label"),
            pl.col("variable").replace_strict(sectors).alias("sector"),
            pl.col("data_month").alias("month"),
            "price",
            pl.lit("usd_per_kwh").alias("price_unit"),
            pl.col("retrieved").str.to_date().alias("known_from"),
            pl.lit(STATE_CITATION).alias("citation"),
            pl.lit(STATE_NOTE).alias("note"),
        )
    )


def _series(shared: Path, dataset: str) -> pl.DataFrame:
    """One row per series and month of a dataset, with its sector and the area its code names.

    Raises ValueError on a series that is neither of a known sector nor residential.
    """
    table = pl.read_csv(shared / MONTHS_OF_2025).filter(pl.col("dataset") == dataset)
    code = pl.col("seriesId").str.slice(0, 5)
    unknown = table.filter(~code.is_in([*SECTOR_CODES, RESIDENTIAL]))["seriesId"].unique().to_list()
    if unknown:
        raise ValueError(f"{MONTHS_OF_2025}, field seriesId: {unknown} are of no sector in SECTOR_CODES")
    folder = "total_energy/monthly/total_energy" if dataset == REVIEW else "steo/monthly/steo"
    named = "Monthly Energy Review, table 9.8" if dataset == REVIEW else "Short-Term Energy Outlook"
    return table.filter(code != RESIDENTIAL).select(
        pl.col("seriesId").str.slice(5).str.strip_prefix("_").alias("zone_label"),
        code.replace_strict(SECTOR_CODES, default=None).alias("sector"),
        pl.col("period").alias("month"),
        pl.col("value").alias("price"),
        pl.lit("usc_per_kwh").alias("price_unit"),
        pl.lit(ASKED).alias("known_from"),
        pl.format("EIA, {}, series {}, in {}", pl.lit(named), "seriesId", pl.lit(REPOSITORY.format(folder))).alias(
            "citation"
        ),
        pl.lit(NOT_FINAL).alias("note"),
    )


def country(shared: Path) -> pl.DataFrame:
    """The review's average of the country, one row per sector and month."""
    return _rows(_series(shared, REVIEW))


def divisions(shared: Path) -> pl.DataFrame:
    """The outlook's averages of census divisions, one row per division, sector and month."""
    return _rows(_series(shared, OUTLOOK).filter(pl.col("zone_label") != COUNTRY))


def _rows(stated: pl.DataFrame) -> pl.DataFrame:
    """Contract rows of monthly prices that one capture shows, sorted."""
    start = pl.concat_str("month", pl.lit("-01")).str.to_date()
    after = start.dt.offset_by("1mo")
    made = stated.with_columns(
        start.alias("valid_from"),
        after.alias("valid_to"),
        start.alias("interval_start"),
        after.alias("interval_end"),
        pl.col("known_from").alias("last_observed"),
        pl.lit("first_seen").alias("known_basis"),
        pl.lit(1).alias("observation_count"),
        pl.lit("B").alias("grade"),
        pl.lit("USD").alias("currency"),
    )
    columns = [name for name in CONTRACTS["observation"].dtypes if name in made.columns]
    return made.select(columns).sort("zone_label", "sector", "interval_start")


def main() -> None:
    """Rewrite the three files."""
    shared = shared_folder(__doc__ or "")
    write(states(shared), CURATED / "eia_epm_state_prices.csv")
    write(country(shared), CURATED / "eia_mer_us_prices.csv")
    write(divisions(shared), CURATED / "eia_steo_division_prices.csv")


if __name__ == "__main__":
    main()
