"""A day of a serving fleet, recomputed from what its operator publishes: nodes, tokens, prices, speeds.

Two independent ways to the same fleet: nodes paid for, and nodes the tokens need at the published speeds. Where both
are published their ratio is the load, and it should be 1.

Not here: margins of a list price at somebody else's throughput (blend.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import (
    HOURS_PER_DAY,
    MTOK_PER_HOUR_PER_TOKEN_PER_S,
    PERCENT,
    SECONDS_PER_DAY,
    TOKENS_PER_MTOK,
)


@formula(unit="usd/day", source="V01: nodes x GPUs x 24 h x rent")
def fleet_rent_usd_per_day(fleet_nodes: pl.Expr, gpus_per_node: pl.Expr, gpu_rent_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Rent of the nodes in use, taken over the day."""
    return fleet_nodes * gpus_per_node * HOURS_PER_DAY * gpu_rent_usd_per_gpu_hour


@formula(unit="usd/day", source="V01: tokens x list prices")
def token_revenue_usd_per_day(
    cached_mtok_per_day: pl.Expr,
    uncached_mtok_per_day: pl.Expr,
    output_mtok_per_day: pl.Expr,
    cached_input_list_usd_per_mtok: pl.Expr,
    input_list_usd_per_mtok: pl.Expr,
    output_list_usd_per_mtok: pl.Expr,
) -> pl.Expr:
    """What the tokens would earn at list prices, cache reads at theirs."""
    return (
        cached_mtok_per_day * cached_input_list_usd_per_mtok
        + uncached_mtok_per_day * input_list_usd_per_mtok
        + output_mtok_per_day * output_list_usd_per_mtok
    )


@formula(unit="percent", source="V01: (revenue - rent) / revenue")
def fleet_gross_margin_pct(token_revenue_usd_per_day: pl.Expr, fleet_rent_usd_per_day: pl.Expr) -> pl.Expr:
    """Share of revenue left after the GPUs."""
    return PERCENT * (1.0 - fleet_rent_usd_per_day / token_revenue_usd_per_day)


@formula(unit="percent", source="V01: (revenue - rent) / rent, what the operator calls cost profit margin")
def profit_over_cost_pct(token_revenue_usd_per_day: pl.Expr, fleet_rent_usd_per_day: pl.Expr) -> pl.Expr:
    """Profit over cost: a markup, not a margin."""
    return PERCENT * (token_revenue_usd_per_day / fleet_rent_usd_per_day - 1.0)


@formula(unit="percent", source="V01: 342 of 608 billion input tokens")
def cache_hit_pct(cached_mtok_per_day: pl.Expr, uncached_mtok_per_day: pl.Expr) -> pl.Expr:
    """Share of input that was read from the cache."""
    return PERCENT * cached_mtok_per_day / (cached_mtok_per_day + uncached_mtok_per_day)


@formula(unit="count", source="V01: input tokens over the published speed of a node, cache hits in both")
def prefill_nodes_needed(
    cached_mtok_per_day: pl.Expr, uncached_mtok_per_day: pl.Expr, node_input_tokens_per_s: pl.Expr
) -> pl.Expr:
    """Nodes that read the day's input if each reads at the published speed all day."""
    tokens = (cached_mtok_per_day + uncached_mtok_per_day) * TOKENS_PER_MTOK
    return tokens / (node_input_tokens_per_s * SECONDS_PER_DAY)


@formula(unit="count", source="V01: output tokens over the published speed of a node")
def decode_nodes_needed(output_mtok_per_day: pl.Expr, node_output_tokens_per_s: pl.Expr) -> pl.Expr:
    """Nodes that write the day's output if each writes at the published speed all day."""
    return output_mtok_per_day * TOKENS_PER_MTOK / (node_output_tokens_per_s * SECONDS_PER_DAY)


@formula(unit="1", source="V01; serving identity: joint time of input and output over the time paid for")
def fleet_load(prefill_nodes_needed: pl.Expr, decode_nodes_needed: pl.Expr, fleet_nodes: pl.Expr) -> pl.Expr:
    """Nodes the tokens need over nodes paid for: 1 where published speeds and published nodes are of one fleet."""
    return (prefill_nodes_needed + decode_nodes_needed) / fleet_nodes


@formula(unit="usd/Mtok", source="V01: joint cost split by node-seconds")
def decode_rent_usd_per_mtok(
    node_output_tokens_per_s: pl.Expr, gpus_per_node: pl.Expr, gpu_rent_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """Rent of a node that only writes, over the output of its hour: what prefill costs is left out."""
    hourly = gpus_per_node * gpu_rent_usd_per_gpu_hour
    return hourly / (node_output_tokens_per_s * MTOK_PER_HOUR_PER_TOKEN_PER_S)


@formula(unit="usd/Mtok", source="V01: joint cost split by node-seconds")
def prefill_rent_usd_per_mtok(
    node_input_tokens_per_s: pl.Expr, gpus_per_node: pl.Expr, gpu_rent_usd_per_gpu_hour: pl.Expr
) -> pl.Expr:
    """Rent of a node that only reads, over the input of its hour."""
    hourly = gpus_per_node * gpu_rent_usd_per_gpu_hour
    return hourly / (node_input_tokens_per_s * MTOK_PER_HOUR_PER_TOKEN_PER_S)


@formula(unit="1", source="V01: 608 over 168 billion tokens")
def fleet_input_per_output_token(
    cached_mtok_per_day: pl.Expr, uncached_mtok_per_day: pl.Expr, output_mtok_per_day: pl.Expr
) -> pl.Expr:
    """Input tokens, from the cache or not, that came with each output token."""
    return (cached_mtok_per_day + uncached_mtok_per_day) / output_mtok_per_day


@formula(unit="usd/Mtok", source="docs/economics.md#serving-identity: 1/D + R/Pf, all of it charged to output")
def served_output_rent_usd_per_mtok(
    decode_rent_usd_per_mtok: pl.Expr, prefill_rent_usd_per_mtok: pl.Expr, fleet_input_per_output_token: pl.Expr
) -> pl.Expr:
    """Rent behind a million output tokens with the input that came with them."""
    return decode_rent_usd_per_mtok + fleet_input_per_output_token * prefill_rent_usd_per_mtok


@formula(unit="1", source="V02: what the nodes of each kind write and read in the same second")
def balanced_input_per_output_token(
    prefill_nodes: pl.Expr,
    decode_nodes: pl.Expr,
    node_input_tokens_per_s: pl.Expr,
    node_output_tokens_per_s: pl.Expr,
) -> pl.Expr:
    """Input tokens per output token at which neither kind of node waits for the other."""
    return prefill_nodes * node_input_tokens_per_s / (decode_nodes * node_output_tokens_per_s)


@formula(unit="usd/Mtok", source="V02: rent of all nodes over what the decode nodes write")
def cluster_output_rent_usd_per_mtok(
    prefill_nodes: pl.Expr,
    decode_nodes: pl.Expr,
    node_output_tokens_per_s: pl.Expr,
    gpus_per_node: pl.Expr,
    gpu_rent_usd_per_gpu_hour: pl.Expr,
) -> pl.Expr:
    """Rent of every node, reading or writing, over the output: what the cluster as built pays per million."""
    hourly = (prefill_nodes + decode_nodes) * gpus_per_node * gpu_rent_usd_per_gpu_hour
    return hourly / (decode_nodes * node_output_tokens_per_s * MTOK_PER_HOUR_PER_TOKEN_PER_S)
