"""M03, facility power: watts of a GPU at server and meter, its electricity, and what cheap energy saves.

Not here: demand charges and what a PUE is worth to a facility.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit import owned_gpu, rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased, renamed

GRID = "m03_grid_power"
OWN_ENERGY = "m03_own_energy"
CHIP = "m03_chip_power"
WATTS = ("server_w_per_gpu", "server_kw_per_gpu", "facility_kw_per_gpu")
BILL = ("electricity_usd_per_gpu_hour", "hours_in_use_per_year", "electricity_usd_per_gpu_year")
SAVING = (
    "electricity_saving_usd_per_gpu_hour",
    "electricity_saving_usd_per_gpu_year",
    "fleet_electricity_saving_usd_per_year",
)
CURRENCY = (
    "contract_price_index",
    "exchange_rate_index",
    "usd_price_index",
    "exchange_rate_share_of_change_pct",
)
MONTHS_BACK = (12, 60)
SECTOR = "day_ahead"


def cases(core: Core) -> Iterator[Cases]:
    """The documents' servers at their two prices; recorded servers at each market's price; power sold in euros."""
    yield Cases(stated(core, GRID), (*WATTS, *BILL, *SAVING), GRID)
    yield Cases(stated(core, OWN_ENERGY), BILL, OWN_ENERGY)
    yield Cases(stated(core, CHIP), ("electricity_usd_per_gpu_hour", "fleet_electricity_usd_per_year"), CHIP)
    today = newest_day(core)
    hours = owned_gpu.owned_cost(today).filter(pl.col("sale") == owned_gpu.MERCHANT)
    named = hours.with_columns(case=pl.concat_str("gpu", "market", separator=" | ")).collect()
    yield Cases(named, (*WATTS[1:], "electricity_usd_per_gpu_hour"), "observed", rules.PROFESSIONAL)
    yield Cases(currency(core), CURRENCY, "observed", rules.PROFESSIONAL)


def currency(core: Core) -> pl.DataFrame:
    """Each zone whose wholesale price is in another currency: its last month beside the same month of earlier years."""
    monthly = core["fct_power_price"].filter(
        (pl.col("sector") == SECTOR) & pl.col("fx_rate").is_not_null() & (pl.col("original_price") > 0)
    )
    prices = monthly.select(
        "zone",
        pl.col("interval_start").alias("month"),
        *aliased({"original_price": "contract_price", "fx_rate": "usd_per_unit"}),
    ).with_columns(pl.col("contract_price", "usd_per_unit").cast(pl.Float64))
    last = prices.filter(pl.col("month") == pl.col("month").max().over("zone"))
    parts = []
    for months in MONTHS_BACK:
        earlier = {"contract_price": "contract_price_before", "usd_per_unit": "usd_per_unit_before"}
        before = renamed(prices, earlier).with_columns(pl.col("month").dt.offset_by(f"{months}mo"))
        joined = last.join(before, on=["zone", "month"])
        parts.append(
            joined.with_columns(
                case=pl.format(
                    "{} power, {} months to {}", "zone", pl.lit(months), pl.col("month").dt.strftime("%Y-%m")
                )
            )
        )
    return pl.concat(parts)


MODEL = Model(
    model_id="M03",
    title="Facility power",
    question="How much power does a GPU take at the meter, and what does it cost in an hour and a year?",
    where="000:24,30-43",
    cases=cases,
    inputs=(*owned_gpu.INPUTS, "fct_power_price"),
    caveats=("I-06", "I-07"),
    note=(
        "Euro prices are split into the price in euros and the exchange rate. 85% of hours in use is the document's "
        "assumption; nobody publishes it."
    ),
)
