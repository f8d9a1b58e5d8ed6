"""M12, margin by business model: letting GPUs against managed inference, the premium between them, what a mix is worth.

Not here: the tokens' price and cost per GPU-hour (M10, marts.token_margin), the energy delta (megawatt.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit import owned_gpu, rents, rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased, carry
from pipelines.marts import revenue_per_mw

HOURS = "m12_model_hours"
PREMIUM = "m12_premium"
MIX = "m12_mix"
MANAGED_COMMITMENT = "serverless"
RAW_COMMITMENT = "spot"
ALL_PROVIDERS = "all"


def cases(core: Core) -> Iterator[Cases]:
    """The document's three models, its two premiums and its mix; then the premium on today's headline rents."""
    yield Cases(stated(core, HOURS), ("model_rental_usd_per_hour", "managed_revenue_multiple"), HOURS)
    premium = ("managed_premium_pct", "software_spread_usd_per_gpu_hour")
    yield Cases(stated(core, PREMIUM), premium, PREMIUM)
    yield Cases(stated(core, MIX), ("blended_margin_pct", "blended_revenue_multiple"), MIX)
    newest = newest_day(core)
    yield Cases(headlines(newest), premium, "observed", rules.PROFESSIONAL)
    yield Cases(served_hours(newest), ("managed_revenue_multiple",), "observed", rules.PROFESSIONAL)
    yield Cases(let_hours(newest), ("gross_margin_pct",), "observed", rules.PROFESSIONAL)


def headlines(core: Core) -> pl.DataFrame:
    """One row per GPU let on demand, by use and on spot: the three headline rents over all providers."""
    rates = core["headline_rate"].filter(pl.col("provider_tier") == ALL_PROVIDERS)

    def rent(commitment: str, name: str) -> pl.DataFrame:
        of_it = rates.filter(pl.col("commitment") == commitment)
        return of_it.select("gpu", *aliased({"price_usd_per_gpu_hour": name})).cast(
            {f"{name}{end}": pl.Float64 for end in ("", "_low", "_high")}
        )

    return (
        rent(MANAGED_COMMITMENT, "managed_usd_per_gpu_hour")
        .join(rent(rules.SERVING_COMMITMENT, "rental_usd_per_gpu_hour"), on="gpu")
        .join(rent(RAW_COMMITMENT, "raw_usd_per_gpu_hour"), on="gpu", how="left")
        .rename({"gpu": "case"})
        .sort("case")
    )


def on_demand(core: Core) -> pl.DataFrame:
    """One row per GPU: its on-demand headline over all providers."""
    let = rents.rents(core).filter(
        (pl.col("rent_basis") == rules.SERVING_RENT_BASIS) & (pl.col("commitment") == rules.SERVING_COMMITMENT)
    )
    return let.select("gpu", "sale", *carry("price_usd_per_gpu_hour")).collect()


def served_hours(core: Core) -> pl.DataFrame:
    """One row per GPU, profile, model and blend: what its hour earns as tokens, and the rent of the same GPU.

    Output alone is a floor: no benchmark reports what the input it read would have been sold for.
    """
    earned = revenue_per_mw.managed(core).select(
        "gpu", "throughput_profile", "blend", *aliased({"price_usd_per_gpu_hour": "managed_revenue_usd_per_hour"})
    )
    rent = on_demand(core).select("gpu", *aliased({"price_usd_per_gpu_hour": "model_rental_usd_per_hour"}))
    return (
        earned.collect()
        .join(rent, on="gpu")
        .with_columns(case=pl.concat_str("gpu", "throughput_profile", "blend", separator=" | "))
        .sort("case")
    )


def let_hours(core: Core) -> pl.DataFrame:
    """One row per GPU of known cost: the rent and cost of its sold hour at an average US site."""
    cost = ("fixed_cost_usd_per_gpu_hour", "electricity_usd_per_gpu_hour")
    owned = owned_gpu.owned_cost(core).filter(pl.col("market") == rules.SERVING_MARKET)
    paid = owned_gpu.sales(core).collect()
    return (
        on_demand(core)
        .join(owned.select("gpu", "sale", *carry(*cost)).collect(), on=["gpu", "sale"])
        .join(paid, on="sale")
        .with_columns(case=pl.format("{} | let on demand", "gpu"))
        .sort("case")
    )


MODEL = Model(
    model_id="M12",
    title="Margin and value by business model",
    question="What do managed inference and letting GPUs earn on the same hardware, and what is a mix of them worth?",
    where="000:107-113,148-190",
    cases=cases,
    inputs=revenue_per_mw.INPUTS,
    caveats=("I-05", "I-23", "I-53"),
    note=(
        "Observed: the headline of sellers of GPU time by use over the on-demand headline of the same GPU; the two "
        "are medians over different sellers. What an hour earns as tokens is measured throughput at list prices in "
        "every hour in use; where input speed is unknown it is a floor. Revenue multiples are the document's own."
    ),
)
