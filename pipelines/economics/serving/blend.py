"""Tokens from GPU-hours: what an hour of serving earns and what a million tokens cost.

A blend says how GPU-time divides between output (decode) and input (prefill): as a share of time, or as input
tokens per output token. Cost is joint: it is split by the GPU-seconds each kind of token takes.

Not here: which price, throughput or blend applies; cached input, whose throughput no source here reports (joint.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import MTOK_PER_HOUR_PER_TOKEN_PER_S


@formula(unit="1", source="M24: a mix in shares of tokens")
def input_tokens_per_output_token(input_token_share: pl.Expr, output_token_share: pl.Expr) -> pl.Expr:
    """Input tokens that come with each output token, from the mix's shares."""
    return input_token_share / output_token_share


@formula(unit="1", source="M10: s_out = 1/(1/o + R/i) takes the time share (1/o) / (1/o + R/i)")
def output_time_share(
    stated_output_time_share: pl.Expr,
    input_tokens_per_output_token: pl.Expr,
    input_tokens_per_s_per_gpu: pl.Expr,
    output_tokens_per_s_per_gpu: pl.Expr,
) -> pl.Expr:
    """Share of GPU-time spent on output: as stated, or i / (i + R o) where R input tokens come with each output.

    A blend states one of the two; R stays what it is when throughput changes, a time share does not.
    """
    i, o = input_tokens_per_s_per_gpu, output_tokens_per_s_per_gpu
    return pl.coalesce(stated_output_time_share, i / (i + input_tokens_per_output_token * o))


@formula(unit="Mtok/gpu_hour", source="M10; document 000:89")
def output_mtok_per_gpu_hour(output_tokens_per_s_per_gpu: pl.Expr, output_time_share: pl.Expr) -> pl.Expr:
    """Output tokens of an hour in use."""
    return output_tokens_per_s_per_gpu * output_time_share * MTOK_PER_HOUR_PER_TOKEN_PER_S


@formula(unit="Mtok/gpu_hour", source="M10; document 000:89")
def input_mtok_per_gpu_hour(input_tokens_per_s_per_gpu: pl.Expr, output_time_share: pl.Expr) -> pl.Expr:
    """Input tokens of an hour in use. None where all time goes to output, even if input speed is not reported."""
    read = input_tokens_per_s_per_gpu * (1.0 - output_time_share) * MTOK_PER_HOUR_PER_TOKEN_PER_S
    return pl.when(output_time_share >= 1.0).then(0.0).otherwise(read)


@formula(unit="Mtok/gpu_hour", source="M07, M26")
def mtok_per_gpu_hour(output_mtok_per_gpu_hour: pl.Expr, input_mtok_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Tokens of an hour in use, input and output together."""
    return output_mtok_per_gpu_hour + input_mtok_per_gpu_hour


@formula(unit="usd/gpu_hour", source="M10; document 000:89-97")
def revenue_usd_per_gpu_hour(
    output_mtok_per_gpu_hour: pl.Expr,
    input_mtok_per_gpu_hour: pl.Expr,
    output_price_usd_per_mtok: pl.Expr,
    input_price_usd_per_mtok: pl.Expr,
) -> pl.Expr:
    """Tokens of an hour in use times their prices; input earns nothing where none is read."""
    input_revenue = input_mtok_per_gpu_hour * input_price_usd_per_mtok
    return output_mtok_per_gpu_hour * output_price_usd_per_mtok + (
        pl.when(input_mtok_per_gpu_hour == 0.0).then(0.0).otherwise(input_revenue)
    )


@formula(unit="usd/gpu_hour", source="M10; an hour sold as tokens is priced by them")
def price_usd_per_gpu_hour(revenue_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """What a sold hour earns when it is sold as tokens: margins and megawatts read it as they read a rent."""
    return revenue_usd_per_gpu_hour


@formula(unit="usd/Mtok", source="M26: blended price of the mix")
def blended_price_usd_per_mtok(revenue_usd_per_gpu_hour: pl.Expr, mtok_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Revenue of an hour over its tokens: the list price of the mix."""
    return revenue_usd_per_gpu_hour / mtok_per_gpu_hour


@formula(unit="usd/Mtok", source="M07; document 000:3")
def output_cost_usd_per_mtok(total_cost_usd_per_gpu_hour: pl.Expr, output_tokens_per_s_per_gpu: pl.Expr) -> pl.Expr:
    """Cost of the GPU-seconds one million output tokens take (levelised cost of tokens)."""
    return total_cost_usd_per_gpu_hour / (output_tokens_per_s_per_gpu * MTOK_PER_HOUR_PER_TOKEN_PER_S)


@formula(unit="usd/Mtok", source="M07; document 000:3")
def input_cost_usd_per_mtok(total_cost_usd_per_gpu_hour: pl.Expr, input_tokens_per_s_per_gpu: pl.Expr) -> pl.Expr:
    """Cost of the GPU-seconds one million input tokens take; null where input speed is not reported."""
    return total_cost_usd_per_gpu_hour / (input_tokens_per_s_per_gpu * MTOK_PER_HOUR_PER_TOKEN_PER_S)


@formula(unit="usd/Mtok", source="M07; document 000:3")
def blended_cost_usd_per_mtok(total_cost_usd_per_gpu_hour: pl.Expr, mtok_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Cost of an hour over its tokens, in the same mix as the blended price."""
    return total_cost_usd_per_gpu_hour / mtok_per_gpu_hour


@formula(unit="1/s", source="M07 read backwards; document 000:68")
def implied_tokens_per_s(server_usd_per_hour: pl.Expr, stated_cost_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Tokens per second a server must make for its hour to give the stated cost of a million."""
    return server_usd_per_hour / (stated_cost_usd_per_mtok * MTOK_PER_HOUR_PER_TOKEN_PER_S)


@formula(unit="usd/h", source="M07; a server of several GPUs")
def server_usd_per_hour(total_cost_usd_per_gpu_hour: pl.Expr, gpus_per_server: pl.Expr) -> pl.Expr:
    """Cost of a GPU-hour x the GPUs that hold the model together."""
    return total_cost_usd_per_gpu_hour * gpus_per_server


@formula(unit="1", source="M10; ledger I-19: a share of time is another mix of tokens at another speed")
def made_input_tokens_per_output_token(input_mtok_per_gpu_hour: pl.Expr, output_mtok_per_gpu_hour: pl.Expr) -> pl.Expr:
    """Input tokens an hour reads for each output token it makes."""
    return input_mtok_per_gpu_hour / output_mtok_per_gpu_hour


@formula(unit="1", source="M10; ledger I-18")
def revenue_gain(faster_usd_per_gpu_hour: pl.Expr, slower_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """What an hour earns after an optimisation, over what it earned before."""
    return faster_usd_per_gpu_hour / slower_usd_per_gpu_hour


@formula(unit="1", source="M10; document 000:98")
def throughput_gain(faster_tokens_per_s: pl.Expr, slower_tokens_per_s: pl.Expr) -> pl.Expr:
    """Tokens per second after an optimisation, over those before; its inverse is the ratio of costs."""
    return faster_tokens_per_s / slower_tokens_per_s


@formula(unit="usd/gpu_hour", source="M10; document 000:89: tokens per second x 3,600 x price")
def one_kind_revenue_usd_per_gpu_hour(tokens_per_s_per_gpu: pl.Expr, price_usd_per_mtok: pl.Expr) -> pl.Expr:
    """What an hour earns that serves one kind of token alone, input or output."""
    return tokens_per_s_per_gpu * MTOK_PER_HOUR_PER_TOKEN_PER_S * price_usd_per_mtok
