"""Self-hosting against an API: how busy a GPU must be before its hours are cheaper than the tokens they replace.

Grain: as_of_date x model x gpu x provider x throughput_profile x blend x rent_basis x reading.

`professional`: every standard list price of a measured model against on-demand headline rents and against a GPU owned
in rented space. `as_published`: the table the documents' operands give (M26). Utilisation is the answer here, so none
is assumed; above 100% the API is cheaper however busy the GPU is.

Sources: core.token_price_asof, throughput_median, throughput_profile, headline_rate, dim_model, dim_gpu, and what
owned_gpu.py reads.
Not here: staff, failover, spare capacity for peaks; they raise the break-even.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL, formulas
from pipelines.mart_kit import document_rows, evidence, rules, token_hours
from pipelines.mart_kit.assumed import Core, constants
from pipelines.mart_kit.carry import because, carry
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, figure, flag, number, ranged

KEY = ("as_of_date", "model", "gpu", "provider", "throughput_profile", "blend", "rent_basis", "reading")
INPUTS = (*token_hours.INPUTS, "dim_model")
FIGURES = (
    "price_usd_per_gpu_hour",
    "blended_price_usd_per_mtok",
    "breakeven_utilisation_pct",
    "breakeven_is_reachable",
    "breakeven_mtok_per_day",
    "capacity_mtok_per_day",
)
SERVICE = ("gpus_to_hold_the_model", "breakeven_mtok_per_day_of_service")
PLOT = ("breakeven_utilisation_pct",)
SERVING_SET = "professional_serving"

_F = formulas(PROFESSIONAL)

SCHEMA = Schema(
    table="self_host_vs_api",
    kind="answer",
    description=(
        "One row per day, model, GPU, provider, throughput profile, blend, rent basis and reading.\n"
        "Share of a GPU's hours, and tokens a day, from which it is cheaper than the API's list price. Where input "
        "speed is not reported the blend is output only: the API also bills input, so the break-even is a ceiling. "
        "Low and high are corners of the operands' ranges, not likelihoods."
    ),
    key=KEY,
    columns=columns(
        *token_hours.KEYS,
        ranged(figure(_F, "breakeven_utilisation_pct", unbounded=True, minimum=0)),
        figure(_F, "breakeven_is_reachable", minimum=0, maximum=1),
        flag("breakeven_is_ceiling", "Input is left out of the API's bill: with it the GPU would pay sooner."),
        ranged(figure(_F, "breakeven_mtok_per_day", unbounded=True, minimum=0)),
        ranged(figure(_F, "capacity_mtok_per_day", minimum=0)),
        ranged(figure(_F, "gpus_to_hold_the_model", nullable=True, minimum=1)),
        ranged(figure(_F, "breakeven_mtok_per_day_of_service", unbounded=True, minimum=0)),
        ranged(figure(_F, "revenue_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "blended_price_usd_per_mtok", minimum=0)),
        ranged(figure(_F, "fixed_cost_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "electricity_usd_per_gpu_hour", minimum=0)),
        number("output_price_usd_per_mtok", "usd/Mtok", "List price of output.", minimum=0),
        number("input_price_usd_per_mtok", "usd/Mtok", "List price of input.", nullable=True, minimum=0),
        ranged(number("output_tokens_per_s_per_gpu", "1/s/gpu", "Output while nothing else is done.", minimum=0)),
        number("input_tokens_per_s_per_gpu", "1/s/gpu", "Input while nothing else is read.", nullable=True, minimum=0),
        *evidence.SERVED,
    ),
    rules=(
        equal(
            "the break-even day is its share of capacity",
            "capacity_mtok_per_day * breakeven_utilisation_pct / 100",
            "breakeven_mtok_per_day",
        ),
        equal(
            "the break-even share follows from cost and revenue",
            "100 * fixed_cost_usd_per_gpu_hour / (revenue_usd_per_gpu_hour - electricity_usd_per_gpu_hour)",
            "breakeven_utilisation_pct",
        ),
    ),
)


def frame(core: Core) -> pl.LazyFrame:
    """The professional rows, with what the smallest service of the model needs, where its size is published."""
    sizes = core["dim_model"].lazy().select("model", *carry("parameters_b"))
    memory = core["dim_gpu"].lazy().select("gpu", *carry("memory_gb"))
    return (
        token_hours.frame(core)
        .join(sizes, on="model", how="left")
        .join(memory, on="gpu", how="left")
        .with_columns(
            *constants(core, SERVING_SET, ("weight_share_of_memory",)),
            *because("bytes_per_parameter", "bytes of the measured precision (rules.BYTES_PER_PARAMETER)"),
            bytes_per_parameter=pl.col("precision").replace_strict(
                rules.BYTES_PER_PARAMETER, default=None, return_dtype=pl.Float64
            ),
            breakeven_is_ceiling=token_hours.prompts_are_unpaid(),
        )
    )


def published(core: Core) -> pl.DataFrame:
    """The documents' costs of an hour against the streams of tokens of their example."""
    rows = document_rows.self_hosting(core)
    if rows.is_empty():
        return rows
    rows = rows.with_columns(
        breakeven_is_ceiling=token_hours.prompts_are_unpaid(),
        note=pl.lit(
            "000:89-98 against the costs of an hour at 000:12,51,166, 001:279 and 004:120; above 100% is never"
        ),
    )
    return compute(rows, FIGURES, reading=AS_PUBLISHED)


def build(core: Core) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    observed = compute(frame(core), (*FIGURES, *SERVICE), reading=PROFESSIONAL).collect()
    return SCHEMA.conform(pl.concat([observed, published(core)], how="diagonal"))
