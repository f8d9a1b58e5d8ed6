"""The documents' own rows, for the `as_published` reading: their operands from core.assumption, their words as notes.

Each row stands once, on the document's date. A stack is given twice: as printed, component by component, and from
operands (`_from_operands`), where the components the document derives are computed again by its own formulas.

Not here: formulas (pipelines/economics), the professional reading.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED
from pipelines.economics.trace import HOW
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import EVERY_SUBJECT, Core, assumed
from pipelines.mart_kit.carry import aliased, carry, dropped, ruled

FROM_OPERANDS = "_from_operands"
AT_FULL_USE = "the document's margin is of an hour in use: cost is not spread over idle hours (000:98-105 uses 85%)"

OF_THE_FORM = "what the document's own form of the formula leaves out: no residual value, energy paid apart"

Operands = dict[str, tuple[str, str] | float]


@dataclass(frozen=True)
class Stack:
    """What a document says of one of its cost stacks besides the numbers.

    `derived` names the components the document derives, and the operands it derives them from: (set, parameter) of
    core.assumption by operand name, or a plain number.
    """

    seller: str
    market: str
    printed: str
    derived: dict[str, Operands]


_LINE: Operands = {"life_years": ("document_finance", "life_years"), "residual_share": 0.0}
_B_CAPITAL: dict[str, Operands] = {
    "capital_usd_per_gpu_hour": {"purchase_price_usd": ("document_finance", "purchase_price_usd"), **_LINE}
}
_WATTS: Operands = {"server_w_per_gpu": ("document_power", "server_w_per_gpu"), "pue": ("document_power", "pue")}


def _energy(price: str) -> dict[str, Operands]:
    operands: Operands = {**_WATTS, "price_usd_per_kwh": ("document_power", price), "electricity_paid_apart": 1.0}
    return {"electricity_usd_per_gpu_hour": operands}


def _space(rate: str) -> dict[str, Operands]:
    return {"facility_usd_per_gpu_hour": {**_WATTS, "colo_rate_usd_per_kw_month": ("document_colo", rate)}}


STACKS = {
    "document_stack_a_crusoe": Stack(
        "document_crusoe",
        rules.UNSPECIFIED,
        "000:14 prints the margin as ~40%",
        {
            "capital_usd_per_gpu_hour": {
                "purchase_price_usd": ("document_finance", "purchase_price_stack_a_usd"),
                **_LINE,
            }
        },
    ),
    "document_stack_a_coreweave": Stack(
        "document_coreweave",
        rules.UNSPECIFIED,
        "000:14 prints ~34%: that is the markup on cost; its own operands give a margin of 25.5% (I-01)",
        {},
    ),
    "document_stack_b_grid_colo": Stack(
        "document_grid_competitor",
        "us_average",
        "000:53 prints the margin as 26%",
        {**_B_CAPITAL, **_energy("grid_price_usd_per_kwh"), **_space("us_average_usd_per_kw_month")},
    ),
    "document_stack_b_crusoe_owned": Stack(
        "document_crusoe",
        "document_crusoe",
        "000:53 prints the margin as 30%",
        {**_B_CAPITAL, **_energy("owned_price_usd_per_kwh")},
    ),
    "document_stack_b_crusoe_colo": Stack(
        "document_crusoe",
        "northern_virginia",
        "000:53 prints the margin as 24%; 0.13 for electricity is printed without operands (I-07)",
        {**_B_CAPITAL, **_space("northern_virginia_usd_per_kw_month")},
    ),
}


def gpu_hours(core: Core, figures: tuple[str, ...]) -> pl.DataFrame:
    """The cost stacks (M01), as printed and from operands (M02, M03, M05), with the figures computed."""
    parts = [part for name, stack in STACKS.items() for part in _stack_rows(core, name, stack, figures)]
    return pl.concat(parts, how="diagonal") if parts else pl.DataFrame()


def _stack_rows(core: Core, name: str, stack: Stack, figures: tuple[str, ...]) -> list[pl.DataFrame]:
    printed = assumed(core, name).rename({"subject": "gpu"})
    if printed.is_empty():
        return []
    printed = printed.with_columns(
        *ruled("utilisation", 1.0, AT_FULL_USE),
        *ruled("maintenance_usd_per_gpu_hour", 0.0, "the documents count no maintenance"),
        as_of_date=pl.lit(_date(core, name)),
        market=pl.lit(stack.market),
        commitment=pl.lit(rules.UNSPECIFIED),
        rent_basis=pl.lit(stack.seller),
        reading=pl.lit(rules.AS_PUBLISHED),
        note=pl.lit(f"{stack.printed}; {AT_FULL_USE}"),
    )
    rows = [printed.with_columns(cost_stack=pl.lit(name))]
    if stack.derived:
        operands = {name: source for parts in stack.derived.values() for name, source in parts.items()}
        gpu = printed["gpu"].item()  # a stack is of one GPU
        again = dropped(printed, *stack.derived).with_columns(
            expression for name, source in operands.items() for expression in _operand(core, source, gpu, name)
        )
        rows.append(again.with_columns(cost_stack=pl.lit(name + FROM_OPERANDS)))
    return [compute(row, figures, reading=AS_PUBLISHED) for row in rows]


def _operand(core: Core, source: tuple[str, str] | float, gpu: str, name: str) -> list[pl.Expr]:
    if isinstance(source, float):
        return ruled(name, source, OF_THE_FORM)
    assumption_set, parameter = source
    rows = core["assumption"].filter(
        (pl.col("assumption_set") == assumption_set)
        & (pl.col("parameter") == parameter)
        & pl.col("subject").is_in([gpu, EVERY_SUBJECT])
    )
    stated = rows.sort("subject", descending=True).head(1)
    value = pl.lit(stated["value"].item() if stated.height else None, dtype=pl.Float64).alias(name)
    if HOW + "value" not in stated.columns or stated.is_empty():
        return [value]
    return [value, pl.lit(stated[HOW + "value"].item()).alias(HOW + name)]


def _date(core: Core, assumption_set: str) -> object:
    """The day the document speaks of: its assumptions hold from then."""
    return core["assumption"].filter(pl.col("assumption_set") == assumption_set)["valid_from"].max()


def serving(core: Core) -> pl.DataFrame:
    """Serving as the documents compute it (M10): each throughput in each blend, with prices, before any figure."""
    rows = assumed(core, "document_serving")
    if rows.is_empty():
        return pl.DataFrame()
    common = rows.filter(pl.col("subject") == EVERY_SUBJECT).select(
        *carry(
            "output_price_usd_per_mtok",
            "input_price_usd_per_mtok",
            "output_time_share",
            "cost_usd_per_gpu_hour",
            ends=False,
        )
    )
    speeds = rows.filter(pl.col("subject") != EVERY_SUBJECT).select(
        pl.format("document_{}", "subject").alias("throughput_profile"),
        *carry("output_tokens_per_s_per_gpu", "input_tokens_per_s_per_gpu", ends=False),
    )
    one_sided = {rules.OUTPUT_ONLY: rules.OUTPUT_ONLY_TIME_SHARE, rules.INPUT_ONLY: rules.INPUT_ONLY_TIME_SHARE}
    blends = pl.concat(
        [
            *[
                pl.DataFrame({"blend": [blend]}).with_columns(
                    ruled("stated_output_time_share", share, "the whole hour on one side, as 000:89-98 first computes")
                )
                for blend, share in one_sided.items()
            ],
            common.select(
                pl.lit(rules.TIME_60_40).alias("blend"),
                *aliased({"output_time_share": "stated_output_time_share"}, ends=False),
            ),
        ],
        how="diagonal",
    )
    return (
        speeds.join(blends, how="cross")
        .join(dropped(common, "output_time_share"), how="cross")
        .with_columns(
            as_of_date=pl.lit(_date(core, "document_serving")),
            model=pl.lit("llama-3.1-70b"),
            reading=pl.lit(rules.AS_PUBLISHED),
            input_tokens_per_output_token=pl.lit(None, dtype=pl.Float64),
        )
        .sort("throughput_profile", "blend")
    )


def megawatts(core: Core) -> pl.DataFrame:
    """GPUs of the documents' table per MW (M11): watts per slot, price and utilisation, before any figure."""
    rows = assumed(core, "document_per_mw")
    if rows.is_empty():
        return pl.DataFrame()
    common = rows.filter(pl.col("subject") == EVERY_SUBJECT).select(
        carry("price_usd_per_gpu_hour", "utilisation", ends=False)
    )
    return (
        rows.filter(pl.col("subject") != EVERY_SUBJECT)
        .select(pl.col("subject").alias("gpu"), *carry("server_w_per_gpu", ends=False))
        .join(common, how="cross")
        .with_columns(as_of_date=pl.lit(_date(core, "document_per_mw")), reading=pl.lit(rules.AS_PUBLISHED))
        .sort("gpu")
    )


SELF_HOSTING_STREAMS = (
    ("document_optimised", rules.TIME_60_40),
    ("document_unoptimised", rules.TIME_60_40),
    ("document_optimised", rules.OUTPUT_ONLY),
)
"""The three values of an hour that M26 holds the costs against."""


def self_hosting(core: Core) -> pl.DataFrame:
    """The documents' costs of an hour against the tokens of their example (M26), before any figure."""
    costs = assumed(core, "m26_self_host")
    tokens = serving(core)
    if costs.is_empty() or tokens.is_empty():
        return pl.DataFrame()
    common = costs.filter(pl.col("subject") == EVERY_SUBJECT).select(carry("electricity_usd_per_gpu_hour", ends=False))
    streams = pl.DataFrame(SELF_HOSTING_STREAMS, schema=["throughput_profile", "blend"], orient="row")
    return (
        costs.filter(pl.col("subject") != EVERY_SUBJECT)
        .select(
            pl.format("document_{}", "subject").alias("rent_basis"), *carry("fixed_cost_usd_per_gpu_hour", ends=False)
        )
        .join(common, how="cross")
        .join(tokens.join(streams, on=["throughput_profile", "blend"], how="semi"), how="cross")
        .with_columns(provider=pl.lit(rules.UNSPECIFIED), gpu=pl.lit("H100 SXM"))
    )
