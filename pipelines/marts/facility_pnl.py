"""Profit and loss of a data centre: capital, running cost by line, revenue, margins, landlord and GPU cloud apart.

Grain: as_of_date x operator x facility_mw x business x market x gpu x reading.

`professional`: a landlord lets space at the market's asking rate; a GPU cloud owns the GPUs in such a building and
lets them at the headline rate. Building and upkeep per MW are the documents' rows for the industry, the only ones
recorded; electricity, rates, rents and GPU prices are observed. `as_published`: the document's table once as printed,
which sets a landlord's revenue against a GPU cloud's capital (I-29), and once for each business of its own.

Sources: core.colo_rate_asof, power_price_asof, headline_rate, dim_gpu, dim_market, assumption.
Not here: cost of a GPU-hour (gpu_hour_margin), debt (debt_capacity).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL, formulas
from pipelines.mart_kit import owned_gpu, rents, rules
from pipelines.mart_kit.assumed import Core, assumed, constants
from pipelines.mart_kit.carry import aliased, because, carry, dropped, renamed
from pipelines.mart_kit.identity import equal, parts
from pipelines.mart_kit.schema import Schema, columns, count, day, figure, flag, label, number, ranged
from pipelines.marts import revenue_per_mw

KEY = ("as_of_date", "operator", "facility_mw", "business", "market", "gpu", "reading")
INPUTS = revenue_per_mw.INPUTS

PER_MW = "m17_per_mw"
OURS = "professional_landlord"
INDUSTRY = "industry"
OBSERVED = "observed_market"

PRINTED = "as_printed"
LANDLORD = "colo_landlord"
CLOUD = {"rental_on_demand": "gpu_cloud", "managed_inference": "gpu_cloud_managed"}
SELLER = "gpu_cloud"

OPEX = (
    "electricity_usd_per_mw_year",
    "cooling_usd_per_mw_year",
    "personnel_usd_per_mw_year",
    "hardware_maintenance_usd_per_mw_year",
    "connectivity_usd_per_mw_year",
    "other_usd_per_mw_year",
)
CAPEX = ("shell_capex_usd_per_mw", "fit_out_capex_usd_per_mw")
FIGURES = (
    "capex_usd_per_mw",
    "opex_usd_per_mw_year",
    "facility_capex_usd",
    "facility_opex_usd_per_year",
    "facility_depreciation_usd_per_year",
    "facility_revenue_usd_per_year",
    "margin_before_depreciation_pct",
    "margin_after_depreciation_pct",
)
PLOT = ("margin_after_depreciation_pct",)

NO_FIT_OUT = "a landlord owns no GPUs"
NO_HARDWARE = "hardware is the tenant's"
COOLED_TWICE = "electricity holds the PUE; the documents' row for cooling may hold some of the same energy again"
OWN_METER = "a cloud pays for what its GPUs draw"
ENERGY_IN_RATE = "1 where the rate for space includes the energy, 0 where the tenant pays it beside"

_F = formulas(PROFESSIONAL)

SCHEMA = Schema(
    table="facility_pnl",
    kind="answer",
    description=(
        "One row per day, operator, size, business, market, GPU and reading.\n"
        "A data centre's capital, running cost, revenue and margin before and after depreciation. facility_mw counts "
        "IT load. Low and high are corners of the operands' ranges, not likelihoods; building and upkeep are the "
        "documents' ranges, leased share and load factor are assumptions."
    ),
    key=KEY,
    columns=columns(
        day("as_of_date", "Month end or as-of day; the document's date for as_published."),
        label("operator", "Whose cost rows: a column of the document's table, or observed_market.", enumerated=True),
        number("facility_mw", "MW", "IT load of the site.", minimum=0),
        label("business", "What is sold: space, GPU-hours, tokens; as_printed mixes them.", enumerated=True),
        label("market", "Where space is let and power bought; unspecified for as_published."),
        label("gpu", "GPUs in it; none for a landlord, unspecified where the document leaves it open."),
        *[ranged(number(name, "usd/MW", "Capital of a MW: this line.", minimum=0)) for name in CAPEX],
        ranged(figure(_F, "capex_usd_per_mw", minimum=0)),
        *[ranged(number(name, "usd/MW/year", "Running cost of a MW: this line.")) for name in OPEX],
        ranged(figure(_F, "opex_usd_per_mw_year")),
        ranged(figure(_F, "facility_capex_usd", minimum=0)),
        ranged(figure(_F, "facility_opex_usd_per_year")),
        ranged(figure(_F, "facility_depreciation_usd_per_year", minimum=0)),
        ranged(figure(_F, "facility_revenue_usd_per_year", minimum=0)),
        ranged(figure(_F, "margin_before_depreciation_pct", maximum=100)),
        ranged(figure(_F, "margin_after_depreciation_pct", maximum=100)),
        label("reading", "as_published or professional.", enumerated=True),
        flag("price_is_stale", "Rent or rate older than its source's cadence allows.", nullable=True),
        count("price_age_days", "Age of the rent or rate.", unit="day", nullable=True),
        flag("rent_is_indicative", "Fewer providers than a headline needs; null for a landlord.", nullable=True),
        count("power_age_days", "Age of the power price.", unit="day", nullable=True),
        flag("power_is_stale", "Power price older than its source's cadence allows.", nullable=True),
        label("note", "What a reader must know.", nullable=True),
    ),
    rules=(
        equal("capital adds up", "shell_capex_usd_per_mw + fit_out_capex_usd_per_mw", "capex_usd_per_mw"),
        equal("running cost adds up", parts(*OPEX), "opex_usd_per_mw_year"),
        equal("the site's capital is its MW's", "capex_usd_per_mw * facility_mw", "facility_capex_usd"),
        equal(
            "the site's running cost is its MW's", "opex_usd_per_mw_year * facility_mw", "facility_opex_usd_per_year"
        ),
        equal(
            "the margin before depreciation follows",
            "100 * (1 - facility_opex_usd_per_year / facility_revenue_usd_per_year)",
            "margin_before_depreciation_pct",
        ),
        equal(
            "the margin after depreciation follows",
            "100 * (1 - (facility_opex_usd_per_year + facility_depreciation_usd_per_year)"
            " / facility_revenue_usd_per_year)",
            "margin_after_depreciation_pct",
        ),
    ),
)


def _building(core: Core) -> pl.LazyFrame:
    """One row: the documents' building and upkeep per MW for the industry, with our choices for a landlord."""
    industry = assumed(core, PER_MW).filter(pl.col("subject") == INDUSTRY).lazy()
    kept = (CAPEX[0], *OPEX[1:])
    ours = constants(core, OURS, ("leased_share", "facility_mw", "facility_life_years", "load_factor"))
    return industry.select(carry(*kept)).with_columns(*ours, *constants(core, rules.ASSUMPTION_SET, ("pue",)))


def _nothing(name: str, why: str) -> list[pl.Expr]:
    return [pl.lit(0.0).alias(name), *because(name, why)]


def _known(core: Core) -> bool:
    """Whether the documents' rows are known yet: on an early as-of day they are not."""
    sets = core["assumption"]["assumption_set"]
    return PER_MW in sets and OURS in sets


def landlords(core: Core) -> pl.LazyFrame:
    """One row per day and market: space let at the asking rate, figures computed."""
    if not _known(core):
        return SCHEMA.empty().lazy()
    building = dropped(_building(core), "hardware_maintenance_usd_per_mw_year")
    rows = (
        owned_gpu.places(core)
        .join(building, how="cross")
        .with_columns(
            *[
                (1.0 - pl.col(f"electricity_paid_apart{theirs}")).alias(f"electricity_borne{ours}")
                for ours, theirs in (("", ""), ("_low", "_high"), ("_high", "_low"))
            ]
        )
        .with_columns(
            *because("electricity_borne", ENERGY_IN_RATE),
            *_nothing("fit_out_capex_usd_per_mw", NO_FIT_OUT),
            *_nothing("hardware_maintenance_usd_per_mw_year", NO_HARDWARE),
            pl.lit(1.0).alias("fit_out_life_years"),
            *because("fit_out_life_years", NO_FIT_OUT),
            operator=pl.lit(OBSERVED),
            business=pl.lit(LANDLORD),
            gpu=pl.lit(rules.NOT_APPLICABLE),
            reading=pl.lit(rules.PROFESSIONAL),
            price_is_stale=pl.col("colo_is_stale"),
            price_age_days=pl.col("colo_age_days"),
            note=pl.concat_str(
                pl.when(pl.col("colo_grade") == "C").then(pl.lit("nobody but the documents states this market's rate")),
                pl.when(pl.col("power_included") == "unknown").then(
                    pl.lit("whether the rate includes energy is not stated: base as no, high cost as yes")
                ),
                separator="; ",
                ignore_nulls=True,
            ),
        )
    )
    let = compute(rows, ("space_revenue_usd_per_mw_year",), reading=PROFESSIONAL)
    named = renamed(let, {"space_revenue_usd_per_mw_year": "revenue_usd_per_mw_year"})
    return compute(named, FIGURES, reading=PROFESSIONAL)


def clouds(core: Core) -> pl.LazyFrame:
    """One row per day, market and GPU of known price: GPUs in a building of one's own, let on demand."""
    if not _known(core):
        return SCHEMA.empty().lazy()
    life = aliased({"life_years": "fit_out_life_years"})
    gpus = dropped(owned_gpu.owned_gpus(core), "pue").select(
        "gpu", "sale", *carry("server_kw_per_gpu", "purchase_price_usd", "utilisation"), *life
    )
    let = rents.rents(core).filter(
        (pl.col("rent_basis") == rules.SERVING_RENT_BASIS) & (pl.col("commitment") == rules.SERVING_COMMITMENT)
    )
    rows = (
        let.join(gpus, on=["gpu", "sale"])
        .join(dropped(owned_gpu.places(core), "colo_rate_usd_per_kw_month"), on="as_of_date")
        .join(dropped(_building(core), "leased_share"), how="cross")
        .with_columns(
            *aliased({"server_kw_per_gpu": "basis_kw_per_gpu"}),
            pl.lit(1.0).alias("electricity_borne"),
            *because("electricity_borne", OWN_METER),
            operator=pl.lit(OBSERVED),
            business=pl.lit(SELLER),
            reading=pl.lit(rules.PROFESSIONAL),
            price_is_stale=pl.col("rent_is_stale"),
            price_age_days=pl.col("rent_age_days"),
            note=pl.lit(COOLED_TWICE),
        )
    )
    return compute(rows, FIGURES, reading=PROFESSIONAL)


def published(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The document's table as printed, and its rows as a landlord's and as a GPU cloud's."""
    stated = assumed(core, PER_MW)
    if stated.is_empty():
        return SCHEMA.empty()
    rows = _published_rows(core)
    parts = [compute(part, FIGURES, reading=AS_PUBLISHED) for part in rows]
    return pl.concat(parts, how="diagonal")


def _published_rows(core: Core) -> list[pl.DataFrame]:
    own = dropped(assumed(core, PER_MW).filter(pl.col("subject") != ""), *_COMMON)
    table = own.with_columns(*constants(core, PER_MW, _COMMON)).rename({"subject": "operator"})
    dates = core["assumption"].filter(pl.col("assumption_set") == PER_MW)["valid_from"]
    table = table.with_columns(
        as_of_date=pl.lit(dates.max()), market=pl.lit(rules.UNSPECIFIED), reading=pl.lit(rules.AS_PUBLISHED)
    )
    printed = table.with_columns(
        business=pl.lit(PRINTED),
        gpu=pl.lit(rules.UNSPECIFIED),
        note=pl.lit(
            "000:263-272 as printed: revenue is a landlord's (196 to 343 $/kW-month at 85%), capital a GPU cloud's "
            "(I-29); the printed target margin leaves depreciation out (I-30)"
        ),
    )
    landlord = dropped(table, CAPEX[1], OPEX[3]).with_columns(
        *_nothing(CAPEX[1], NO_FIT_OUT),
        *_nothing(OPEX[3], NO_HARDWARE),
        business=pl.lit(LANDLORD),
        gpu=pl.lit(rules.NOT_APPLICABLE),
        note=pl.lit("the printed revenue against the capital of the building alone"),
    )
    earned = revenue_per_mw.published(core).filter(
        (pl.col("gpu") == "H100 SXM") & pl.col("business_model").is_in(list(CLOUD))
    )
    sold = earned.select("gpu", "business_model", *carry("revenue_usd_per_mw_year"))
    cloud = (
        dropped(table, "facility_revenue_usd_per_year")
        .join(sold, how="cross")
        .with_columns(
            business=pl.col("business_model").replace_strict(CLOUD),
            note=pl.lit("the document's revenue per MW (000:102) against its capital and running cost per MW"),
        )
    )
    return [printed, landlord, cloud]


_COMMON = ("facility_mw", "facility_revenue_usd_per_year", "facility_life_years", "fit_out_life_years")


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    observed = [part.collect() for part in (landlords(core), clouds(core))]
    return SCHEMA.conform(pl.concat([*observed, published(core)], how="diagonal_relaxed"))
