"""The compute spread: a model's tokens at list price less the GPU-hours that make them, per Mtok and per GPU-hour.

Grain: as_of_date x gpu x model x provider x throughput_profile x blend x rent_basis x reading.

Read as a spark spread: GPU-hours per million tokens are the heat rate, the market's heat rate is the one at which
nothing is left. `professional`: every standard list price of a measured model against on-demand headline rents and
against a GPU owned in rented space. `as_published`: the documents' example of serving against the costs they name.
The spread is of hours fully used; the loaded spread takes the assumed load, which has no evidence.

Sources: core.token_price_asof, throughput_median, throughput_profile, headline_rate, and what owned_gpu.py reads.
Not here: cached input, batch prices, what a provider really runs on.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL, formulas
from pipelines.mart_kit import document_rows, evidence, token_hours
from pipelines.mart_kit.assumed import Core, constants
from pipelines.mart_kit.carry import ruled
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, figure, flag, number, ranged

KEY = token_hours.KEY
INPUTS = token_hours.INPUTS
FIGURES = (
    "blended_price_usd_per_mtok",
    "heat_rate_gpu_hours_per_mtok",
    "served_hour_cost_usd_per_gpu_hour",
    "spread_usd_per_mtok",
    "revenue_usd_per_gpu_hour",
    "spread_usd_per_gpu_hour",
    "market_heat_rate_gpu_hours_per_mtok",
    "loaded_spread_usd_per_gpu_hour",
    "prompt_tokens_to_break_even",
)
PLOT = ("spread_usd_per_gpu_hour",)
LOAD_SET = "professional_serving"

_F = formulas(PROFESSIONAL)

SCHEMA = Schema(
    table="compute_spread",
    kind="answer",
    description=(
        "One row per day, GPU, model, provider, throughput profile, blend, rent basis and reading.\n"
        "Tokens at list price less the GPU-hours they take, at full load: what is left for everything else, not a "
        "profit. Where input speed is not reported the blend is output only and the spread a floor. Low and high are "
        "corners of the operands' ranges, not likelihoods."
    ),
    key=KEY,
    columns=columns(
        *token_hours.KEYS,
        ranged(figure(_F, "blended_price_usd_per_mtok", minimum=0)),
        ranged(figure(_F, "heat_rate_gpu_hours_per_mtok", minimum=0)),
        ranged(figure(_F, "served_hour_cost_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "spread_usd_per_mtok")),
        ranged(figure(_F, "revenue_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "spread_usd_per_gpu_hour")),
        flag("spread_is_floor", "Input is read unpaid: a buyer of input and output would leave more."),
        ranged(figure(_F, "market_heat_rate_gpu_hours_per_mtok", minimum=0)),
        ranged(number("load", "1", "Share of full throughput served; an assumption without evidence.", nullable=True)),
        ranged(figure(_F, "loaded_spread_usd_per_gpu_hour", nullable=True)),
        ranged(figure(_F, "prompt_tokens_to_break_even", unbounded=True, minimum=0)),
        number("output_price_usd_per_mtok", "usd/Mtok", "List price of output.", minimum=0),
        number("input_price_usd_per_mtok", "usd/Mtok", "List price of input.", nullable=True, minimum=0),
        ranged(number("output_tokens_per_s_per_gpu", "1/s/gpu", "Output while nothing else is done.", minimum=0)),
        number("input_tokens_per_s_per_gpu", "1/s/gpu", "Input while nothing else is read.", nullable=True, minimum=0),
        *evidence.SERVED,
    ),
    rules=(
        equal(
            "the spread per Mtok is price less hours times their cost",
            "blended_price_usd_per_mtok - heat_rate_gpu_hours_per_mtok * served_hour_cost_usd_per_gpu_hour",
            "spread_usd_per_mtok",
        ),
        equal(
            "the spread per hour is revenue less cost",
            "revenue_usd_per_gpu_hour - served_hour_cost_usd_per_gpu_hour",
            "spread_usd_per_gpu_hour",
        ),
        equal(
            "an hour earns the price of the tokens it makes",
            "blended_price_usd_per_mtok / heat_rate_gpu_hours_per_mtok",
            "revenue_usd_per_gpu_hour",
        ),
    ),
)


def frame(core: Core) -> pl.LazyFrame:
    """The professional rows, with the assumed load."""
    return token_hours.frame(core).with_columns(
        *constants(core, LOAD_SET, ("load",)), spread_is_floor=token_hours.prompts_are_unpaid()
    )


def published(core: Core) -> pl.DataFrame:
    """The document's example of serving against each cost of an hour the documents name, at full load."""
    rows = document_rows.self_hosting(core)
    if rows.is_empty():
        return rows
    rows = rows.with_columns(
        *ruled("load", 1.0, "hours in use: the documents' example assumes no idle time (000:89-98)"),
        spread_is_floor=token_hours.prompts_are_unpaid(),
        note=pl.lit("000:89-98: hours in use at the example's prices; the documents compute no spread themselves"),
    )
    return compute(rows, FIGURES, reading=AS_PUBLISHED)


def build(core: Core) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    observed = compute(frame(core), FIGURES, reading=PROFESSIONAL).collect()
    return SCHEMA.conform(pl.concat([observed, published(core)], how="diagonal"))
