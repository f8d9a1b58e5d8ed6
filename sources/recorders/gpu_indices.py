"""Recorder of figures about rents that are no seller's price: an index, medians of what was paid, expected prices.

Silicon Data's published index by tier, as a collector read it each day, 2026-03-06 to 2026-07-15. The collector's
script clicks from series to series. Where a click failed it wrote the figure of the series before, or 1.0. So a
figure is left out if another series has it on the same day, if it is 1.0, or if it is more than a fifth away from the
median of the 15 days around it (LARGEST_DEVIATION). Lium's medians of what renters paid, weighted by GPU-hours, over
the 30 days to 2026-09-19. What a prediction market expected on 2026-10-10 Ornn's H100 index to show on two later
days.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.recorders.gpu_runs import FOLDER
from sources.recorders.runs import shared_folder, write

RATES = Path("data") / "gpu_rates"
INDEX, PAID, FORWARD = "gpu_index_silicon_data", "gpu_paid_lium", "gpu_forward_h100"
DAYS_AROUND, LARGEST_DEVIATION = 15, 0.2
COLUMNS = (
    "series", "price_basis", "gpu_label", "provider_tier", "settles_on", "price", "sample_count", "dispersion",
    "valid_from", "valid_to", "known_from", "known_basis", "last_observed", "observation_count", "grade", "citation",
    "note",
)  # fmt: skip


def silicon_data(shared: Path) -> pl.DataFrame:
    """One row per day, tier and GPU."""
    rows = pl.read_csv(shared / RATES / "silicondata_index_scrape_2026-03-06_2026-08-22.csv", try_parse_dates=True)
    long = rows.unpivot(index="date", value_name="price").drop_nulls("price").sort("variable", "date")
    kept = long.filter((pl.len().over("date", "price") == 1) & (pl.col("price") != 1.0))
    middle = pl.col("price").rolling_median(DAYS_AROUND, center=True, min_samples=1).over("variable", order_by="date")
    parts = pl.col("variable").str.split_exact("-", 1).struct
    return _rows(
        kept.filter((pl.col("price") / middle - 1).abs() <= LARGEST_DEVIATION).with_columns(
            series=pl.lit("silicon_data"),
            price_basis=pl.lit("index"),
            provider_tier=parts.field("field_0"),
            gpu_label=parts.field("field_1"),
            valid_from=pl.col("date"),
            valid_to=pl.col("date") + pl.duration(days=1),
            citation=pl.lit("github.com/joshhmckee/gpu-rental-prices@557fb9b (Silicon Data's page)"),
        )
    )


def lium(shared: Path) -> pl.DataFrame:
    """One row per GPU."""
    rows = pl.read_csv(shared / RATES / "lium_paid_medians_2026-09-19.csv", try_parse_dates=True)
    single = pl.col("per_rental_paid_median_usd").is_not_null()
    return _rows(
        rows.with_columns(
            series=pl.lit("lium_30_days"),
            price_basis=pl.lit("paid"),
            provider_tier=pl.lit("marketplace"),
            gpu_label=pl.col("gpu"),
            price=pl.col("gpu_hour_weighted_paid_median_usd"),
            sample_count=pl.col("rentals_started"),
            valid_from=pl.col("as_of") - pl.duration(days=pl.col("window_days") - 1),
            valid_to=pl.col("as_of") + pl.duration(days=1),
            date=pl.col("as_of"),
            citation=pl.col("source"),
            note=pl.when(single).then(pl.format("each rental counted once: {}", "per_rental_paid_median_usd")),
        )
    )


def forward(shared: Path) -> pl.DataFrame:
    """One row per settlement day."""
    rows = pl.read_csv(shared / RATES / "implied_forward_h100_2026-10-10.csv", try_parse_dates=True)
    withheld = pl.lit("withheld by its collector: too little was staked")
    return _rows(
        rows.with_columns(
            series=pl.lit("ornn_h100"),
            price_basis=pl.lit("forward"),
            provider_tier=pl.lit("all"),
            gpu_label=pl.lit("H100"),
            settles_on=pl.col("settles"),
            price=pl.col("expected_usd_per_gpu_h"),
            valid_from=pl.col("read_at"),
            valid_to=pl.lit(None, pl.Date),
            date=pl.col("read_at"),
            citation=pl.lit("github.com/henryzhangpku/gpu-price-index (implied/2026-10-10.json)"),
            note=pl.concat_str(
                pl.format("{} USD staked", "volume_usd"),
                pl.when("withheld_by_collector").then(withheld),
                separator="; ",
                ignore_nulls=True,
            ),
        )
    )


def _rows(found: pl.DataFrame) -> pl.DataFrame:
    absent = {"settles_on": pl.Date, "sample_count": pl.Int64, "dispersion": pl.Float64, "note": pl.String}
    return (
        found.with_columns(
            *[pl.lit(None, dtype).alias(name) for name, dtype in absent.items() if name not in found.columns],
            known_from=pl.col("date"),
            known_basis=pl.lit("first_seen"),
            last_observed=pl.col("date"),
            observation_count=pl.lit(1),
            grade=pl.lit("B"),
        )
        .select(COLUMNS)
        .sort("series", "provider_tier", "gpu_label", "valid_from", "settles_on")
    )


def main() -> None:
    """Write the three files."""
    shared = shared_folder(__doc__ or "")
    for source_id, rows in ((INDEX, silicon_data(shared)), (PAID, lium(shared)), (FORWARD, forward(shared))):
        write(rows, FOLDER / f"{source_id}.csv")


if __name__ == "__main__":
    main()
