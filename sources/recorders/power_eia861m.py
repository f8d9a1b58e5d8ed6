"""Records retail power prices from seven captures of EIA-861M: new and restated figures only, each with its captures.

Reads `data/power/eia861m_state_monthly_7vintages.csv.gz`; writes `power_prices/curated/eia861m_retail_prices.csv` and
`eia861m_captures.csv`. Not here: what the figures mean (sources/power_prices/eia861m.py), the US total (dbt).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.power_prices.eia861m import CAPTURES, COLUMNS
from sources.recorders.runs import shared_folder, write

CURATED = Path(__file__).parents[1] / "power_prices" / "curated"
INPUT = "data/power/eia861m_state_monthly_7vintages.csv.gz"
FIRST_YEAR = 2015
SECTORS = ("commercial", "industrial")
# The 50 states and DC, which make up the agency's US total. Puerto Rico stands in five of the seven captures only,
# and is no part of that total.
LEFT_OUT = ("PR",)
# Two captures print whole thousand dollars and whole MWh, the others hundredths: a difference of half a unit is
# rounding, not a restatement. Prices are printed alike in all seven, so any difference there is one.
ROUNDING = 0.5 + 1e-9

CELL = ["zone_label", "sector", "month"]
FIGURES = ["price_usc_per_kwh", "sales_mwh", "revenue_kusd", "data_status"]


def cells(shared: Path) -> pl.DataFrame:
    """Every capture's cells from FIRST_YEAR on, in our names. Cells without a price are not stated, so not there."""
    raw = pl.read_csv(shared / INPUT, infer_schema_length=None)
    unknown = set(raw["vintage_date"].unique()) ^ set(CAPTURES)
    if unknown:
        raise ValueError(f"{INPUT}: captures {sorted(unknown)} are not those of sources/power_prices/eia861m.py")
    return (
        raw.filter(
            (pl.col("year") >= FIRST_YEAR)
            & pl.col("sector").is_in(SECTORS)
            & ~pl.col("state").is_in(LEFT_OUT)
            & pl.col("price_cents_kwh").is_not_null()
        )
        .select(
            pl.col("vintage_date").alias("capture"),
            pl.col("state").alias("zone_label"),
            "sector",
            pl.format("{}-{}", "year", pl.col("month").cast(pl.String).str.zfill(2)).alias("month"),
            pl.col("price_cents_kwh").alias("price_usc_per_kwh"),
            "sales_mwh",
            "revenue_kusd",
            "data_status",
        )
        .sort("capture", *CELL)
    )


def runs(stated: pl.DataFrame) -> pl.DataFrame:
    """One row per figure and the consecutive captures that show it: COLUMNS, sorted.

    A capture that shows another figure starts a new row; one that shows the same, rounding apart, extends the row,
    whose first figure stands.
    """
    finished: list[pl.DataFrame] = []
    current = pl.DataFrame()
    for (capture,), shown in stated.group_by("capture", maintain_order=True):
        fresh = shown.select(
            *CELL,
            *FIGURES,
            pl.lit(capture).alias("first_capture"),
            pl.lit(capture).alias("last_capture"),
            pl.lit(1).alias("capture_count"),
        )
        if current.is_empty():
            current = fresh
            continue
        met = fresh.join(current, on=CELL, how="left", suffix="_before", maintain_order="left")
        same = (
            (pl.col("price_usc_per_kwh") == pl.col("price_usc_per_kwh_before"))
            & ((pl.col("sales_mwh") - pl.col("sales_mwh_before")).abs() <= ROUNDING)
            & ((pl.col("revenue_kusd") - pl.col("revenue_kusd_before")).abs() <= ROUNDING)
            & (pl.col("data_status") == pl.col("data_status_before"))
        ).fill_null(False)
        extended = met.filter(same).select(
            *CELL,
            *[pl.col(f"{name}_before").alias(name) for name in FIGURES],
            pl.col("first_capture_before").alias("first_capture"),
            "last_capture",
            (pl.col("capture_count_before") + 1).alias("capture_count"),
        )
        begun = met.filter(~same).select(fresh.columns)
        finished.append(current.join(extended, on=CELL, how="anti"))
        current = pl.concat([extended, begun])
    return pl.concat([*finished, current]).select(COLUMNS).sort(*CELL, "first_capture")


def main() -> None:
    """Rewrite both files and say how many figures are restatements."""
    recorded = runs(cells(shared_folder(__doc__ or "")))
    write(recorded, CURATED / "eia861m_retail_prices.csv")
    calendar = {"capture_group": ["EIA-861M"] * len(CAPTURES), "capture_date": list(CAPTURES)}
    write(pl.DataFrame({**calendar, "citation": list(CAPTURES.values())}), CURATED / "eia861m_captures.csv")
    cell_count = recorded.select(CELL).n_unique()
    print(f"{cell_count:,} cells, {recorded.height - cell_count:,} restatements")


if __name__ == "__main__":
    main()
