"""Margin on tokens: what a provider's list price leaves after the GPUs that serve it, at measured throughput.

Grain: as_of_date x provider x model x processing x gpu x cost_stack x throughput_profile x blend x reading.

`professional`: every list price of a model whose throughput somebody measured, against GPUs rented at the headline
rate or owned in rented space; fixed cost is spread over the hours in use. It says what the price would leave on that
GPU, whatever the provider runs on. `as_published`: the documents' worked example of serving, once.

Sources: core.token_price_asof, throughput_median, throughput_profile, headline_rate, and what owned_gpu.py reads.
Not here: cached input (nobody reports its speed), models nobody measured; the choice of rows (rules.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL, formulas
from pipelines.economics.trace import HOW
from pipelines.mart_kit import document_rows, evidence, owned_gpu, rents, rules, served
from pipelines.mart_kit.carry import aliased, renamed, ruled
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, day, figure, flag, label, number, ranged

KEY = (
    "as_of_date",
    "provider",
    "model",
    "processing",
    "gpu",
    "cost_stack",
    "throughput_profile",
    "blend",
    "reading",
)
INPUTS = tuple(dict.fromkeys(served.INPUTS + rents.INPUTS + owned_gpu.INPUTS))
FIGURES = (
    "total_cost_usd_per_gpu_hour",
    "price_usd_per_gpu_hour",
    "input_cost_usd_per_mtok",
    "output_cost_usd_per_mtok",
    "blended_price_usd_per_mtok",
    "blended_cost_usd_per_mtok",
    "gross_margin_pct",
    "breakeven_utilisation_pct",
)
PLOT = ("gross_margin_pct",)
WITHIN_RENT = "a rented GPU's electricity is in its rent"
DOCUMENT_STACK = "document_stack_b_crusoe_owned"

_F = formulas(PROFESSIONAL)

SCHEMA = Schema(
    table="token_margin",
    kind="answer",
    description=(
        "One row per day, provider, model, processing, GPU, cost stack, throughput profile, blend and reading.\n"
        "What a list price of tokens leaves after the GPUs that serve them. Where input speed is not reported the "
        "blend is output only, input cost is null, and the margin is a floor. Low and high are corners of the "
        "operands' ranges, not likelihoods."
    ),
    key=KEY,
    columns=columns(
        day("as_of_date", "Month end or as-of day the row holds for; the document's date for as_published."),
        label("provider", "Who asks the price. See core.dim_provider; unspecified where a document names nobody."),
        label("model", "Model served. See core.dim_model."),
        label("processing", "Kind of processing the price is for.", enumerated=True),
        label("gpu", "GPU the cost is reckoned on, whatever the provider uses. See core.dim_gpu."),
        label("cost_stack", "How the GPU is paid for and housed.", enumerated=True),
        label("throughput_profile", "How the tokens per second were measured or stated.", enumerated=True),
        label("blend", "How GPU-time divides between input and output.", enumerated=True),
        label("reading", "as_published or professional.", enumerated=True),
        number("output_price_usd_per_mtok", "usd/Mtok", "List price of output.", minimum=0),
        number("input_price_usd_per_mtok", "usd/Mtok", "List price of input.", nullable=True, minimum=0),
        number(
            "cached_input_price_usd_per_mtok",
            "usd/Mtok",
            "List price of cached input; outside the blends, since nobody reports how fast it is read.",
            nullable=True,
            minimum=0,
        ),
        ranged(figure(_F, "blended_price_usd_per_mtok", minimum=0)),
        ranged(figure(_F, "output_cost_usd_per_mtok", minimum=0)),
        ranged(figure(_F, "input_cost_usd_per_mtok", nullable=True, minimum=0)),
        ranged(figure(_F, "blended_cost_usd_per_mtok", minimum=0)),
        ranged(figure(_F, "gross_margin_pct", maximum=100)),
        flag("margin_is_floor", "Input is read unpaid: a buyer of input and output would leave more."),
        ranged(figure(_F, "breakeven_utilisation_pct", unbounded=True, minimum=0)),
        ranged(figure(_F, "price_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "total_cost_usd_per_gpu_hour", minimum=0)),
        ranged(number("utilisation", "1", "Share of hours in use.", minimum=0, maximum=1)),
        figure(_F, "output_time_share", minimum=0, maximum=1),
        ranged(number("output_tokens_per_s_per_gpu", "1/s/gpu", "Output while nothing else is done.", minimum=0)),
        number("input_tokens_per_s_per_gpu", "1/s/gpu", "Input while nothing else is read.", nullable=True, minimum=0),
        evidence.SERVED,
    ),
    rules=(
        equal(
            "the margin follows from price and cost",
            "100 * (1 - blended_cost_usd_per_mtok / blended_price_usd_per_mtok)",
            "gross_margin_pct",
        ),
    ),
)


def gpu_costs(core: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """One row per day, GPU and cost stack: fixed cost and electricity of an hour, and the share of hours in use."""
    rented = (
        rents.rents(core)
        .filter((pl.col("commitment") == rules.SERVING_COMMITMENT) & (pl.col("rent_basis") == rules.SERVING_RENT_BASIS))
        .join(owned_gpu.sales(core), on="sale")
        # A rented GPU is paid for every hour, in use or not; its electricity is in the rent.
        .with_columns(
            *aliased({"price_usd_per_gpu_hour": "fixed_cost_usd_per_gpu_hour"}),
            *ruled("electricity_usd_per_gpu_hour", 0.0, WITHIN_RENT),
            cost_stack=pl.lit(rules.RENTED_HEADLINE),
        )
    )
    owned = (
        owned_gpu.owned_cost(core)
        .filter((pl.col("market") == rules.SERVING_MARKET) & (pl.col("sale") == owned_gpu.MERCHANT))
        .with_columns(cost_stack=pl.lit(rules.OWNED_COLO))
    )
    return pl.concat([rented.select(_carried(rented)), owned.select(_carried(owned))], how="diagonal")


def _carried(frame: pl.LazyFrame) -> list[str]:
    """What serving needs of a GPU's cost: its figures with ranges, and the age of what they stand on."""
    wanted = ("as_of_date", "gpu", "cost_stack", "rent_", *evidence.OF_PLACE)
    figures = ("fixed_cost_usd_per_gpu_hour", "electricity_usd_per_gpu_hour", "utilisation")
    names = frame.collect_schema().names()
    return [
        n
        for n in names
        if n.removeprefix(HOW).startswith((*wanted, *figures)) and n not in ("rent_basis", "rent_decline_per_year")
    ]


def frame(core: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """The professional rows: every list price on every GPU its model was measured on, rented and owned."""
    return (
        served.list_prices(core)
        .join(served.serving(core), on=["as_of_date", "model"])
        # A blend with input needs a price for it.
        .filter((pl.col("blend") == rules.OUTPUT_ONLY) | pl.col("input_price_usd_per_mtok").is_not_null())
        .join(gpu_costs(core), on=["as_of_date", "gpu"])
        .with_columns(
            reading=pl.lit(rules.PROFESSIONAL),
            margin_is_floor=pl.col("blend") == rules.OUTPUT_ONLY,
            note=pl.lit(None, dtype=pl.String),
        )
    )


def published(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The document's example of serving (M10) against its cost of 1.55 an hour, with the figures computed."""
    rows = document_rows.serving(core)
    if rows.is_empty():
        return rows
    rows = renamed(rows, {"cost_usd_per_gpu_hour": "fixed_cost_usd_per_gpu_hour"}).with_columns(
        *ruled("electricity_usd_per_gpu_hour", 0.0, "within the document's cost of an hour (000:98)"),
        *ruled("utilisation", 1.0, document_rows.AT_FULL_USE),
        provider=pl.lit(rules.UNSPECIFIED),
        processing=pl.lit("standard"),
        gpu=pl.lit("H100 SXM"),
        cost_stack=pl.lit(DOCUMENT_STACK),
        margin_is_floor=pl.lit(False),
        note=pl.lit(
            "000:89-98: hours in use; electricity is within the 1.55; printed 1.25 and 5.80 an hour, -24% and 73% "
            "(000:98 calls the first break-even: I-17)"
        ),
    )
    return compute(rows, FIGURES, reading=AS_PUBLISHED)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    observed = compute(frame(core), FIGURES, reading=PROFESSIONAL).collect()
    return SCHEMA.conform(pl.concat([observed, published(core)], how="diagonal"))
