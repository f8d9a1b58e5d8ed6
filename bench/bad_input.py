"""`python -m bench.bad_input HOME`: what became of the bad input known to lie in the two real panels.

HOME is a home into which bench.panels' files were loaded and that was refreshed. Each kind is found in the raw file by
its own arithmetic, not by the product's rules; then its rows are looked for among the rejected rows, the rows set aside
and the facts. The last column must be 0 throughout. Kinds of which the panels hold no instance are tests named
synthetic (docs/bad_input.md).
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from bench.__main__ import ROOT
from sources.registry import home_sources

SHARED = Path(os.environ.get("RACKHOUR_SHARED", ROOT.parent / "shared")) / "data"
TOKENS = SHARED / "token_prices" / "token_price_panel.parquet"
RENTS = SHARED / "gpu_rates" / "gpu_rates_panel.parquet"
KINDS = ("input_usd_mtok", "output_usd_mtok", "cache_read_usd_mtok", "cache_write_usd_mtok",
         "batch_input_usd_mtok", "batch_output_usd_mtok")  # fmt: skip
FAMILIES = {"token_prices": TOKENS, "gpu_rental": RENTS}
_SPELL = "and bad.valid_from >= t.valid_from and bad.valid_from <= t.last_observed and bad.source_id = t.source_id"
# Where a figure that was let in can stand: among the rows set aside, in the fact.
STANDING = {
    "token_prices": (
        f"""quarantine.doubted_token_price as t where bad.model_label = t.model_label and bad.token_kind = t.token_kind
        and bad.processing = t.processing and bad.price = t.original_price {_SPELL}""",
        f"""core.fct_token_price as t where bad.model_label = t.model_label and bad.token_kind = t.token_kind
        and bad.processing = t.processing and abs(bad.price - cast(t.price_usd_per_mtok as double)) < 1e-9 {_SPELL}""",
    ),
    "gpu_rental": (
        """quarantine.gpu_rental_rate as t where coalesce(bad.sku_label, '') = coalesce(t.sku_label, '')
        and coalesce(bad.region_label, '') = coalesce(t.region_label, '') and bad.commitment = t.commitment
        and bad.price = t.price and bad.source_id = t.source_id
        and bad.valid_from >= t.valid_from and bad.valid_from < coalesce(t.valid_to, date '9999-12-31')""",
        f"""core.fct_gpu_rental_rate as t where coalesce(bad.sku_label, 'unspecified') = t.sku
        and coalesce(bad.region_label, 'unspecified') = t.region and bad.commitment = t.commitment
        and abs(bad.price / if(bad.price_unit = 'usd_per_instance_hour', bad.gpu_count, 1)
        - cast(t.price_usd_per_gpu_hour as double)) < 1e-6 {_SPELL}""",
    ),
}
NODE = pl.col("price_instance_hr")
PER_GPU = pl.coalesce(NODE / pl.col("accelerator_count"), pl.col("price_gpu_hr"))


@dataclass(frozen=True)
class Kind:
    """One kind of bad input: what it is, and which figures of which raw rows are bad."""

    name: str
    bad: pl.Expr  # over a row and its `price`


TOKEN_KINDS = (
    Kind("100,000 times too high for 11 months (wandb)",
         (pl.col("provider") == "wandb") & (pl.col("source") == "litellm") & (pl.col("as_of") <= pl.date(2026, 8, 25))
         & (pl.col("price") > 1000)),
    Kind("1,000 times too high (azure_ai/jais-30b-chat at 3,200)",
         (pl.col("model_id") == "azure_ai/jais-30b-chat") & (pl.col("price") > 1000)),
    Kind("USD per token in a per-Mtok field (openai/gpt-5.4-mini 7.5e-07)",
         (pl.col("price") > 0) & (pl.col("price") < 1e-5)),
    Kind("cents in a dollar field (helicone/mistral-small 75, then 0.075)",
         (pl.col("provider") == "helicone") & (pl.col("model_id") == "mistral-small") & (pl.col("price") >= 75)),
    Kind("-1 per token for `varies`", pl.col("price") < 0),
    Kind("zero where no route is called free", (pl.col("price") == 0) & ~pl.col("model_id").str.contains(":free")),
    Kind("no seller named", pl.col("provider").is_null()),
)  # fmt: skip
RENT_KINDS = (
    Kind("GPU count 0", pl.col("accelerator_count") == 0),
    Kind("CNY rows in a USD feed", pl.col("currency") != "USD"),
    Kind("a price of 0", pl.col("price") == 0),
    Kind("a node without its GPUs (8 H100 at 10 USD an hour)",
         (pl.col("accelerator") == "H100") & (pl.col("accelerator_count") == 8) & (NODE < 11)
         & (pl.col("price_type") == "on_demand")),
    Kind("spot above the on-demand price of the same machine, place and day", pl.col("on_demand_beside") < PER_GPU),
)  # fmt: skip


def main(home: Path) -> int:
    """Print the table; 1 where a bad figure stands in a fact."""
    database = duckdb.connect(str(home / "current" / "rackhour.duckdb"), read_only=True)
    landed = {family: _landed(home, family) for family in FAMILIES}
    print("| bad input | file | rows (the first) | figures | rejected | set aside | not modelled | in a fact |")
    print("|---|---|---|---|---|---|---|---|")
    worst = 0
    for frame, kinds, family in ((_tokens(), TOKEN_KINDS, "token_prices"), (_rents(), RENT_KINDS, "gpu_rental")):
        for kind in kinds:
            counts = _traced(database, landed[family], family, frame.filter(kind.bad))
            worst = max(worst, counts[-1])
            file = FAMILIES[family].name
            shown = frame.filter(kind.bad)["row_number"].unique().sort()
            listed = f"{shown.len():,} ({', '.join(map(str, shown.head(3)))}...)"
            print(f"| {kind.name} | {file} | {listed} | {' | '.join(f'{n:,}' for n in counts)} |")
    return int(worst > 0)


def _landed(home: Path, family: str) -> pl.DataFrame:
    """Accepted rows of what was loaded from the panel, with the panel's own row numbers."""
    folders = [home / "landing" / family / source_id for source_id in home_sources(home.joinpath("sources"))]
    files = [path for folder in folders for path in folder.glob("*/accepted.parquet")]
    return pl.concat([pl.read_parquet(path) for path in files], how="diagonal_relaxed")


def _traced(
    database: duckdb.DuckDBPyConnection, landed: pl.DataFrame, family: str, bad: pl.DataFrame
) -> tuple[int, int, int, int, int]:
    """Bad figures; of these rejected, set aside, in no model (a label no crosswalk knows), in a fact."""
    accepted = landed.join(bad.select("row_number", "price", "as_of"), on=["row_number", "price"], how="semi")
    database.register("accepted_bad", accepted.to_arrow())
    aside, fact = (_standing(database, relation) for relation in STANDING[family])
    figures = bad.height
    return figures, figures - accepted.height, aside, accepted.height - aside - fact, fact


def _standing(database: duckdb.DuckDBPyConnection, relation: str) -> int:
    counted = database.sql(f"select count(*) from accepted_bad as bad where exists (from {relation})").fetchone()
    return int(counted[0]) if counted else 0


def _tokens() -> pl.DataFrame:
    raw = pl.read_parquet(TOKENS).with_row_index("row_number", offset=1)
    names = ["row_number", "as_of", "source", "provider", "model_id"]
    return raw.unpivot(KINDS, index=names, variable_name="column", value_name="price").drop_nulls("price")


def _rents() -> pl.DataFrame:
    raw = pl.read_parquet(RENTS).with_row_index("row_number", offset=1)
    raw = raw.with_columns(pl.coalesce("price_instance_hr", "price_gpu_hr").alias("price"))
    place = ["as_of", "source", "cloud", "instance_type", "accelerator_raw", "accelerator_count", "region"]
    beside = (
        raw.filter(pl.col("price_type") == "on_demand").group_by(place).agg(PER_GPU.min().alias("on_demand_beside"))
    )
    spot = pl.when(pl.col("price_type") == "spot").then("on_demand_beside")
    return raw.join(beside, on=place, how="left", nulls_equal=True).with_columns(spot.alias("on_demand_beside"))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
