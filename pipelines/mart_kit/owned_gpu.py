"""Cost of an hour of an owned GPU in rented space, on observed prices: what three marts stand on.

Costs are computed at their own grain, GPU before market before day, so that ranges stay cheap.

Not here: rents and margins; GPUs whose purchase price or server watts nobody states, which have no cost.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import PROFESSIONAL
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, constants
from pipelines.mart_kit.carry import aliased, because, carry, ruled

INPUTS = ("dim_gpu", "dim_market", "power_price_asof", "colo_rate_asof", "assumption")

FINANCE = ("discount_rate_per_year", "life_years", "residual_share", "rent_decline_per_year")
RUNNING = ("maintenance_share_per_year", "networking_usd_per_gpu_hour", "operations_usd_per_gpu_hour", "pue")

OF_WATTS = ("server_kw_per_gpu", "facility_kw_per_gpu", "utility_kw_per_gpu")
OF_GPU = ("capital_usd_per_gpu_hour", "maintenance_usd_per_gpu_hour")
OF_SALE = ("first_year_capital_usd_per_gpu_hour",)
OF_PLACE = ("fixed_cost_usd_per_gpu_hour", "non_capital_fixed_usd_per_gpu_hour", "electricity_usd_per_gpu_hour")

MERCHANT = "merchant"
PAID_IN_FULL = "take_or_pay"
PAYS_FOR_THE_TERM = "the customer of a reserved term pays for every hour of it"
ENERGY_APART = "1 where the rate for space excludes energy or does not say, 0 where it includes it; low 0 if unknown"


def gpu_watts(core: Core) -> pl.LazyFrame:
    """One row per GPU: its kW at the server, at the facility's meter and provisioned, null where nobody states it."""
    gpus = core["dim_gpu"].lazy().with_columns(constants(core, rules.ASSUMPTION_SET, RUNNING))
    return compute(gpus, OF_WATTS, reading=PROFESSIONAL)


def sales(core: Core) -> pl.LazyFrame:
    """One row per way of selling hours: the share of them that is paid for, with its range."""
    merchant = pl.LazyFrame({"sale": [MERCHANT]}).with_columns(constants(core, rules.ASSUMPTION_SET, ("utilisation",)))
    paid = pl.LazyFrame({"sale": [PAID_IN_FULL]}).with_columns(ruled("utilisation", 1.0, PAYS_FOR_THE_TERM))
    return pl.concat([merchant, paid], how="diagonal")


def owned_gpus(core: Core) -> pl.LazyFrame:
    """One row per GPU of known price and server watts, and way of sale: its cost before any place is chosen."""
    known = gpu_watts(core).filter(
        pl.col("purchase_price_usd").is_not_null() & pl.col("server_kw_per_gpu").is_not_null()
    )
    owned = compute(known.with_columns(constants(core, rules.ASSUMPTION_SET, FINANCE)), OF_GPU, reading=PROFESSIONAL)
    return compute(owned.join(sales(core), how="cross"), OF_SALE, reading=PROFESSIONAL)


def places(core: Core) -> pl.LazyFrame:
    """One row per day and market with both a power price and a colocation rate, each with its age."""
    power = (
        core["power_price_asof"]
        .lazy()
        .select(
            "as_of_date",
            pl.col("zone").alias("power_zone"),
            pl.col("sector").alias("power_sector"),
            *carry("price_usd_per_kwh", ends=False),
            pl.col("age_days").alias("power_age_days"),
            pl.col("is_stale").alias("power_is_stale"),
        )
    )
    space = (
        core["colo_rate_asof"]
        .lazy()
        .select(
            "as_of_date",
            pl.col("market").alias("colo_market"),
            *aliased({"rate_usd_per_kw_month": "colo_rate_usd_per_kw_month"}),
            "power_included",
            pl.col("age_days").alias("colo_age_days"),
            pl.col("is_stale").alias("colo_is_stale"),
            pl.col("grade").alias("colo_grade"),
        )
    )
    return (
        core["dim_market"]
        .lazy()
        .select("market", "power_zone", "power_sector", "colo_market")
        .join(power, on=["power_zone", "power_sector"])
        .join(space, on=["as_of_date", "colo_market"])
        # Unknown counts as "not included": a cost too many is safer than one too few. The low end allows the other.
        .with_columns(
            electricity_paid_apart=pl.when(pl.col("power_included") == "yes").then(0.0).otherwise(1.0),
            electricity_paid_apart_low=pl.when(pl.col("power_included") == "unknown").then(0.0),
            electricity_paid_apart_high=pl.lit(None, dtype=pl.Float64),
        )
        .with_columns(because("electricity_paid_apart", ENERGY_APART))
    )


def owned_cost(core: Core) -> pl.LazyFrame:
    """One row per GPU, way of sale, market and day: fixed cost and electricity per hour."""
    return compute(owned_gpus(core).join(places(core), how="cross"), OF_PLACE, reading=PROFESSIONAL)
