"""The serving identity: uncached input, cached input and output made by one GPU, and what an hour of it earns.

Cost is joint, so it is split by the GPU-seconds each kind of token takes. Throughputs are those of a GPU doing one
thing at full load; `load` is the share of that it serves in the hours it is paid for. Price and throughput must be
of one mix and one length of context.

Not here: blends without cached input (blend.py), and any evidence for a load: nobody publishes one.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import MTOK_PER_HOUR_PER_TOKEN_PER_S, PERCENT, SECONDS_PER_DAY


@formula(
    unit="1/s/gpu",
    source="docs/economics.md#serving-identity: an assumed ratio, nobody reports the speed of cached input",
)
def cached_tokens_per_s_per_gpu(input_tokens_per_s_per_gpu: pl.Expr, cached_read_speedup: pl.Expr) -> pl.Expr:
    """Cached input read per second: uncached input x how much faster a prefix already computed is taken up."""
    return input_tokens_per_s_per_gpu * cached_read_speedup


@formula(unit="1/s/gpu", source="docs/economics.md#speculation: speculative decoding multiplies D alone")
def speculated_output_tokens_per_s_per_gpu(
    output_tokens_per_s_per_gpu: pl.Expr, speculation_multiplier: pl.Expr
) -> pl.Expr:
    """Output per second with speculative decoding: input is read no faster."""
    return output_tokens_per_s_per_gpu * speculation_multiplier


@formula(unit="1", source="docs/economics.md#serving-identity: a day's tokens as shares")
def input_token_share(
    uncached_input_mtok_per_day: pl.Expr, cached_input_mtok_per_day: pl.Expr, output_mtok_per_day: pl.Expr
) -> pl.Expr:
    """Share of a day's tokens that is input read anew."""
    return uncached_input_mtok_per_day / (uncached_input_mtok_per_day + cached_input_mtok_per_day + output_mtok_per_day)


@formula(unit="1", source="docs/economics.md#serving-identity: a day's tokens as shares")
def cached_token_share(
    uncached_input_mtok_per_day: pl.Expr, cached_input_mtok_per_day: pl.Expr, output_mtok_per_day: pl.Expr
) -> pl.Expr:
    """Share of a day's tokens that is input taken from cache."""
    return cached_input_mtok_per_day / (uncached_input_mtok_per_day + cached_input_mtok_per_day + output_mtok_per_day)


@formula(unit="1", source="docs/economics.md#serving-identity: a day's tokens as shares")
def output_token_share(
    uncached_input_mtok_per_day: pl.Expr, cached_input_mtok_per_day: pl.Expr, output_mtok_per_day: pl.Expr
) -> pl.Expr:
    """Share of a day's tokens that is output."""
    return output_mtok_per_day / (uncached_input_mtok_per_day + cached_input_mtok_per_day + output_mtok_per_day)


@formula(unit="1", source="docs/economics.md#serving-identity: R")
def uncached_tokens_per_output_token(input_token_share: pl.Expr, output_token_share: pl.Expr) -> pl.Expr:
    """Input tokens that are read anew for each output token made."""
    return input_token_share / output_token_share


@formula(unit="1", source="docs/economics.md#serving-identity: H")
def cached_tokens_per_output_token(cached_token_share: pl.Expr, output_token_share: pl.Expr) -> pl.Expr:
    """Input tokens taken from cache for each output token made."""
    return cached_token_share / output_token_share


@formula(unit="usd/Mtok", source="M13; document 000:124")
def cached_input_price_usd_per_mtok(input_price_usd_per_mtok: pl.Expr, cached_discount_share: pl.Expr) -> pl.Expr:
    """List price of input less the discount for what is cached, where no list price of its own is known."""
    return input_price_usd_per_mtok * (1.0 - cached_discount_share)


@formula(unit="1/s/gpu", source="docs/economics.md#serving-identity: a node's throughput over its GPUs")
def output_tokens_per_s_per_gpu(output_tokens_per_s_per_node: pl.Expr, gpus_per_node: pl.Expr) -> pl.Expr:
    """Output of a node that only decodes, per GPU."""
    return output_tokens_per_s_per_node / gpus_per_node


@formula(unit="1/s/gpu", source="docs/economics.md#serving-identity: a node's throughput over its GPUs")
def input_tokens_per_s_per_gpu(input_tokens_per_s_per_node: pl.Expr, gpus_per_node: pl.Expr) -> pl.Expr:
    """Input of a node that only reads, per GPU."""
    return input_tokens_per_s_per_node / gpus_per_node


@formula(unit="s", source="docs/economics.md#serving-identity: the decode part of tau")
def decode_gpu_s_per_output_token(output_tokens_per_s_per_gpu: pl.Expr) -> pl.Expr:
    """1 / D."""
    return 1.0 / output_tokens_per_s_per_gpu


@formula(unit="s", source="docs/economics.md#serving-identity: the prefill part of tau")
def prefill_gpu_s_per_output_token(
    uncached_tokens_per_output_token: pl.Expr, input_tokens_per_s_per_gpu: pl.Expr
) -> pl.Expr:
    """R / Pf; none where no input comes with the output."""
    seconds = uncached_tokens_per_output_token / input_tokens_per_s_per_gpu
    return pl.when(uncached_tokens_per_output_token == 0.0).then(0.0).otherwise(seconds)


@formula(unit="s", source="docs/economics.md#serving-identity: the cache part of tau")
def cache_gpu_s_per_output_token(
    cached_tokens_per_output_token: pl.Expr, cached_tokens_per_s_per_gpu: pl.Expr
) -> pl.Expr:
    """H / C; none where nothing is cached."""
    seconds = cached_tokens_per_output_token / cached_tokens_per_s_per_gpu
    return pl.when(cached_tokens_per_output_token == 0.0).then(0.0).otherwise(seconds)


@formula(unit="s", source="docs/economics.md#serving-identity: tau = 1/D + R/Pf + H/C")
def gpu_s_per_output_token(
    decode_gpu_s_per_output_token: pl.Expr,
    prefill_gpu_s_per_output_token: pl.Expr,
    cache_gpu_s_per_output_token: pl.Expr,
) -> pl.Expr:
    """GPU-seconds one output token takes with the input that comes with it."""
    return decode_gpu_s_per_output_token + prefill_gpu_s_per_output_token + cache_gpu_s_per_output_token


@formula(unit="usd", source="docs/economics.md#serving-identity: p_out + R p_in + H p_cached, in millionths")
def price_usd_per_million_outputs(
    output_price_usd_per_mtok: pl.Expr,
    input_price_usd_per_mtok: pl.Expr,
    cached_input_price_usd_per_mtok: pl.Expr,
    uncached_tokens_per_output_token: pl.Expr,
    cached_tokens_per_output_token: pl.Expr,
) -> pl.Expr:
    """What a million output tokens earn together with their input."""
    return (
        output_price_usd_per_mtok
        + uncached_tokens_per_output_token * input_price_usd_per_mtok
        + cached_tokens_per_output_token * cached_input_price_usd_per_mtok
    )


@formula(
    unit="usd/gpu_hour",
    source="docs/economics.md#serving-identity: 0.0036 x load x (p_out + R p_in + H p_cached) / tau",
)
def loaded_revenue_usd_per_gpu_hour(
    load: pl.Expr, price_usd_per_million_outputs: pl.Expr, gpu_s_per_output_token: pl.Expr
) -> pl.Expr:
    """What a paid GPU-hour earns at the load it is served at."""
    return MTOK_PER_HOUR_PER_TOKEN_PER_S * load * price_usd_per_million_outputs / gpu_s_per_output_token


@formula(unit="1", source="docs/economics.md#serving-identity: cost split by GPU-seconds")
def decode_cost_share(decode_gpu_s_per_output_token: pl.Expr, gpu_s_per_output_token: pl.Expr) -> pl.Expr:
    """Share of the GPU's cost that output bears."""
    return decode_gpu_s_per_output_token / gpu_s_per_output_token


@formula(unit="1", source="docs/economics.md#serving-identity: cost split by GPU-seconds")
def prefill_cost_share(prefill_gpu_s_per_output_token: pl.Expr, gpu_s_per_output_token: pl.Expr) -> pl.Expr:
    """Share of the GPU's cost that uncached input bears."""
    return prefill_gpu_s_per_output_token / gpu_s_per_output_token


@formula(unit="1", source="docs/economics.md#serving-identity: cost split by GPU-seconds")
def cache_cost_share(cache_gpu_s_per_output_token: pl.Expr, gpu_s_per_output_token: pl.Expr) -> pl.Expr:
    """Share of the GPU's cost that cached input bears."""
    return cache_gpu_s_per_output_token / gpu_s_per_output_token


@formula(unit="usd/Mtok", source="docs/economics.md#serving-identity: cost split by GPU-seconds")
def loaded_output_cost_usd_per_mtok(
    served_hour_cost_usd_per_gpu_hour: pl.Expr, output_tokens_per_s_per_gpu: pl.Expr, load: pl.Expr
) -> pl.Expr:
    """Cost of the GPU-seconds of a million output tokens, idle ones included."""
    return served_hour_cost_usd_per_gpu_hour / (output_tokens_per_s_per_gpu * load * MTOK_PER_HOUR_PER_TOKEN_PER_S)


@formula(unit="usd/Mtok", source="docs/economics.md#serving-identity: cost split by GPU-seconds")
def loaded_input_cost_usd_per_mtok(
    served_hour_cost_usd_per_gpu_hour: pl.Expr, input_tokens_per_s_per_gpu: pl.Expr, load: pl.Expr
) -> pl.Expr:
    """Cost of the GPU-seconds of a million uncached input tokens, idle ones included."""
    return served_hour_cost_usd_per_gpu_hour / (input_tokens_per_s_per_gpu * load * MTOK_PER_HOUR_PER_TOKEN_PER_S)


@formula(unit="usd/Mtok", source="docs/economics.md#serving-identity: cost split by GPU-seconds")
def loaded_cached_cost_usd_per_mtok(
    served_hour_cost_usd_per_gpu_hour: pl.Expr, cached_tokens_per_s_per_gpu: pl.Expr, load: pl.Expr
) -> pl.Expr:
    """Cost of the GPU-seconds of a million cached input tokens, idle ones included."""
    return served_hour_cost_usd_per_gpu_hour / (cached_tokens_per_s_per_gpu * load * MTOK_PER_HOUR_PER_TOKEN_PER_S)


@formula(unit="percent", source="docs/economics.md#serving-identity: the load at which revenue pays the hour")
def breakeven_load_pct(
    served_hour_cost_usd_per_gpu_hour: pl.Expr, price_usd_per_million_outputs: pl.Expr, gpu_s_per_output_token: pl.Expr
) -> pl.Expr:
    """Cost of an hour over its revenue at full load; above 100 no load pays."""
    full = MTOK_PER_HOUR_PER_TOKEN_PER_S * price_usd_per_million_outputs / gpu_s_per_output_token
    return PERCENT * served_hour_cost_usd_per_gpu_hour / full


@formula(unit="gpu", source="docs/economics.md#serving-identity: GPU-seconds of a day over the seconds of a day")
def busy_gpus(output_mtok_per_day: pl.Expr, gpu_s_per_output_token: pl.Expr) -> pl.Expr:
    """GPUs a day's output keeps busy from midnight to midnight."""
    return output_mtok_per_day * 1e6 * gpu_s_per_output_token / SECONDS_PER_DAY


@formula(unit="1", source="docs/economics.md#serving-identity: busy GPUs over the GPUs paid for")
def served_load(busy_gpus: pl.Expr, paid_gpus: pl.Expr) -> pl.Expr:
    """Share of the paid GPUs' full throughput that was served: the load, where an operator states both."""
    return busy_gpus / paid_gpus
