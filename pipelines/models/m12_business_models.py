"""M12, margin by business model: letting GPUs against managed inference, the premium between them, what a mix is worth.

Not here: the tokens' price and cost per GPU-hour (M10, marts.token_margin), the energy delta (megawatt.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.marts import rules
from pipelines.marts.assumed import Core
from pipelines.marts.carry import aliased
from pipelines.models.model import Cases, Model, stated
from pipelines.models.newest import newest_day

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
    yield Cases(headlines(newest_day(core)), premium, "observed", rules.PROFESSIONAL)


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


MODEL = Model(
    model_id="M12",
    title="Margin and value by business model",
    question="What do managed inference and letting GPUs earn on the same hardware, and what is a mix of them worth?",
    where="000:107-113,148-190",
    cases=cases,
    inputs=("assumption", "headline_rate"),
    caveats=("I-05", "I-23", "I-53"),
    note=(
        "Observed: the headline of sellers of GPU time by use over the on-demand headline of the same GPU; the two "
        "are medians over different sellers. Revenue multiples are the document's and nobody here observes them."
    ),
)
