"""Recorder of GPU rental rates: five public trackers' figures, folded into runs.

What is transcribed: every price of providers that are not hyperscalers; of the hyperscalers three named regions
each, those with the longest and fullest record (Google us-central1, us-east4, europe-west4: every machine type on
all 271 captures; Amazon us-east-1 and the two GovCloud regions, the only ones its tracker holds in USD; Microsoft
eastus, westeurope, southcentralus: all eight captures, A100 of both memories, H100, the longest lists). Hyperscaler
rows that name no region are left out. Zero counts and implausible prices are transcribed as they stand.

Labels are the publishers'; where a tracker names no GPU of a size of Microsoft's, its documentation's (instances.csv).
Only what a tracker calls `secure` (RunPod's own data centres) is entered as on_demand, and the Prime Intellect
tracker's offers as `unspecified`, since it folds spot and on-demand offers into one lowest price per provider. A
reserved term of Google's is the published monthly price over 730 hours. A key quoted twice in one capture with
different prices becomes a range, said in its note. Where a tracker carries a provider's rows forward because its page
could not be read, the day the page was read counts, not the day of the file.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.gpu_rental.instances import gpus_of
from sources.recorders.gpu_runs import FOLDER, record
from sources.recorders.runs import shared_folder, write_history

HYPERSCALERS = ("aws", "azure", "gcp")
REGIONS = {
    "gcosts-gcp": ("us-central1", "us-east4", "europe-west4"),
    "karpenter-aws": ("us-east-1", "us-gov-west-1", "us-gov-east-1"),
    "karpenter-azure": ("eastus", "westeurope", "southcentralus"),
}
SOURCE_IDS = {
    "gcosts-gcp": "gpu_rates_gcosts",
    "karpenter-aws": "gpu_rates_karpenter_aws",
    "karpenter-azure": "gpu_rates_karpenter_azure",
    "fsdl-cloud-gpus": "gpu_rates_fsdl",
    "prime-intellect-tracker": "gpu_rates_prime_intellect",
}
WHOLE_FILE = "all"


def sightings(shared: Path, tracker: str) -> pl.DataFrame:
    """One row per quote and capture of one tracker: the columns gpu_runs.record asks for.

    `capture_group` says whose absence ends a run: the file of a region, a provider's page, or the whole file.
    """
    return {"fsdl-cloud-gpus": _fsdl}.get(tracker, _panel)(shared, tracker)


def _documented(rows: pl.DataFrame) -> pl.DataFrame:
    """Where a tracker states no accelerator of a size of Microsoft's, what its page says (instances.csv)."""
    silent = rows.filter(pl.col("accelerator_raw").is_null() & (pl.col("cloud") == "azure"))["instance_type"].unique()
    pages = {name: gpus for name in silent.drop_nulls() if (gpus := gpus_of("azure", name))}
    if not pages:
        return rows
    schema = {"instance_type": pl.String, "page_label": pl.String, "page_count": pl.Float64, "page_memory": pl.Float64}
    stated = [(name, gpus.gpu_label, float(gpus.gpu_count), gpus.gpu_memory_gb) for name, gpus in pages.items()]
    joined = rows.join(pl.DataFrame(stated, schema=schema, orient="row"), on="instance_type", how="left")
    unnamed = pl.col("accelerator_raw").is_null()
    return joined.with_columns(
        pl.coalesce("accelerator_raw", "page_label").alias("accelerator_raw"),
        pl.when(unnamed).then("page_count").otherwise("accelerator_count").alias("accelerator_count"),
        pl.when(unnamed).then("page_memory").otherwise("gpu_mem_gb").alias("gpu_mem_gb"),
    ).drop("page_label", "page_count", "page_memory")


def _panel(shared: Path, tracker: str) -> pl.DataFrame:
    rows = _documented(_panel_rows(shared, tracker))
    regional = tracker in REGIONS
    if regional:
        rows = rows.filter(pl.col("region").is_in(REGIONS[tracker]))
    per_instance = pl.col("price_instance_hr").is_not_null()
    stated = pl.col("price_type") if regional else pl.lit("unspecified")
    return rows.select(
        "as_of",
        pl.col("cloud").alias("provider_label"),
        pl.col("instance_type").alias("sku_label"),
        pl.coalesce("accelerator_raw", pl.lit("not stated")).alias("gpu_label"),
        pl.col("gpu_mem_gb").alias("gpu_memory_gb"),
        pl.col("region").alias("region_label"),
        pl.col("accelerator_count").alias("gpu_count") if regional else pl.lit(None, pl.Float64).alias("gpu_count"),
        stated.alias("commitment"),
        pl.when(per_instance)
        .then(pl.lit("usd_per_instance_hour"))
        .otherwise(pl.lit("usd_per_gpu_hour"))
        .alias("price_unit"),
        "currency",
        pl.coalesce("price_instance_hr", "price_gpu_hr").alias("price"),
        _citation().alias("citation"),
        (pl.col("region") if regional else pl.lit(WHOLE_FILE)).alias("capture_group"),
        pl.lit(None, pl.String).alias("note"),
    )


def _fsdl(shared: Path, tracker: str) -> pl.DataFrame:
    """The whole table at each commit; where an instance has no name, its CPUs and memory tell it apart.

    The GPU's memory stands in its label; the column GPU RAM is a total in some rows and one GPU's in others.
    """
    rows = pl.read_csv(shared / "data" / "gpu_rates" / "fsdl_cloud_gpus_history.csv.gz", infer_schema=False)
    rows = rows.filter(~pl.col("Cloud").str.to_lowercase().is_in(HYPERSCALERS))
    unnamed = pl.concat_str(
        [pl.format("{} vCPU", "vCPUs"), pl.format("{} GB", "RAM")], separator=", ", ignore_nulls=True
    ).replace("", None)
    count = pl.col("GPUs").cast(pl.Float64)
    repository = _panel_rows(shared, tracker)["source_repo"][0]
    keyed = rows.select(
        pl.col("as_of").str.to_date(),
        pl.col("Cloud").alias("provider_label"),
        pl.coalesce("Name", unnamed).alias("sku_label"),
        pl.col("GPU Type").alias("gpu_label"),
        pl.lit(None, pl.Float64).alias("gpu_memory_gb"),
        pl.lit(None, pl.String).alias("region_label"),
        count.alias("gpu_count"),
        pl.col("On-demand").alias("on_demand"),
        pl.col("Spot").alias("spot"),
        pl.lit("usd_per_instance_hour").alias("price_unit"),
        pl.lit("USD").alias("currency"),
        pl.format("github.com/{}@{}", pl.lit(repository), "commit").alias("citation"),
        pl.lit(WHOLE_FILE).alias("capture_group"),
        pl.lit(None, pl.String).alias("note"),
    )
    index = [c for c in keyed.columns if c not in ("on_demand", "spot")]
    return (
        keyed.unpivot(["on_demand", "spot"], index=index, variable_name="commitment", value_name="price")
        .with_columns(pl.col("price").str.strip_chars(" $").cast(pl.Float64))
        .drop_nulls("price")
    )


def _panel_rows(shared: Path, tracker: str) -> pl.DataFrame:
    return pl.read_parquet(shared / "data" / "gpu_rates" / "gpu_rates_panel.parquet").filter(source=tracker)


def _citation() -> pl.Expr:
    return pl.format("github.com/{}@{}", "source_repo", pl.col("source_commit").str.head(12))


def main() -> None:
    """Write every tracker's two files."""
    shared = shared_folder(__doc__ or "")
    for tracker, source_id in SOURCE_IDS.items():
        write_history(FOLDER, source_id, *record(sightings(shared, tracker)))


if __name__ == "__main__":
    main()
