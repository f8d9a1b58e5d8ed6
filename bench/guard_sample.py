"""`python -m bench.guard_sample HOME OUT.csv`: 200 rejections and 200 near-misses of the guard, to be judged.

HOME is a home into which bench.panels' files were loaded and that was refreshed. Each line carries what a person needs:
file, raw row, price, the item's own other prices, what others ask, the guard's verdict and evidence. Prints the size of
each frame. The labels, and what came out, are tests/golden/guard_labels.csv and docs/guard.md; nothing is judged here.

Rejections: 100 uniformly over every figure rejected or set aside, then 100 more spread evenly over the rules that judge
by magnitude. Near-misses: accepted figures at least halfway, in logarithms, from the ordinary to a threshold; the
distances are this script's own arithmetic over the facts. A line's weight is its stratum's size over the lines drawn.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from pathlib import Path

import duckdb
import polars as pl

from sources.registry import home_sources

SEED = 20261121
UNIFORM, SPREAD, NEAR_EACH = 100, 100, 100
FILES = {"token_prices": "token_price_panel.parquet", "gpu_rental": "gpu_rates_panel.parquet"}
# Neither says anything of a price: a row without one, a seller no crosswalk names.
NOT_OF_A_PRICE = "no price in any of"
MAGNITUDE = (
    "zero_is_not_a_price", "per_token_in_a_per_mtok_field", "far_from_other_sellers", "far_from_its_own_history",
    "provider_wide_jump", "price_at_most_375_usd_per_mtok_in_and_1500_out", "price_lacks_gpu", "companion_lacks_gpu",
    "reserved_lacks_gpu", "reserved_not_discounted", "spot_above_on_demand", "far_from_peers", "whole_node_price",
)  # fmt: skip
TOKEN_KEYS = "source_id, provider_label, model_label, token_kind, processing, tier"
RENT_KEYS = "source_id, provider, sku, gpu, form_factor, region, commitment, gpu_count"

# How near each accepted token price comes to a threshold: 0 is ordinary, 1 is the threshold, in logarithms.
TOKENS_NEAR = f"""
with fact as (select *, cast(price_usd_per_mtok as double) as p from core.fct_token_price
              where p > 0 and source_id in (select source_id from home_source)),
usual as (select token_kind, median(p) as usual from fact group by 1),
moves as (select observation_id, source_id, provider_label, valid_from, p / lag(p) over (
    partition by {TOKEN_KEYS} order by valid_from, observation_id) as factor, model_label from fact),
moved as (select this.observation_id, count(distinct other.model_label) as together from moves as this
    join moves as other using (source_id, provider_label, valid_from)
    where greatest(this.factor, 1 / this.factor) >= 1.41 and abs(other.factor / this.factor - 1) <= 0.02 group by 1),
own as (select this.observation_id, median(other.p) as own from fact as this join fact as other using ({TOKEN_KEYS})
    where other.valid_from < this.valid_from group by 1),
sellers as (select this.observation_id, median(other.p) as others, count(distinct other.provider) as n
    from fact as this join fact as other using (model, token_kind, processing, tier)
    where this.provider <> other.provider and other.valid_from <= this.valid_from
    and this.valid_from < coalesce(other.valid_to, other.last_observed + 31) group by 1),
near as (select fact.observation_id, unnest([
    {{'measure': 'floor', 'near': ln(usual / p) / ln(usual / 0.0005)}},
    {{'measure': 'ceiling', 'near': ln(p / usual) / ln(if(token_kind like 'output%', 1500, 375) / usual)}},
    {{'measure': 'own_history', 'near': abs(ln(p / own)) / ln(100)}},
    {{'measure': 'other_sellers',
      'near': if(n >= 2, abs(ln(p / others)) / ln(if(token_kind like 'cache%', 100, 50)), 0)}},
    {{'measure': 'list_moved', 'near': if(together >= 3, 0.5 + 0.01 * together, 0)}}], recursive := true)
    from fact join usual using (token_kind) left join own using (observation_id)
    left join sellers using (observation_id) left join moved using (observation_id))
select observation_id, measure, near from near where near >= 0.5
qualify row_number() over (partition by observation_id order by near desc, measure) = 1 order by observation_id"""

RENTS_NEAR = f"""
with fact as (select *, cast(price_usd_per_gpu_hour as double) as p from core.fct_gpu_rental_rate
              where source_id in (select source_id from home_source)),
own as (select this.observation_id, median(other.p) as own from fact as this join fact as other using ({RENT_KEYS})
    where other.valid_from < this.valid_from group by 1),
siblings as (select this.observation_id, median(other.p) as siblings from fact as this
    join fact as other using (source_id, provider, gpu, region, commitment)
    where this.commitment = 'on_demand' and this.observation_id <> other.observation_id
    and this.valid_from >= other.valid_from
    and this.valid_from < coalesce(other.valid_to, date '9999-12-31') group by 1),
beside as (select this.observation_id, min(other.p) as on_demand from fact as this
    join fact as other using (source_id, provider, sku, gpu, form_factor, region, gpu_count)
    where this.commitment <> 'on_demand' and other.commitment = 'on_demand' and this.valid_from >= other.valid_from
    and this.valid_from < coalesce(other.valid_to, date '9999-12-31') group by 1),
discount as (select commitment, median(p / on_demand) as usual from fact join beside using (observation_id) group by 1),
asked as (select distinct gpu, commitment, provider, valid_from from fact),
peers as (select this.gpu, this.commitment, this.provider, this.valid_from, median(other.p) as peer,
        count(distinct other.provider) as n
    from asked as this join fact as other using (gpu, commitment) where this.provider <> other.provider
    and this.valid_from >= other.valid_from and this.valid_from < coalesce(other.valid_to, date '9999-12-31')
    group by all),
near as (select fact.observation_id, unnest([
    {{'measure': 'own_history', 'near': abs(ln(p / own)) / ln(8)}},
    {{'measure': 'other_sellers', 'near': if(n >= 2, abs(ln(p / peer)) / ln(5), 0)}},
    {{'measure': 'own_machines', 'near': ln(siblings / p) / ln(4)}},
    {{'measure': 'reserved_low', 'near': if(fact.commitment like 'reserved%', ln(on_demand / p) / ln(4), 0)}},
    {{'measure': 'reserved_high', 'near': if(fact.commitment like 'reserved%',
        ln(p / on_demand / usual) / ln(0.99 / usual), 0)}},
    {{'measure': 'spot_high', 'near': if(fact.commitment = 'spot', ln(p / on_demand / usual) / ln(1 / usual), 0)}}],
    recursive := true)
    from fact left join own using (observation_id) left join siblings using (observation_id)
    left join beside using (observation_id) left join discount on fact.commitment = discount.commitment
    left join peers on fact.gpu = peers.gpu and fact.commitment = peers.commitment and fact.provider = peers.provider
    and fact.valid_from = peers.valid_from)
select observation_id, measure, near from near where near >= 0.5
qualify row_number() over (partition by observation_id order by near desc, measure) = 1 order by observation_id"""


def main(home: Path, out: Path) -> None:
    """Draw, look up what stands beside each line, write `out`."""
    database = _opened(home)
    lines = _rejections(database) + _near_misses(database)
    for line in lines:
        line |= _beside(database, line)
    pl.DataFrame(lines, infer_schema_length=None).write_csv(out)
    print(f"{len(lines)} lines")


def _opened(home: Path) -> duckdb.DuckDBPyConnection:
    """The release, with the panels' accepted rows as `landed` and their source ids as `home_source`."""
    database = duckdb.connect(str(home / "current" / "rackhour.duckdb"), read_only=True)
    known = home_sources(home / "sources")
    ids = pl.DataFrame({"source_id": sorted(known)})
    paths = [path for name, spec in known.items()
             for path in sorted((home / "landing" / spec.family / name).glob("*/accepted.parquet"))]  # fmt: skip
    rows = pl.concat([pl.read_parquet(path) for path in paths], how="diagonal_relaxed")
    database.register("home_source", ids.to_arrow())
    database.register("landed", rows.to_arrow())
    return database


def _rejections(database: duckdb.DuckDBPyConnection) -> list[dict]:
    frame = []
    for number, source_id, family, rule, row in database.execute(
        f"""select row_number, source_id, family, rule || if(rule = 'not_nullable', ' ' || field, ''), row_json
        from quarantine.rejected_row semi join home_source using (source_id) where rule not like '{NOT_OF_A_PRICE}%'
        order by source_id, row_number, row_json"""
    ).fetchall():
        told = {"row": number, "evidence": ""} | {
            key: value for key, value in json.loads(row).items() if key != "row_number"
        }
        short = rule.split(" (rows")[0]
        frame.append(told | {"family": family, "source_id": source_id,
                             "rule": "repeats a row" if short.startswith("repeats row") else short})  # fmt: skip
    for relation, family, reason in (
        ("doubted_token_price", "token_prices", "reason"), ("gpu_rental_rate", "gpu_rental", "rejection")
    ):  # fmt: skip
        found = database.sql(
            f"""select '{family}' as family, aside.{reason} as rule, aside.evidence, landed.row_number as "row",
            landed.* exclude (row_number) from quarantine.{relation} as aside
            semi join home_source using (source_id) join landed using (observation_id)
            where aside.{reason} <> 'provider_in_no_crosswalk' order by aside.observation_id"""
        ).pl()
        frame += found.unique("observation_id", keep="first", maintain_order=True).to_dicts()
    chance = random.Random(SEED)
    drawn = set(chance.sample(range(len(frame)), UNIFORM))
    left = {rule: [i for i, line in enumerate(frame) if line["rule"] == rule and i not in drawn] for rule in MAGNITUDE}
    drawn |= set(_evenly(chance, left, SPREAD))
    return _weighed(frame, drawn, "R", "rule")


def _near_misses(database: duckdb.DuckDBPyConnection) -> list[dict]:
    chance = random.Random(SEED + 1)
    lines = []
    for family, query in (("token_prices", TOKENS_NEAR), ("gpu_rental", RENTS_NEAR)):
        near = database.sql(query).pl()
        landed = database.sql(
            'select observation_id, row_number as "row", landed.* exclude (observation_id, row_number) from landed'
        ).pl()
        joined = near.join(
            landed.unique("observation_id", keep="first", maintain_order=True),
            on="observation_id",
            maintain_order="left",
        )
        frame = joined.with_columns(
            pl.lit(family).alias("family"), pl.col("measure").alias("rule"),
            pl.format("{} of the way to the threshold", pl.col("near").round(2)).alias("evidence"),
        ).to_dicts()  # fmt: skip
        left = {m: [i for i, line in enumerate(frame) if line["rule"] == m] for m in sorted(set(near["measure"]))}
        drawn = set(_evenly(chance, left, NEAR_EACH))
        lines += _weighed(frame, drawn, "T" if family == "token_prices" else "G", "rule")
    return lines


def _evenly(chance: random.Random, left: dict[str, list[int]], count: int) -> list[int]:
    """`count` lines, one from each stratum in turn, so that a small one is taken whole."""
    piles = {name: chance.sample(pile, len(pile)) for name, pile in left.items()}
    taken: list[int] = []
    while len(taken) < count and any(piles.values()):
        taken += [pile.pop() for pile in piles.values() if pile]
    return taken[:count]


def _weighed(frame: list[dict], drawn: set[int], prefix: str, stratum: str) -> list[dict]:
    sizes: dict[str, int] = defaultdict(int)
    taken: dict[str, int] = defaultdict(int)
    for i, line in enumerate(frame):
        sizes[line[stratum]] += 1
        taken[line[stratum]] += i in drawn
    print(f"\n{prefix}: {len(frame):,} figures in the frame, {len(drawn)} drawn")
    for name in sorted(sizes, key=lambda name: -sizes[name]):
        print(f"| {name} | {sizes[name]:,} | {taken[name]} |")
    ordered = sorted(drawn, key=lambda i: (frame[i]["rule"], frame[i]["source_id"], frame[i]["row"], i))
    return [
        {"sample_id": f"{prefix}{place:03}", "weight": round(sizes[frame[i][stratum]] / taken[frame[i][stratum]], 6),
         "frame_size": sizes[frame[i][stratum]]} | _told(frame[i])
        for place, i in enumerate(ordered, 1)
    ]  # fmt: skip


def _told(line: dict) -> dict:
    """The columns both families share, and the item by its keys."""
    token = line["family"] == "token_prices"
    keys = ("provider_label", "model_label", "token_kind", "processing", "tier") if token else (
        "provider_label", "sku_label", "gpu_label", "gpu_count", "region_label", "commitment")  # fmt: skip
    return {
        "side": "near_miss" if "measure" in line else "rejection", "family": line["family"], "rule": line["rule"],
        "file": FILES[line["family"]], "row": line["row"], "source": line["source_id"],
        **{f"key_{n}": None if line[key] is None else str(line[key]) for n, key in enumerate(keys)},
        "item": " | ".join(str(line[key]) for key in keys), "price": float(line["price"]),
        "unit": line["price_unit"], "currency": line["currency"], "first_seen": str(line["valid_from"]),
        "evidence": line["evidence"] or "",
    }  # fmt: skip


def _beside(database: duckdb.DuckDBPyConnection, line: dict) -> dict:
    """Its own prices in that source over time, and what others ask at about that time."""
    keys = [line[f"key_{n}"] for n in range(6) if f"key_{n}" in line]
    if line["family"] == "token_prices":
        own = "source_id = ? and provider_label is not distinct from ? and model_label = ? and token_kind = ?"
        own += " and processing = ?"
        values: list = [line["source"], *keys[:4]]
        bare = keys[1].split("/")[-1]
        other = """regexp_replace(model_label, '^.*/', '') = ? and token_kind = ? and processing = ?
            and (source_id <> ? or provider_label is distinct from ?)"""
        other_values: list = [bare, keys[2], keys[3], line["source"], keys[0]]
        shown = "price"
        kinds = """select string_agg(token_kind || ' ' || processing || '=' || p, ', ' order by token_kind, processing)
            from (select token_kind, processing, max(price) as p from landed
            where source_id = ? and row_number = ? group by all)"""
        kind_values: list = [line["source"], line["row"]]
    else:
        own = """source_id = ? and provider_label is not distinct from ? and sku_label is not distinct from ?
            and gpu_label is not distinct from ? and cast(gpu_count as text) is not distinct from ?
            and region_label is not distinct from ? and commitment = ?"""
        values = [line["source"], *keys]
        other = "lower(gpu_label) = lower(?) and commitment = ? and provider_label is distinct from ?"
        other_values = [keys[2], keys[5], keys[0]]
        shown = "round(price / if(price_unit = 'usd_per_instance_hour', gpu_count, 1), 4)"
        kinds = """select string_agg(commitment || '=' || p, ', ' order by commitment) from (select commitment,
            max(price) as p from landed where source_id = ? and provider_label = ? and sku_label is not distinct from ?
            and gpu_label is not distinct from ? and cast(gpu_count as text) is not distinct from ?
            and region_label is not distinct from ? and valid_from = cast(? as date) group by all)"""
        kind_values = [line["source"], *keys[:5], line["first_seen"]]
    history = f"""select string_agg(price || ' (' || n || 'x ' || a || ' to ' || b || ')', '; ' order by a) from (
        select price, count(*) as n, min(valid_from) as a, max(valid_from) as b from landed where {own}
        group by price order by n desc, price limit 6)"""
    day = line["first_seen"] if line["first_seen"] != "None" else "2025-01-01"
    others = f"""select string_agg(who || '=' || p, ', ' order by who) from (
        select source_id || ':' || coalesce(provider_label, '?') as who, median({shown}) as p from landed
        where {other} and valid_from between
        cast(? as date) - 45 and cast(? as date) + 45 group by 1 order by who limit 9)"""

    def one(query: str, given: list) -> str:
        found = database.execute(query, given).fetchone()
        return str(found[0] or "") if found else ""

    return {
        "own_prices": one(history, values), "other_prices": one(others, [*other_values, day, day]),
        "companions": one(kinds, kind_values),
    }  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
