"""Revenue per megawatt: what a MW of GPUs earns, costs and keeps in a year, let by the hour or serving tokens.

Grain: as_of_date x gpu x business_model x rent_basis x throughput_profile x blend x market x mw_basis x reading.

`professional`: headline rents, or token list prices at measured throughput, on GPUs owned in rented space; the MW is
that of the servers (it), of the facility with cooling, or the provisioned one (utility). Cost is null where nobody
states the GPU's purchase price or server watts. `as_published`: the documents' table, once.

Sources: core.headline_rate, dim_gpu, and what owned_gpu.py and served.py read.
Not here: sites, construction, take-up over time; the choice of rows (rules.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL, formulas
from pipelines.mart_kit import document_rows, evidence, owned_gpu, rents, rules, served
from pipelines.mart_kit.carry import aliased, carry, dropped, renamed
from pipelines.mart_kit.identity import equal, holds
from pipelines.mart_kit.schema import Schema, columns, count, day, figure, flag, label, number, ranged

KEY = (
    "as_of_date",
    "gpu",
    "business_model",
    "rent_basis",
    "throughput_profile",
    "blend",
    "market",
    "mw_basis",
    "reading",
)
INPUTS = tuple(dict.fromkeys(rents.INPUTS + served.INPUTS + owned_gpu.INPUTS))
REVENUE_FIGURES = (
    "gpus_per_mw",
    "price_usd_per_gpu_hour",
    "revenue_usd_per_mw_year",
    "revenue_usd_per_watt_year",
)
FIGURES = (*REVENUE_FIGURES, "cost_usd_per_mw_year", "gross_profit_usd_per_mw_year")
PLOT = ("revenue_usd_per_mw_year",)

_F = formulas(PROFESSIONAL)

SCHEMA = Schema(
    table="revenue_per_mw",
    kind="answer",
    description=(
        "One row per day, GPU, business model, rent basis, throughput profile, blend, market, MW basis and reading.\n"
        "Revenue, cost and gross profit of a MW of GPUs over a year. Managed inference sells every token the measured "
        "throughput gives in the hours in use at list price: a ceiling, not a forecast; output only where input speed "
        "is not reported. Low and high are corners of the operands' ranges, not likelihoods."
    ),
    key=KEY,
    columns=columns(
        day("as_of_date", "Month end or as-of day the row holds for; the document's date for as_published."),
        label("gpu", "GPU; forms are never merged. See core.dim_gpu."),
        label("business_model", "What is sold: hours on some term, or tokens.", enumerated=True),
        label("rent_basis", "Whose price it is.", enumerated=True),
        label("throughput_profile", "Tokens per second and of which model; none for rental.", enumerated=True),
        label("blend", "How GPU-time divides between input and output; none for rental.", enumerated=True),
        label("market", "Where the cost arises (power, space). See core.dim_market."),
        label("mw_basis", "What the MW counts.", enumerated=True),
        label("reading", "as_published or professional.", enumerated=True),
        ranged(figure(_F, "gpus_per_mw", minimum=0)),
        ranged(figure(_F, "price_usd_per_gpu_hour", minimum=0)),
        ranged(number("utilisation", "1", "Share of hours that are paid for.", minimum=0, maximum=1)),
        ranged(figure(_F, "revenue_usd_per_mw_year", minimum=0)),
        ranged(figure(_F, "revenue_usd_per_watt_year", minimum=0)),
        ranged(figure(_F, "cost_usd_per_mw_year", nullable=True, minimum=0)),
        ranged(figure(_F, "gross_profit_usd_per_mw_year", nullable=True)),
        number("basis_kw_per_gpu", "kW/gpu", "Power of one GPU slot on the basis.", minimum=0),
        count("provider_count", "Providers behind the price.", nullable=True),
        flag("price_is_indicative", "Fewer providers than a headline needs.", nullable=True),
        day("price_last_observed", "Newest quote behind the price.", nullable=True),
        count("price_age_days", "Its age on the day of the row.", unit="day", nullable=True),
        flag("price_is_stale", "Older than its sources' cadence allows.", nullable=True),
        evidence.PLACE,
        label("note", "What a reader must know.", nullable=True),
    ),
    rules=(
        equal(
            "gross profit is revenue less cost",
            "revenue_usd_per_mw_year - cost_usd_per_mw_year",
            "gross_profit_usd_per_mw_year",
        ),
        equal("a watt earns a millionth of a MW", "revenue_usd_per_mw_year / 1000000", "revenue_usd_per_watt_year"),
        holds(
            "the GPUs of a MW draw no more than it, rounded to whole GPUs",
            "gpus_per_mw <= 1000 / basis_kw_per_gpu + 0.5",
        ),
    ),
)


def rentals(core: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """One row per headline rent a MW can be let at."""
    return (
        rents.rents(core)
        .filter(pl.col("commitment").is_in(list(rules.BUSINESS_MODEL_OF_COMMITMENT)))
        .with_columns(
            business_model=pl.col("commitment").replace_strict(rules.BUSINESS_MODEL_OF_COMMITMENT),
            throughput_profile=pl.lit(rules.NOT_APPLICABLE),
            blend=pl.lit(rules.NOT_APPLICABLE),
        )
        .rename(
            {
                "rent_last_observed": "price_last_observed",
                "rent_age_days": "price_age_days",
                "rent_is_stale": "price_is_stale",
                "rent_is_indicative": "price_is_indicative",
            }
        )
    )


def managed(core: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """One row per GPU, profile, model and blend: an hour sold as tokens at the model's headline price."""
    tokens = (
        served.serving(core)
        .join(served.headline_prices(core), on=["as_of_date", "model"])
        .filter((pl.col("blend") == rules.OUTPUT_ONLY) | pl.col("input_price_usd_per_mtok").is_not_null())
        .with_columns(
            business_model=pl.lit(rules.MANAGED_INFERENCE),
            rent_basis=pl.lit(rules.TOKEN_HEADLINE),
            throughput_profile=served.profile_of_model(),
            sale=pl.lit(owned_gpu.MERCHANT),
        )
    )
    return compute(tokens, ("price_usd_per_gpu_hour",), reading=PROFESSIONAL)


def slots(core: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """One row per GPU and basis of the MW: the kW of one GPU slot, with its range where the watts have one."""
    watts = owned_gpu.gpu_watts(core)
    return pl.concat(
        [
            watts.select(
                "gpu",
                pl.lit(basis).alias("mw_basis"),
                *aliased({kw: "basis_kw_per_gpu"}),
            )
            for basis, kw in rules.MW_BASES.items()
        ],
        how="diagonal",
    ).filter(pl.col("basis_kw_per_gpu").is_not_null())


def frame(core: Mapping[str, pl.DataFrame]) -> pl.LazyFrame:
    """The professional rows: every price in every market on every basis the GPU's watts are known on."""
    cost = ("fixed_cost_usd_per_gpu_hour", "electricity_usd_per_gpu_hour")
    on = ("as_of_date", "gpu", "market", "sale")
    costs = owned_gpu.owned_cost(core)
    return (
        pl.concat([rentals(core), managed(core)], how="diagonal")
        .join(owned_gpu.sales(core), on="sale")
        .join(slots(core), on="gpu")
        .join(owned_gpu.places(core).select("as_of_date", "market", *evidence.OF_PLACE), on="as_of_date")
        .join(costs.select(*on, *carry(*cost)), on=list(on), how="left")
        .with_columns(reading=pl.lit(rules.PROFESSIONAL), note=pl.lit(None, dtype=pl.String))
    )


def published(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The document's table per MW (M11), with the figures computed: rental at 2.20, tokens at the 60/40 blend."""
    rows = document_rows.megawatts(core)
    if rows.is_empty():
        return rows
    rows = rows.with_columns(
        market=pl.lit(rules.UNSPECIFIED),
        mw_basis=pl.lit("it"),
    )
    rows = compute(rows, ("server_kw_per_gpu",), reading=AS_PUBLISHED)
    rows = renamed(rows, {"server_kw_per_gpu": "basis_kw_per_gpu"})
    rental = rows.with_columns(
        business_model=pl.lit("rental_on_demand"),
        rent_basis=pl.lit("document_crusoe"),
        throughput_profile=pl.lit(rules.NOT_APPLICABLE),
        blend=pl.lit(rules.NOT_APPLICABLE),
        note=pl.lit(
            "000:99-104: one rent of 2.20 for every GPU (I-16); B200 prints 9.1, its operands give 9.16; server "
            "watts although 000:30 says to use facility watts (I-15)"
        ),
    )
    tokens = document_rows.serving(core).filter(
        (pl.col("throughput_profile") == "document_optimised") & (pl.col("blend") == rules.TIME_60_40)
    )
    served_hours = dropped(rows, "price_usd_per_gpu_hour").join(tokens.drop("as_of_date", "reading"), how="cross")
    sold_as_tokens = served_hours.with_columns(
        business_model=pl.lit(rules.MANAGED_INFERENCE),
        rent_basis=pl.lit("document_token_price"),
        throughput_profile=served.profile_of_model(),
        note=pl.lit("000:99-104: the H100's 5.7888 an hour, unrounded, for every GPU (I-16)"),
    )
    parts = [compute(part, REVENUE_FIGURES, reading=AS_PUBLISHED) for part in (rental, sold_as_tokens)]
    return pl.concat(parts, how="diagonal")


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    observed = compute(frame(core), FIGURES, reading=PROFESSIONAL).collect()
    return SCHEMA.conform(pl.concat([observed, published(core)], how="diagonal"))
