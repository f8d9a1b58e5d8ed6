"""M16, the energy advantage: a kilowatt-month at two prices, a site's year of the difference, and a real tariff.

Not here: a GPU's electricity (m03).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import carry

KW_MONTH, OWNED, SITES, TARIFF = "m16_energy", "m16_owned_energy", "m16_sites", "professional_tariff"
OBSERVED_SECTORS = ("commercial", "industrial")


def observed(core: Core) -> pl.DataFrame:
    """A kilowatt-month of 730 hours at each zone's price of the newest day."""
    prices = newest_day(core)["power_price_asof"].filter(pl.col("sector").is_in(OBSERVED_SECTORS))
    hours = stated(core, KW_MONTH).filter(pl.col("case").str.contains("730")).select(carry("hours_per_month"))
    named = pl.concat_str("zone", "sector", separator=" | ").alias("case")
    return prices.select(named, *carry("price_usd_per_kwh", ends=False)).join(hours, how="cross")


def cases(core: Core) -> Iterator[Cases]:
    """Months of 720 and 730 hours, the printed sites; a two-part tariff; observed prices."""
    month = ("electricity_usd_per_kw_month", "energy_advantage_usd_per_kw_month", "energy_advantage_usd_per_kw_year")
    yield Cases(stated(core, KW_MONTH), (*month, "electricity_share_of_colo_rate_pct"), KW_MONTH)
    yield Cases(stated(core, OWNED), ("electricity_usd_per_kw_month",), OWNED)
    yield Cases(stated(core, SITES), ("site_energy_advantage_usd_per_year",), SITES)
    tariff = ("demand_usd_per_kwh", "tariff_usd_per_kwh", "tariff_usd_per_gpu_hour")
    yield Cases(stated(core, TARIFF), tariff, TARIFF, "professional")
    if not stated(core, KW_MONTH).is_empty():
        yield Cases(observed(core), ("electricity_usd_per_kw_month",), "observed", "professional")


MODEL = Model(
    model_id="M16",
    title="Energy advantage",
    question="What is a cheaper kilowatt-hour worth per kilowatt of a site, and what does a demand charge add?",
    where="000:207,215,247",
    cases=cases,
    inputs=("assumption", "power_price_asof"),
    caveats=("I-34", "I-36"),
    note=(
        "The printed advantage takes a load of 100% and no PUE. A tariff has two parts: energy on what is drawn, "
        "demand on what is provisioned; the charge and load factor here are a worked example, not an observation."
    ),
)
