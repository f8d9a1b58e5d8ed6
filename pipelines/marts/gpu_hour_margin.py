"""Margin of a GPU-hour: what an owner of the GPU earns on an hour let at the market's rent, after every cost.

Grain: as_of_date x gpu x cost_stack x market x commitment x rent_basis x reading.

`professional`: every headline rent against GPUs bought at the recorded price, financed with a capital recovery
factor, standing in rented space and fed at the market's power price; fixed cost is spread over the sold hours.
`as_published`: the documents' cost stacks, once, on the documents' date.

Sources: core.headline_rate, dim_gpu, dim_market, power_price_asof, colo_rate_asof, assumption.
Not here: GPUs nobody states a purchase price or server watts for; the choice of rows (rules.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL, formulas
from pipelines.mart_kit import document_rows, evidence, owned_gpu, rents, rules
from pipelines.mart_kit.assumed import constants
from pipelines.mart_kit.carry import aliased
from pipelines.mart_kit.identity import equal, parts
from pipelines.mart_kit.schema import Schema, columns, count, day, figure, label, number, ranged

KEY = ("as_of_date", "gpu", "cost_stack", "market", "commitment", "rent_basis", "reading")
INPUTS = ("headline_rate", "dim_gpu", "dim_market", "power_price_asof", "colo_rate_asof", "assumption")
FIGURES = (
    "idle_usd_per_gpu_hour",
    "total_cost_usd_per_gpu_hour",
    "gross_margin_pct",
    "markup_pct",
    "breakeven_utilisation_pct",
    "first_year_rent_needed_usd_per_gpu_hour",
    "cost_usd_per_billed_gpu_hour",
)
CHAIN = ("availability_share", "spare_share", "credit_share", "idle_power_share")
PLOT = ("gross_margin_pct", "H100 SXM", "H200", "B200", "GB200")
AS_PUBLISHED_FIGURES = FIGURES[:-2]  # the documents know no falling rents and no billed share

_F = formulas(PROFESSIONAL)

COMPONENTS = (
    "capital_usd_per_gpu_hour",
    "facility_usd_per_gpu_hour",
    "networking_usd_per_gpu_hour",
    "operations_usd_per_gpu_hour",
    "maintenance_usd_per_gpu_hour",
    "electricity_usd_per_gpu_hour",
    "idle_usd_per_gpu_hour",
)

SCHEMA = Schema(
    table="gpu_hour_margin",
    kind="answer",
    description=(
        "One row per day, GPU, cost stack, market, commitment, rent basis and reading.\n"
        "What an hour of an owned GPU costs and keeps when it is let at the market's rent. Components and idle make up "
        "the total; margins are per sold hour. Low and high are corners of the operands' ranges, not likelihoods."
    ),
    key=KEY,
    columns=columns(
        day("as_of_date", "Month end or as-of day the row holds for; the document's date for as_published."),
        label("gpu", "GPU; forms are never merged. See core.dim_gpu."),
        label("cost_stack", "How the GPU is paid for and housed.", enumerated=True),
        label("market", "Where the cost arises (power, space); not the region the GPU is let in. See core.dim_market."),
        label("commitment", "Term the hour is sold on.", enumerated=True),
        label("rent_basis", "Whose price it is: headline_ and provider tier, or a document's seller.", enumerated=True),
        label("reading", "as_published or professional.", enumerated=True),
        ranged(
            number(
                "price_usd_per_gpu_hour",
                "usd/gpu_hour",
                "Rent of an hour; ends: cheapest and dearest provider.",
                minimum=0,
            )
        ),
        ranged(number("utilisation", "1", "Share of hours that are paid for.", minimum=0, maximum=1)),
        ranged(figure(_F, "capital_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "facility_usd_per_gpu_hour", minimum=0)),
        ranged(
            number("networking_usd_per_gpu_hour", "usd/gpu_hour", "Cluster network, per hour of the clock.", minimum=0)
        ),
        ranged(
            number(
                "operations_usd_per_gpu_hour", "usd/gpu_hour", "Staff and platform, per hour of the clock.", minimum=0
            )
        ),
        ranged(figure(_F, "maintenance_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "electricity_usd_per_gpu_hour")),
        ranged(figure(_F, "idle_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "total_cost_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "gross_margin_pct", maximum=100)),
        ranged(figure(_F, "markup_pct", minimum=-100)),
        ranged(figure(_F, "breakeven_utilisation_pct", unbounded=True, minimum=0)),
        ranged(figure(_F, "first_year_rent_needed_usd_per_gpu_hour", nullable=True, minimum=0)),
        ranged(figure(_F, "billed_share", nullable=True, minimum=0, maximum=1)),
        ranged(figure(_F, "cost_usd_per_billed_gpu_hour", nullable=True, minimum=0)),
        ranged(
            number(
                "purchase_price_usd",
                "usd/gpu",
                "Price of the GPU new: one recorded price for all days.",
                nullable=True,
                minimum=0,
            )
        ),
        number("residual_share", "1", "Share of the price got back at the end.", nullable=True, minimum=0, maximum=1),
        number("discount_rate_per_year", "1/year", "Cost of capital.", nullable=True, minimum=0),
        number("life_years", "year", "Years the GPU is let.", nullable=True, minimum=0),
        number("rent_decline_per_year", "1/year", "Yearly fall of rents in first_year_rent_needed.", nullable=True),
        number("server_kw_per_gpu", "kW/gpu", "Full draw of the GPU's share of its server.", nullable=True, minimum=0),
        number("pue", "1", "Facility power over server power.", nullable=True, minimum=1),
        number("facility_kw_per_gpu", "kW/gpu", "The same at the facility's meter.", nullable=True, minimum=0),
        number("price_usd_per_kwh", "usd/kWh", "Price of energy in the market.", nullable=True),
        number("colo_rate_usd_per_kw_month", "usd/kW/month", "Rate for space in the market.", nullable=True, minimum=0),
        label(
            "power_included",
            "Whether that rate includes energy; unknown: base as no, low cost as yes.",
            nullable=True,
            enumerated=True,
        ),
        count("provider_count", "Providers behind the rent.", nullable=True),
        evidence.RENT,
        evidence.PLACE,
        label("note", "What a reader must know: where a print is wrong, what is assumed.", nullable=True),
    ),
    rules=(
        equal("the components add up to the total cost", parts(*COMPONENTS), "total_cost_usd_per_gpu_hour"),
        equal(
            "the margin follows from price and cost",
            "100 * (1 - total_cost_usd_per_gpu_hour / price_usd_per_gpu_hour)",
            "gross_margin_pct",
        ),
        equal(
            "the markup follows from price and cost",
            "100 * (price_usd_per_gpu_hour / total_cost_usd_per_gpu_hour - 1)",
            "markup_pct",
        ),
        equal(
            "the facility delivers the server's power times the PUE", "server_kw_per_gpu * pue", "facility_kw_per_gpu"
        ),
    ),
)


def frame(core: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """The professional rows: every headline rent of a GPU whose cost is known, in every market."""
    return (
        rents.rents(core)
        .join(owned_gpu.owned_cost(core), on=["as_of_date", "gpu", "sale"])
        # What is sold is the share of hours paid for; what is billed of it, the chain says.
        .with_columns(
            *aliased({"utilisation": "sold_share"}),
            *constants(core, "professional_utilisation_chain", CHAIN),
        )
        .with_columns(
            cost_stack=pl.lit(rules.OWNED_COLO), reading=pl.lit(rules.PROFESSIONAL), note=pl.lit(None, dtype=pl.String)
        )
    )


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    observed = compute(frame(core), FIGURES, reading=PROFESSIONAL).collect()
    published = document_rows.gpu_hours(core, AS_PUBLISHED_FIGURES)
    return SCHEMA.conform(pl.concat([observed, published], how="diagonal"))
