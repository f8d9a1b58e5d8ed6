"""C2, break-even of buying and renting: the share of hours a GPU must be used before owning it is cheaper.

Not here: every GPU, market and day (marts.buy_vs_rent).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit import rents, rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.marts import buy_vs_rent

SIMPLE = ("capital_charge_usd_per_gpu_year", "capital_charge_usd_per_gpu_hour", "fully_loaded_usd_per_gpu_hour")
BREAKEVEN = "simple_breakeven_utilisation_pct"
FULL = ("charged_capital_usd_per_gpu_hour", "charged_fixed_usd_per_gpu_hour", "full_breakeven_utilisation_pct")
RECOVERY = "c2_capital_recovery"
FALLING = "c2_falling_rents"
OBSERVED = (
    "owned_usd_per_gpu_hour",
    "breakeven_utilisation_pct",
    "level_rent_usd_per_gpu_hour",
    "breakeven_utilisation_falling_rents_pct",
    "breakeven_utilisation_after_tax_pct",
    "owning_saves_usd_per_used_gpu_hour",
)
DISPERSION = (*(f"rent_{end}_usd_per_gpu_hour" for end in rents.QUANTILES), "rent_p90_over_p10")


def cases(core: Core) -> Iterator[Cases]:
    """The documents' simple form and its variants, the annuity and falling rents; observed rents of the newest day."""
    yield Cases(stated(core, "c2_breakeven"), (*SIMPLE, BREAKEVEN), "c2_breakeven")
    yield Cases(stated(core, "c2_other_stacks"), (BREAKEVEN,), "c2_other_stacks")
    yield Cases(stated(core, "c2_residual_value"), ("residual_value_usd",), "c2_residual_value")
    yield Cases(stated(core, "c2_extra_interest"), ("extra_interest_usd_per_year",), "c2_extra_interest")
    yield Cases(buy_vs_rent.full_form(core), FULL, "c2_full_form")
    recovery = stated(core, RECOVERY)
    yield Cases(recovery, ("capital_usd_per_gpu_hour", "charged_capital_usd_per_gpu_hour"), RECOVERY)
    annuity = ("capital_usd_per_gpu_hour", "monthly_capital_usd_per_gpu_hour")
    yield Cases(recovery, annuity, RECOVERY, rules.PROFESSIONAL)
    falling = ("first_year_capital_usd_per_gpu_hour", "falling_rent_factor", "level_rent_usd_per_gpu_hour")
    yield Cases(stated(core, FALLING), falling, FALLING, rules.PROFESSIONAL)
    rows = buy_vs_rent.professional(newest_day(core)).filter(
        (pl.col("market") == rules.SERVING_MARKET) & (pl.col("residual") == buy_vs_rent.BASE_RESIDUAL)
    )
    named = rows.with_columns(case=pl.concat_str("gpu", "rent_basis", "financing", separator=" | ")).collect()
    yield Cases(named, OBSERVED, "observed", rules.PROFESSIONAL)
    quotes = buy_vs_rent.offers(newest_day(core)).join(named.lazy(), on=["gpu", "rent_basis"], how="semi")
    spread = quotes.with_columns(case=pl.concat_str("gpu", "rent_basis", separator=" | ")).collect()
    yield Cases(spread, DISPERSION, "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="C2",
    title="Break-even of buying and renting",
    question="From which share of hours in use is a bought GPU cheaper than a rented one?",
    where="001:272-288; 000:193-203",
    cases=cases,
    inputs=buy_vs_rent.INPUTS,
    caveats=("I-03", "I-04", "I-43"),
    note=(
        "The documents charge capital on the full price beside a straight line and take 1.10 as given; the "
        "professional reading recovers capital with an annuity and lets rents fall."
    ),
)
