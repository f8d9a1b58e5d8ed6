"""M10, revenue per GPU-hour: tokens of an hour at their prices, the same workload at two speeds, and the identity.

The document's blend is 60% of time on output, which is another mix of tokens at another speed (I-19); the cases
`at the mix of ...` hold the tokens instead. The professional reading adds cached input and load.

Not here: revenue per megawatt (M11).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED
from pipelines.mart_kit import document_rows, rules, served
from pipelines.mart_kit.assumed import EVERY_SUBJECT, Core, assumed, stated
from pipelines.mart_kit.carry import aliased, carry

SERVING = "document_serving"
DEEPSEEK = "deepseek_day_2025_02_27"
CHOICES = "professional_serving"
BASE = "unoptimised"
SPEEDS = ("output_tokens_per_s_per_gpu", "input_tokens_per_s_per_gpu")
EARNS = ("revenue_usd_per_gpu_hour", "mtok_per_gpu_hour", "blended_price_usd_per_mtok", "gross_margin_pct")
IDENTITY = (
    "gpu_s_per_output_token",
    "decode_cost_share",
    "prefill_cost_share",
    "cache_cost_share",
    "loaded_revenue_usd_per_gpu_hour",
    "loaded_output_cost_usd_per_mtok",
    "loaded_input_cost_usd_per_mtok",
    "loaded_cached_cost_usd_per_mtok",
    "breakeven_load_pct",
)


def cases(core: Core) -> Iterator[Cases]:
    """The document's table in every blend, one workload at both speeds, and the serving identity."""
    rows = hours(core)
    if not rows.is_empty():
        made = compute(rows, (*EARNS, "made_input_tokens_per_output_token"), reading=AS_PUBLISHED)
        yield Cases(made, EARNS, SERVING)
        blended = made.filter(pl.col("blend") == rules.TIME_60_40)
        yield Cases(blended, ("output_time_share", "made_input_tokens_per_output_token"), SERVING)
        yield Cases(one_workload(blended), EARNS, SERVING)
        yield Cases(gains(made), ("revenue_gain",), SERVING)
        yield Cases(speed_gains(core), ("throughput_gain",), SERVING)
    yield from deepseek(core)
    yield Cases(mixes(core), IDENTITY, CHOICES, rules.PROFESSIONAL)
    yield Cases(observed(newest_day(core)), ("revenue_usd_per_gpu_hour",), "observed", rules.PROFESSIONAL)


def hours(core: Core) -> pl.DataFrame:
    """The document's throughputs in every blend, with its cost of an hour in use."""
    rows = document_rows.serving(core)
    if rows.is_empty():
        return rows
    return rows.with_columns(
        *aliased({"cost_usd_per_gpu_hour": "total_cost_usd_per_gpu_hour"}, ends=False),
        case=pl.concat_str(pl.col("throughput_profile").str.strip_prefix(served.DOCUMENT), "blend", separator=" | "),
    )


def one_workload(blended: pl.DataFrame) -> pl.DataFrame:
    """Each speed at the token mix that the 60/40 of time makes at the other: one workload on both."""
    mix = blended.select(
        pl.col("throughput_profile").str.strip_prefix(served.DOCUMENT).alias("mix_of"),
        *aliased({"made_input_tokens_per_output_token": "input_tokens_per_output_token"}),
    )
    prices = ("output_price_usd_per_mtok", "input_price_usd_per_mtok")
    speeds = blended.select("throughput_profile", *carry(*SPEEDS, *prices, "total_cost_usd_per_gpu_hour"))
    return (
        speeds.join(mix, how="cross")
        .with_columns(
            speed=pl.col("throughput_profile").str.strip_prefix(served.DOCUMENT),
            stated_output_time_share=pl.lit(None, dtype=pl.Float64),
        )
        .with_columns(case=pl.format("{} at the mix of {}", "speed", "mix_of"))
    )


def gains(made: pl.DataFrame) -> pl.DataFrame:
    """Optimised over unoptimised revenue, per blend."""
    is_base, earned = pl.col("throughput_profile") == served.DOCUMENT + BASE, "revenue_usd_per_gpu_hour"
    slower = made.filter(is_base).select("blend", *aliased({earned: "slower_usd_per_gpu_hour"}))
    faster = made.filter(~is_base).select("blend", *aliased({earned: "faster_usd_per_gpu_hour"}))
    return faster.join(slower, on="blend").with_columns(case=pl.format("optimised over unoptimised | {}", "blend"))


def speed_gains(core: Core) -> pl.DataFrame:
    """Optimised over unoptimised tokens per second, output and input."""
    rows = assumed(core, SERVING).filter(pl.col("subject") != EVERY_SUBJECT)
    is_base = pl.col("subject") == BASE

    def gain(name: str) -> pl.DataFrame:
        faster = rows.filter(~is_base).select(aliased({name: "faster_tokens_per_s"}))
        slower = rows.filter(is_base).select(aliased({name: "slower_tokens_per_s"}))
        case = pl.lit(f"optimised over unoptimised | {name.split('_')[0]}").alias("case")
        return faster.join(slower, how="cross").with_columns(case)

    return pl.concat([gain(name) for name in SPEEDS])


def deepseek(core: Core) -> Iterator[Cases]:
    """The day DeepSeek published (books: V01): the load its throughput and GPUs imply, the identity at it."""
    day = stated(core, DEEPSEEK)
    if day.is_empty():
        return
    day = compute(day, ("busy_gpus", "served_load"), reading=AS_PUBLISHED)
    at_load = day.with_columns(aliased({"served_load": "load"}))
    yield Cases(at_load, ("busy_gpus", "served_load", *IDENTITY), DEEPSEEK, rules.PROFESSIONAL)


def mixes(core: Core) -> pl.DataFrame:
    """The document's optimised speed and prices in every mix of tokens, cached ones included, at the assumed load."""
    choices = stated(core, CHOICES)
    rows = hours(core)
    blends = assumed(core, "blend")
    if choices.is_empty() or rows.is_empty() or blends.is_empty():
        return pl.DataFrame()
    optimised = rows.filter(pl.col("case") == "optimised | output_only").drop("case", "blend")
    discount = stated(core, "m13_discounts").filter(pl.col("case") == "cached input")
    return (
        blends.rename({"subject": "case"})
        .join(optimised, how="cross")
        .join(choices.drop("case"), how="cross")
        .join(discount.drop("case"), how="cross")
        .with_columns(aliased({"total_cost_usd_per_gpu_hour": "served_hour_cost_usd_per_gpu_hour"}))
    )


def observed(core: Core) -> pl.DataFrame:
    """One row per GPU, measured model and profile: its output at the median list price of the newest day."""
    prices = served.headline_prices(core)
    return (
        served.serving(core)
        .filter((pl.col("blend") == rules.OUTPUT_ONLY) & pl.col("throughput_profile").str.starts_with(served.MEASURED))
        .join(prices, on=["as_of_date", "model"])
        .with_columns(case=pl.concat_str("gpu", "model", "throughput_profile", separator=" | "))
        .collect()
    )


MODEL = Model(
    model_id="M10",
    title="Revenue per GPU-hour",
    question="What does an hour of a GPU earn when it is sold as tokens?",
    where="000:89-98",
    cases=cases,
    inputs=served.INPUTS,
    caveats=("I-17", "I-18", "I-19", "I-20", "I-21"),
    note=(
        "The load and the speed of cached input are assumptions without evidence, except on the day DeepSeek "
        "published, where its own throughput accounts for all the GPUs it paid for."
    ),
)
