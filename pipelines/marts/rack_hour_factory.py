"""The rack-hour factory: what a year of rented racks costs, what its tokens earn, and where it breaks even.

Grain: scenario x tokens_per_s_per_rack x inference_share.

`illustration`: the site of document 002 (100,000 GB200 in 1,389 or 1,400 racks), at three rents. The document shows
its readers no rents, allocation, throughput or realised price: those operands are rackhour's choices and say so.
`professional`: the same factory on the headline rents of rack-scale GPUs and on list prices of the day, in two mixes,
on the newest day. The realised share of the list price has no evidence in either.

Sources: core.assumption, headline_rate, token_price_asof, dim_gpu.
Not here: what throughput is possible (models M23, roofline), the owner's economics.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL, formulas
from pipelines.mart_kit import rents, rules, served
from pipelines.mart_kit.assumed import Core, assumed, constants, stated
from pipelines.mart_kit.carry import carry, renamed
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, day, figure, flag, label, number, ranged

KEY = ("scenario", "tokens_per_s_per_rack", "inference_share")
INPUTS = ("assumption", "calendar", "dim_gpu", "headline_rate", "token_price_asof")
FIGURES = (
    "rack_hours",
    "cost_usd_per_rack_hour",
    "factory_bill_usd",
    "inference_rack_hours",
    "mtok_per_rack_hour",
    "inference_mtok",
    "realised_price_usd_per_mtok",
    "revenue_usd",
    "inference_cost_usd_per_mtok",
    "fixed_cost_usd_per_mtok",
    "factory_contribution_usd",
    "gross_profit_usd",
    "breakeven_tokens_per_s_per_rack",
    "breakeven_tokens_per_s_per_gpu",
    "breakeven_inference_share",
    "breakeven_mix_price_usd_per_mtok",
    "decline_to_breakeven_pct",
    "rent_rise_to_breakeven_pct",
    "factory_it_mw",
    "factory_facility_mw",
    "factory_bill_usd_per_it_mw_year",
    "factory_revenue_usd_per_it_mw_year",
    "factory_revenue_usd_per_facility_mw_year",
    "contribution_usd_per_it_mw_year",
    "contribution_usd_per_facility_mw_year",
)
OPERANDS = ("mix_price_usd_per_mtok", "kw_per_rack")
"""Stated in the illustration, computed where they are observed."""

PLOT = ("factory_contribution_usd",)

DOCUMENT_SET = "m23_rack_hour_factory"
OUR_SET = "professional_factory"
REFERENCE_SITE = "1389 racks of 120 kW"
FACTORY_GPUS = ("GB200", "GB300")
MIXES = ("input_output_14_1", "cached_agent")
PRICED_BY = "openai"
PRICED_MODEL = r"^gpt-5(\.\d+)?$"
"""The class of model the document prices its mix by: OpenAI's own list prices of the GPT-5 line, without variants."""

_F = formulas(PROFESSIONAL)

SCHEMA = Schema(
    table="rack_hour_factory",
    kind="answer",
    description=(
        "One row per scenario, tokens per second and rack, and inference share.\n"
        "A year of a factory of rented racks: bill, tokens, what they earn, where it breaks even and how far "
        "that is. Contribution charges every rack-hour to the tokens; gross profit only those of inference. Throughput "
        "and share are points of a grid, not forecasts. Low and high are corners of the operands' ranges."
    ),
    key=KEY,
    columns=columns(
        label("scenario", "Our rent and the document's site, or observed GPU, rent basis, model and mix."),
        number("tokens_per_s_per_rack", "1/s", "All tokens of a rack, sustained: read, cached, written.", minimum=0),
        number("inference_share", "1", "Share of rack-hours that make paid tokens.", minimum=0, maximum=1),
        label("reading", "illustration or professional.", enumerated=True),
        day("as_of_date", "Day of the prices; the document's date for illustration."),
        ranged(number("rental_usd_per_gpu_hour", "usd/gpu_hour", "Rent of a GPU-hour.", minimum=0)),
        number("gpus_per_rack", "gpu/rack", "GPUs of a rack.", minimum=0),
        ranged(number("racks", "rack", "Racks rented.", minimum=0)),
        number("kw_per_rack", "kW/rack", "Power of a rack; null where nobody states it.", nullable=True, minimum=0),
        ranged(number("pue", "1", "Facility power over rack power.", minimum=1)),
        ranged(number("mix_price_usd_per_mtok", "usd/Mtok", "List price of a million tokens of the mix.", minimum=0)),
        ranged(
            number(
                "realised_price_share",
                "1",
                "Share of the list price that is received. An assumption without evidence.",
                minimum=0,
                maximum=1,
            )
        ),
        *[ranged(figure(_F, name, nullable="mw" in name)) for name in FIGURES],
        flag("rent_is_indicative", "Fewer providers than a headline needs.", nullable=True),
        flag("rent_is_stale", "Rent older than its sources' cadence allows.", nullable=True),
        label("note", "What a reader must know.", nullable=True),
    ),
    rules=(
        equal(
            "the contribution is revenue less the bill", "revenue_usd - factory_bill_usd", "factory_contribution_usd"
        ),
        equal("the bill is hours times their cost", "rack_hours * cost_usd_per_rack_hour", "factory_bill_usd"),
        equal("inference has its share of the hours", "rack_hours * inference_share", "inference_rack_hours"),
        equal("revenue is tokens times their price", "inference_mtok * realised_price_usd_per_mtok", "revenue_usd"),
        equal(
            "gross profit leaves out the hours not served in",
            "revenue_usd - inference_rack_hours * cost_usd_per_rack_hour",
            "gross_profit_usd",
        ),
    ),
)


def grid(core: Core) -> pl.DataFrame:
    """Every point: tokens per second of a rack by inference share."""
    speeds = stated(core, "m23_throughput_grid").drop("case")
    shares = stated(core, "m23_share_grid").drop("case")
    return speeds.join(shares, how="cross")


def documented(core: Core) -> pl.DataFrame:
    """One row per rent of ours and site of the document, before the grid and before any figure."""
    common = stated(core, DOCUMENT_SET).drop("case")
    prices = stated(core, "m23_rental_scenarios").rename({"case": "rent"})
    sites = stated(core, "m23_sites").rename({"case": "site"})
    rows = common.join(prices, how="cross").join(sites, how="cross")
    if rows.is_empty():
        return rows
    dated = core["assumption"].filter(pl.col("assumption_set") == DOCUMENT_SET)["valid_from"].max()
    elsewhere = pl.format("{}, {}", "rent", "site")
    return rows.with_columns(
        scenario=pl.when(pl.col("site") == REFERENCE_SITE).then("rent").otherwise(elsewhere),
        reading=pl.lit(rules.ILLUSTRATION),
        as_of_date=pl.lit(dated),
        note=pl.lit("rent, realised share, throughput and inference share are rackhour's choices: 002 prints none"),
    )


def priced_mixes(core: Core) -> pl.DataFrame:
    """One row per model and mix on the newest day: list prices and the shares they are mixed in."""
    mixes = assumed(core, "blend").filter(pl.col("subject").is_in(MIXES)).rename({"subject": "mix"})
    prices = (
        served.list_prices(core)
        .filter(
            (pl.col("as_of_date") == pl.col("as_of_date").max())
            & (pl.col("provider") == PRICED_BY)
            & (pl.col("processing") == rules.MEGAWATT_TOKEN_PROCESSING)
            & pl.col("model").str.contains(PRICED_MODEL)
        )
        .collect()
    )
    return prices.join(mixes, how="cross")


def observed(core: Core) -> pl.DataFrame:
    """One row per rack-scale GPU, rent basis, model and mix of the newest day, before the grid."""
    choices = constants(core, OUR_SET, ("racks", "gpus_per_rack", "realised_price_share"))
    rented = (
        rents.rents(core)
        .filter(
            (pl.col("as_of_date") == pl.col("as_of_date").max())
            & pl.col("gpu").is_in(FACTORY_GPUS)
            & (pl.col("commitment") == rules.SERVING_COMMITMENT)
        )
        .collect()
    )
    rented = renamed(rented, {"price_usd_per_gpu_hour": "rental_usd_per_gpu_hour"})
    power = core["dim_gpu"].select("gpu", *carry("server_w_per_gpu", ends=False))
    return (
        rented.join(power, on="gpu", how="left")
        .join(priced_mixes(core), on="as_of_date")
        .with_columns(*choices, *constants(core, rules.ASSUMPTION_SET, ("pue",)))
        .with_columns(
            scenario=pl.format("{} {}, {}, {}", "gpu", "rent_basis", "model", "mix"),
            reading=pl.lit(rules.PROFESSIONAL),
            note=pl.lit("throughput, inference share and realised share of the list price are assumptions"),
        )
    )


def build(core: Core) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    points = grid(core)
    parts = [
        compute(rows.join(points, how="cross"), OPERANDS + FIGURES, reading)
        for rows, reading in ((documented(core), AS_PUBLISHED), (observed(core), PROFESSIONAL))
        if not rows.is_empty() and not points.is_empty()
    ]
    if not parts:
        return SCHEMA.empty()
    return SCHEMA.conform(_whole(pl.concat(parts, how="diagonal_relaxed")))


def _whole(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with every column that may be null: ends where no operand has a range, quotes where none is known."""
    absent = [column for column in SCHEMA.columns if column.nullable and column.name not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=column.dtype).alias(column.name) for column in absent)
