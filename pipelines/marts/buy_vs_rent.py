"""Buy or rent: what an hour of a bought GPU costs, what renting one costs, and from which share of use buying wins.

Grain: as_of_date x gpu x financing x residual x rent_basis x market x reading.

`professional`: GPUs at the recorded price, financed at a rate of the list, put in rented space at the market's power
price, against every headline rent on demand or reserved. Beside the break-even at today's rent stand the one for
rents that fall over the GPU's life and the one after tax. `as_published`: the documents' calculator, once, in its
simple form (1.10 and a charge on the full price) and in its full form.

Sources: core.headline_rate, dim_gpu, dim_market, power_price_asof, colo_rate_asof, assumption.
Not here: the seller's margin (gpu_hour_margin), tokens (self_host_vs_api); the choice of rows (rules.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL, formulas
from pipelines.mart_kit import evidence, owned_gpu, rents, rules
from pipelines.mart_kit.assumed import EVERY_SUBJECT, Core, assumed, constants
from pipelines.mart_kit.carry import aliased, because, carry, dropped, renamed
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.schema import Schema, columns, count, day, figure, label, number, ranged
from pipelines.marts import capital_structure

KEY = ("as_of_date", "gpu", "financing", "residual", "rent_basis", "market", "reading")
INPUTS = tuple(dict.fromkeys((*rents.INPUTS, *owned_gpu.INPUTS, "calendar")))

FIGURES = (
    "owned_usd_per_gpu_hour",
    "breakeven_utilisation_pct",
    "level_rent_usd_per_gpu_hour",
    "breakeven_utilisation_falling_rents_pct",
    "breakeven_utilisation_after_tax_pct",
    "owned_usd_per_used_gpu_hour",
    "rent_usd_per_used_gpu_hour",
    "owning_saves_usd_per_used_gpu_hour",
    "rent_p90_over_p10",
)
OF_FINANCING = ("falling_rent_factor", "tax_factor")
OF_OWNED = ("capital_usd_per_gpu_hour", "maintenance_usd_per_gpu_hour", "taxed_capital_usd_per_gpu_hour")
OF_PLACE = ("fixed_cost_usd_per_gpu_hour", "non_capital_fixed_usd_per_gpu_hour", "electricity_usd_per_gpu_hour")
PLOT = ("breakeven_utilisation_pct", "H100 SXM", "H200", "B200", "GB200")

RATES = {"capital_recovery_low": "_low", "capital_recovery_base": "", "capital_recovery_high": "_high"}
"""Financing at the ends and the base of the assumed cost of capital: each is a row, none a range within one."""

OF_STAGE = "capital_recovery_stage_"
"""Financing at the weighted cost of capital of a company's stage; its range is the stage's."""

TAX_SCHEDULE = "MACRS 5-year"
"""The general US schedule for computers; what others come to is in model C1."""

TAX = "professional_tax"
ON_DEMAND = "on_demand"
SIMPLE_FORM = "c2_breakeven"
FULL_FORM = "c2_full_form"
RESIDUALS = "professional_residual"
BASE_RESIDUAL = "20%"
NOT_STATED = "not_stated"
FIXED_TERM = (
    "the rent is fixed for its term; the fall of rents is counted from the first day, so the break-even with falling "
    "rents is an upper one"
)
DOCUMENT_RENT = "document_rent"

_F = formulas(PROFESSIONAL)

SCHEMA = Schema(
    table="buy_vs_rent",
    kind="answer",
    description=(
        "One row per day, GPU, financing, residual, rent basis, market and reading.\n"
        "An owned GPU's hour beside a rented one's, and the share of hours in use from which owning is cheaper. The "
        "shares of use assumed are nobody's measurement. Low and high are corners of the operands' ranges (price, "
        "life, server watts, space, rent over providers), not likelihoods."
    ),
    key=KEY,
    columns=columns(
        day("as_of_date", "Month end or as-of day the row holds for; the document's date for as_published."),
        label("gpu", "GPU; forms are never merged. See core.dim_gpu."),
        label("financing", "How capital is charged, and at which rate.", enumerated=True),
        label("residual", "Share of the price got back at the end of the life.", enumerated=True),
        label("rent_basis", "Whose rent: headline_ and provider tier, on demand or on a term.", enumerated=True),
        label("market", "Where the owned GPU stands (power, space). See core.dim_market."),
        label("reading", "as_published or professional.", enumerated=True),
        ranged(figure(_F, "owned_usd_per_gpu_hour", minimum=0)),
        ranged(
            number(
                "rent_usd_per_gpu_hour",
                "usd/gpu_hour",
                "Rent of an hour today; ends: cheapest and dearest provider. A term's every hour is paid for: its "
                "break-even compares with a rented GPU used in all of them.",
                minimum=0,
            )
        ),
        ranged(figure(_F, "breakeven_utilisation_pct", unbounded=True, minimum=0)),
        ranged(figure(_F, "level_rent_usd_per_gpu_hour", nullable=True, minimum=0)),
        ranged(figure(_F, "breakeven_utilisation_falling_rents_pct", unbounded=True, minimum=0)),
        ranged(figure(_F, "breakeven_utilisation_after_tax_pct", unbounded=True, minimum=0)),
        ranged(number("used_share", "1", "Assumed share of hours in use, without evidence.", nullable=True, minimum=0)),
        ranged(figure(_F, "owned_usd_per_used_gpu_hour", nullable=True, minimum=0)),
        ranged(figure(_F, "rent_usd_per_used_gpu_hour", nullable=True, minimum=0)),
        ranged(figure(_F, "owning_saves_usd_per_used_gpu_hour", nullable=True)),
        ranged(figure(_F, "capital_usd_per_gpu_hour", nullable=True, minimum=0)),
        ranged(figure(_F, "taxed_capital_usd_per_gpu_hour", nullable=True, minimum=0)),
        ranged(figure(_F, "fixed_cost_usd_per_gpu_hour", minimum=0)),
        ranged(figure(_F, "electricity_usd_per_gpu_hour", nullable=True)),
        number("purchase_price_usd", "usd/gpu", "Price of the GPU new: one recorded price for all days.", minimum=0),
        number("residual_share", "1", "Share of the price got back.", nullable=True, minimum=0, maximum=1),
        ranged(
            number("discount_rate_per_year", "1/year", "Cost of capital; a range where a stage's is one.", minimum=0)
        ),
        number("life_years", "year", "Years the GPU is used; base of its range.", nullable=True, minimum=0),
        number("rent_decline_per_year", "1/year", "Assumed yearly fall of rents; base of its range.", nullable=True),
        number("tax_factor", "1", f"(1 - tau z) / (1 - tau) on the {TAX_SCHEDULE} schedule.", nullable=True, minimum=0),
        number("rent_p10_usd_per_gpu_hour", "usd/gpu_hour", "Rent a tenth of quotes undercut.", nullable=True),
        number("rent_p50_usd_per_gpu_hour", "usd/gpu_hour", "Median of quotes.", nullable=True),
        number("rent_p90_usd_per_gpu_hour", "usd/gpu_hour", "Rent a tenth of quotes exceed.", nullable=True),
        figure(_F, "rent_p90_over_p10", nullable=True, minimum=0),
        count(
            "quote_count", "Quotes on offer behind the quantiles; GPUs free to let are not published.", nullable=True
        ),
        count("provider_count", "Providers behind the rent.", nullable=True),
        evidence.RENT,
        evidence.PLACE,
        label("note", "What a reader must know.", nullable=True),
    ),
    rules=(
        equal(
            "an owned hour costs fixed cost and electricity",
            "fixed_cost_usd_per_gpu_hour + electricity_usd_per_gpu_hour",
            "owned_usd_per_gpu_hour",
        ),
        equal(
            "owning saves rent less own cost",
            "rent_usd_per_used_gpu_hour - owned_usd_per_used_gpu_hour",
            "owning_saves_usd_per_used_gpu_hour",
        ),
        equal(
            "the break-even share follows from cost and rent",
            "100 * fixed_cost_usd_per_gpu_hour / (rent_usd_per_gpu_hour - electricity_usd_per_gpu_hour)",
            "breakeven_utilisation_pct",
        ),
    ),
)


def financings(core: Core) -> pl.LazyFrame:
    """One row per financing: its rate, and with it what falling rents and tax come to over the assumed life."""
    life = constants(core, rules.ASSUMPTION_SET, ("life_years", "rent_decline_per_year"))
    listed = pl.concat([rates(core), stage_rates(core)], how="diagonal_relaxed")
    schedule = assumed(core, TAX).filter(pl.col("subject") == TAX_SCHEDULE)
    taxed = listed.with_columns(life).join(dropped(schedule, "subject", "tax_share").lazy(), how="cross")
    return compute(taxed.with_columns(constants(core, TAX, ("tax_share",))), OF_FINANCING, reading=PROFESSIONAL)


def rates(core: Core) -> pl.LazyFrame:
    """One row per end of the assumed cost of capital."""
    rate = "discount_rate_per_year"
    given = pl.LazyFrame({"one": [1]}).with_columns(constants(core, rules.ASSUMPTION_SET, (rate,)))
    return pl.concat(
        given.select(pl.lit(name).alias("financing"), pl.col(rate + end).alias(rate), *carry(rate, ends=False)[1:])
        for name, end in RATES.items()
    )


def stage_rates(core: Core) -> pl.LazyFrame:
    """One row per stage of a company: its weighted cost of capital as the rate, with its range."""
    stages = capital_structure.stages(core, rules.PROFESSIONAL)
    if stages.is_empty():
        return pl.LazyFrame(schema={"financing": pl.String, "discount_rate_per_year": pl.Float64})
    costs = compute(stages, ("stage_discount_rate_per_year",))
    name = pl.col("stage").str.to_lowercase().str.replace_all("[^a-z]+", "_")
    return costs.lazy().select(
        pl.concat_str(pl.lit(OF_STAGE), name).alias("financing"),
        *aliased({"stage_discount_rate_per_year": "discount_rate_per_year"}),
    )


def residuals(core: Core) -> pl.LazyFrame:
    """One row per share of the price that is got back."""
    return assumed(core, RESIDUALS).rename({"subject": "residual"}).lazy()


def owned(core: Core) -> pl.LazyFrame:
    """One row per GPU of known price and server watts, financing and residual, market and day: cost of its hours."""
    gpus = owned_gpu.gpu_watts(core).filter(
        pl.col("purchase_price_usd").is_not_null() & pl.col("server_kw_per_gpu").is_not_null()
    )
    financed = gpus.join(financings(core), how="cross").join(residuals(core), how="cross")
    bought = compute(financed, OF_OWNED, reading=PROFESSIONAL)
    everywhere = bought.join(owned_gpu.places(core), how="cross")
    # A stage's cost of capital is stated once: it is applied to the newest day alone.
    today = pl.col("as_of_date") == core["calendar"]["as_of_date"].max()
    kept = everywhere.filter(today | ~pl.col("financing").str.starts_with(OF_STAGE))
    return compute(kept, OF_PLACE, reading=PROFESSIONAL)


def offers(core: Core) -> pl.LazyFrame:
    """One row per headline rent a buyer could take instead: on demand, or a term whose every hour is paid for."""
    term = pl.col("commitment").is_in(list(rules.TAKE_OR_PAY))
    return (
        rents.rents(core)
        .filter((pl.col("commitment") == ON_DEMAND) | term)
        .with_columns(
            rent_basis=pl.when(term)
            .then(pl.concat_str("rent_basis", "commitment", separator="_"))
            .otherwise(pl.col("rent_basis")),
            take_or_pay=term.cast(pl.Float64),
            note=pl.when(term).then(pl.lit(FIXED_TERM)),
        )
        .with_columns(because("take_or_pay", "1 where a term's every hour is paid for, 0 on demand"))
        .drop("sale", "commitment")
    )


def professional(core: Core) -> pl.LazyFrame:
    """The professional rows: every rent against every way of owning the same GPU, figures computed."""
    used = pl.LazyFrame({"one": [1]}).with_columns(constants(core, rules.ASSUMPTION_SET, ("utilisation",)))
    used = used.select(aliased({"utilisation": "used_share"}))
    rows = (
        offers(core)
        .join(owned(core), on=["as_of_date", "gpu"])
        .join(used, how="cross")
        .with_columns(reading=pl.lit(rules.PROFESSIONAL))
    )
    return compute(rows, FIGURES, reading=PROFESSIONAL)


def full_form(core: Core) -> pl.DataFrame:
    """The calculator's full form on the documents' operands: a row (`case`) per charge and residual, before figures."""
    form = dropped(assumed(core, FULL_FORM), "subject")
    charges = assumed(core, SIMPLE_FORM).filter(pl.col("subject") != EVERY_SUBJECT)
    if form.is_empty() or charges.is_empty():
        return pl.DataFrame()
    rates = charges.select(pl.col("subject").alias("financing"), *carry("discount_rate_per_year"))
    shares = residuals(core).collect()
    return (
        form.join(rates, how="cross")
        .join(shares, how="cross")
        .with_columns(case=pl.concat_str("financing", "residual", separator=" | "))
    )


def published(core: Core) -> pl.DataFrame:
    """The documents' calculator: its simple form, whose residual is not stated, and its full form."""
    full = full_form(core)
    if full.is_empty():
        return full
    full = renamed(
        compute(full, ("full_breakeven_utilisation_pct",), reading=AS_PUBLISHED),
        {
            "charged_fixed_usd_per_gpu_hour": "fixed_cost_usd_per_gpu_hour",
            "full_breakeven_utilisation_pct": "breakeven_utilisation_pct",
        },
    )
    full = compute(full, ("owned_usd_per_gpu_hour",), reading=AS_PUBLISHED).with_columns(
        note=pl.lit(
            "full form: residual, 3.5% maintenance and stack B's space, network and operations (000:48-50) beside the "
            "charge; electricity only of hours in use; the charge on the full price counts the declining balance twice "
            "(I-43)"
        )
    )
    everywhere = pl.col("subject") == EVERY_SUBJECT
    given = assumed(core, SIMPLE_FORM)
    common = given.filter(everywhere).select(
        carry("base_cost_usd_per_gpu_hour", "purchase_price_usd", "price_usd_per_gpu_hour")
    )
    simple = given.filter(~everywhere).select(pl.col("subject").alias("financing"), *carry("discount_rate_per_year"))
    simple = compute(simple.join(common, how="cross"), ("simple_breakeven_utilisation_pct",), reading=AS_PUBLISHED)
    simple = simple.with_columns(
        *aliased(
            {
                "fully_loaded_usd_per_gpu_hour": "fixed_cost_usd_per_gpu_hour",
                "simple_breakeven_utilisation_pct": "breakeven_utilisation_pct",
            }
        ),
        residual=pl.lit(NOT_STATED),
        note=pl.lit("000:201-202: 1.10 before capital is given, not built up (I-04), electricity in it (I-43)"),
    )
    simple = renamed(simple, {"fully_loaded_usd_per_gpu_hour": "owned_usd_per_gpu_hour"})
    dated = core["assumption"].filter(pl.col("assumption_set") == SIMPLE_FORM)["valid_from"].max()
    return pl.concat([simple, full], how="diagonal").with_columns(
        as_of_date=pl.lit(dated),
        gpu=pl.lit("H100 SXM"),
        rent_basis=pl.lit(DOCUMENT_RENT),
        market=pl.lit(rules.UNSPECIFIED),
        reading=pl.lit(rules.AS_PUBLISHED),
    )


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    rows = pl.concat([professional(core).collect(), published(core)], how="diagonal_relaxed")
    rows = renamed(rows, {"price_usd_per_gpu_hour": "rent_usd_per_gpu_hour"})
    # A range that no operand of a row has is null in it.
    missing = [name for name in SCHEMA.names if name not in rows.columns and name.endswith(("_low", "_high"))]
    return SCHEMA.conform(rows.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in missing))
