"""`python -m bench.guard_sample HOME OUT.csv`: 200 rejections and 200 near-misses of the guard, drawn to be judged.

HOME is a home into which bench.panels' files were loaded and that was refreshed. Rejections are what the contract
turned away and what the judges set aside: half drawn at random from all of them, half spread evenly over the rules
that judge a magnitude. Near-misses are prices in the facts that lie at least half of the way, on a log scale, to a
rule's threshold, by arithmetic of this module and not of the models: half tokens, half rents, drawn at random.

Every line carries its weight: how many rows of its frame it stands for. Not here: the verdicts (tests/golden).
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import polars as pl

SEED = 20261121
EACH = 100
TOKEN_SOURCES = "source_id like 'token\\_%' escape '\\'"
RENT_SOURCES = "source_id like 'gpu\\_%' escape '\\' and source_id not like 'gpu\\_rates\\_%' escape '\\'"
# Rules that say what a row lacks, not that its figure is too far off.
STRUCTURAL = ("no price stated", "not_nullable", "repeats another row", "two figures for one item", "equal_to(USD)",
              "gpu_count_not_stated", "gpu_memory_contradicts_label", "moving_alias")  # fmt: skip

REJECTIONS = f"""
select
    family, source_id,
    case
        when rule like 'no price in any%' then 'no price stated'
        when rule like 'two figures%' then 'two figures for one item'
        when rule like 'repeats%' then 'repeats another row'
        else rule
    end as rule,
    coalesce(json_extract_string(row_json, '$.provider_label'), '') || ' | '
    || coalesce(json_extract_string(row_json, '$.model_label'), json_extract_string(row_json, '$.gpu_label'), '')
    || ' | '
    || coalesce(json_extract_string(row_json, '$.token_kind') || ' ' || json_extract_string(row_json, '$.processing'),
        json_extract_string(row_json, '$.commitment') || ' '
        || coalesce(json_extract_string(row_json, '$.sku_label'), '') || ' x'
        || coalesce(json_extract_string(row_json, '$.gpu_count'), '?')
        || ' ' || coalesce(json_extract_string(row_json, '$.region_label'), ''), '') as item,
    try_cast(json_extract_string(row_json, '$.price') as double) as price,
    coalesce(json_extract_string(row_json, '$.currency'), '') || ' '
    || coalesce(json_extract_string(row_json, '$.price_unit'), '') as unit,
    json_extract_string(row_json, '$.valid_from') as first_day,
    field || ' = ' || coalesce(value, '') as evidence
from quarantine.rejected_row
where {TOKEN_SOURCES} or ({RENT_SOURCES})
union all
select
    'token_prices', source_id, reason,
    provider || ' | ' || model_label || ' | ' || token_kind || ' ' || processing || ' ' || tier,
    price_usd_per_mtok, 'usd_per_mtok', cast(valid_from as varchar), evidence
from quarantine.doubted_token_price
where {TOKEN_SOURCES} and reason <> 'provider_in_no_crosswalk'
union all
select
    'gpu_rental', source_id, rejection,
    provider || ' | ' || gpu_label || ' | ' || commitment || ' ' || coalesce(sku_label, '') || ' x'
    || coalesce(cast(gpu_count as varchar), '?') || ' ' || coalesce(region_label, ''),
    price, price_unit, cast(valid_from as varchar), evidence
from quarantine.gpu_rental_rate
where {RENT_SOURCES}
"""

TOKENS = f"""
with fact as (
    select *, cast(price_usd_per_mtok as double) as price, coalesce(valid_to, date '9999-12-31') as until_day
    from core.fct_token_price where {TOKEN_SOURCES} and price_usd_per_mtok > 0
), own as (
    select a.observation_id, median(b.price) as own_median, count(*) as own_count
    from fact as a join fact as b
        on a.source_id = b.source_id and a.provider_label = b.provider_label and a.model_label = b.model_label
        and a.token_kind = b.token_kind and a.processing = b.processing and a.tier = b.tier
        and b.valid_from < a.valid_from
    group by all
), seller as (
    select model, token_kind, processing, tier, provider, median(price) as price from fact group by all
), peer as (
    select a.observation_id, median(b.price) as peer_median, count(*) as peer_count
    from fact as a join seller as b
        on a.model = b.model and a.token_kind = b.token_kind and a.processing = b.processing and a.tier = b.tier
        and a.provider <> b.provider
    group by all
), near as (
    select
        fact.*, own_median, own_count, peer_median, peer_count,
        coalesce(abs(ln(price / own_median)) / ln(100), 0) as own_way,
        case when peer_count >= 3 then abs(ln(price / peer_median)) / ln(50) else 0 end as peer_way,
        greatest(ln(0.05 / price) / ln(0.05 / 0.0005), 0) as floor_way,
        ln(price / if(token_kind like 'output%', 150, 37.5)) / ln(10) as ceiling_way
    from fact left join own using (observation_id) left join peer using (observation_id)
)
select
    'token_prices' as family, source_id,
    case greatest(own_way, peer_way, floor_way, ceiling_way)
        when own_way then 'own history' when peer_way then 'other sellers' when floor_way then 'floor' else 'ceiling'
    end as rule,
    provider || ' | ' || model_label || ' | ' || token_kind || ' ' || processing || ' ' || tier as item,
    price, 'usd_per_mtok' as unit, cast(valid_from as varchar) as first_day,
    'own before ' || coalesce(round(own_median, 5) || ' (' || own_count || ')', 'none') || '; others '
    || coalesce(round(peer_median, 5) || ' (' || peer_count || ')', 'none') as evidence
from near where greatest(own_way, peer_way, floor_way, ceiling_way) >= 0.5
"""

RENTS = f"""
with fact as (
    select *, cast(price_usd_per_gpu_hour as double) as price, coalesce(valid_to, date '9999-12-31') as until_day
    from core.fct_gpu_rental_rate where {RENT_SOURCES} and form_factor <> 'partial'
), beside as (
    select a.observation_id, min(b.price) as on_demand
    from fact as a join fact as b
        on a.source_id = b.source_id and a.provider = b.provider and a.sku = b.sku and a.region = b.region
        and a.gpu = b.gpu and a.gpu_count = b.gpu_count and b.commitment = 'on_demand'
        and a.valid_from >= b.valid_from and a.valid_from < b.until_day
    where a.commitment = 'spot' or a.commitment like 'reserved%'
    group by all
), own as (
    select a.observation_id, median(b.price) as own_median, count(*) as own_count
    from fact as a join fact as b
        on a.source_id = b.source_id and a.provider = b.provider and a.gpu = b.gpu and a.region = b.region
        and a.commitment = b.commitment and b.valid_from < a.valid_from
    group by all
), seller as (
    select gpu, commitment, provider, valid_from, until_day, price from fact
), peer as (
    select a.observation_id, median(b.price) as peer_median, count(distinct b.provider) as peer_count
    from fact as a join seller as b
        on a.gpu = b.gpu and a.commitment = b.commitment and a.provider <> b.provider
        and a.valid_from >= b.valid_from and a.valid_from < b.until_day
    group by all
), near as (
    select
        fact.*, on_demand, own_median, own_count, peer_median, peer_count,
        case when peer_count >= 3 then abs(ln(price / peer_median)) / ln(5) else 0 end as peer_way,
        coalesce(ln(own_median / price) / ln(4), 0) as own_way,
        case
            when commitment like 'reserved%'
                then greatest(ln(on_demand / price) / ln(4), if(price / on_demand > 0.9, 0.9, 0))
            when commitment = 'spot' and price / on_demand >= 0.8 then price / on_demand
            else 0
        end as beside_way
    from fact left join beside using (observation_id) left join own using (observation_id)
        left join peer using (observation_id)
)
select
    'gpu_rental' as family, source_id,
    case greatest(own_way, peer_way, coalesce(beside_way, 0))
        when own_way then 'own history' when peer_way then 'other sellers' else 'on-demand beside it'
    end as rule,
    provider || ' | ' || gpu || ' | ' || commitment || ' ' || sku || ' x' || gpu_count || ' ' || region as item,
    price, 'usd_per_gpu_hour' as unit, cast(valid_from as varchar) as first_day,
    'own before ' || coalesce(round(own_median, 3) || ' (' || own_count || ')', 'none') || '; others '
    || coalesce(round(peer_median, 3) || ' (' || peer_count || ')', 'none') || '; on demand '
    || coalesce(cast(round(on_demand, 3) as varchar), 'none') as evidence
from near where greatest(own_way, peer_way, coalesce(beside_way, 0)) >= 0.5
"""


def main(home: Path, target: Path) -> None:
    """Draw and write; print the frames."""
    with duckdb.connect(str(home / "current" / "rackhour.duckdb"), read_only=True) as database:
        rejected, tokens, rents = (database.sql(f"{query} order by all").pl() for query in (REJECTIONS, TOKENS, RENTS))
    print(rejected.group_by("family", "rule").len().sort("len", descending=True))
    for name, frame in (("rejections", rejected), ("near tokens", tokens), ("near rents", rents)):
        print(f"{name}: {frame.height:,}")
    drawn = rejected.sample(EACH, seed=SEED).with_columns(pl.lit("rejection, any").alias("side"))
    drawn = drawn.with_columns(pl.lit(rejected.height / EACH).alias("weight"))
    parts = [drawn, _spread(rejected.filter(~pl.col("rule").is_in(STRUCTURAL)))]
    for frame in (tokens, rents):
        near = frame.sample(min(EACH, frame.height), seed=SEED)
        parts.append(
            near.with_columns(pl.lit("near-miss").alias("side"), pl.lit(frame.height / near.height).alias("weight"))
        )
    sample = pl.concat(parts, how="diagonal").with_row_index("sample_id", offset=1)
    names = [
        "sample_id",
        "side",
        "weight",
        "family",
        "source_id",
        "rule",
        "item",
        "price",
        "unit",
        "first_day",
        "evidence",
    ]
    sample.select(names).write_csv(target)


def _spread(frame: pl.DataFrame) -> pl.DataFrame:
    """EACH rows spread evenly over the rules: as many of a rare rule as there are, the rest shared by the others."""
    frame = frame.sample(frame.height, shuffle=True, seed=SEED).with_columns(
        pl.int_range(pl.len()).over("rule").alias("turn"), pl.len().over("rule").alias("of_rule")
    )
    chosen = frame.sort("turn", "rule").head(EACH)
    taken = chosen.group_by("rule").len("taken")
    weighted = chosen.join(taken, on="rule").with_columns((pl.col("of_rule") / pl.col("taken")).alias("weight"))
    return weighted.sort("rule", "turn").with_columns(pl.lit("rejection, by rule").alias("side"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
