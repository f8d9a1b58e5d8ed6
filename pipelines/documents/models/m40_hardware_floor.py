"""M40, the hardware cost floor: maker's markup, fall of rents, an 8-GPU server by the hour.

`professional` takes headline rents of an H100 by provider tier, purchase prices of core.dim_gpu, and the full cost of
an owned GPU-hour (owned_gpu.py) times eight. Not here: margins at those rents (marts.gpu_hour_margin).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import owned_gpu, rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased, carry

MAKER = "m40_maker"
DECLINE = "m40_rent_decline"
SERVER = "m40_server_hour"
NEGOTIATED = "m40_negotiated"
GPU = "H100 SXM"
MAKER_FIGURES = ("maker_markup", "maker_margin_pct")


def observed_maker(core: Core) -> pl.DataFrame:
    """The document's manufacturing cost against the purchase price core knows."""
    prices = (
        core["dim_gpu"].filter(pl.col("gpu") == GPU).select(aliased({"purchase_price_usd": "gpu_retail_price_usd"}))
    )
    return stated(core, MAKER).select("case", *carry("manufacturing_cost_usd", ends=False)).join(prices, how="cross")


def observed_rents(core: Core) -> pl.DataFrame:
    """Headline rents of the newest day, a row per commitment and provider tier, beside the peak and a server's GPUs."""
    rates = core["headline_rate"].filter(pl.col("gpu") == GPU)
    newest = rates.filter(pl.col("as_of_date") == pl.col("as_of_date").max()).select(
        pl.concat_str("commitment", "provider_tier", separator=" | ").alias("case"),
        *aliased({"price_usd_per_gpu_hour": "rent_usd_per_gpu_hour"}),
    )
    peak = stated(core, DECLINE).head(1).select(carry("peak_rent_usd_per_gpu_hour", ends=False))
    gpus = stated(core, SERVER).head(1).select(carry("server_gpus", ends=False))
    return newest.join(peak, how="cross").join(gpus, how="cross")


def owned_server(core: Core) -> pl.DataFrame:
    """Full cost of an hour of the GPU in rented space, a row per market of the newest day."""
    costs = owned_gpu.owned_cost(core).filter((pl.col("gpu") == GPU) & (pl.col("sale") == owned_gpu.MERCHANT))
    rows = costs.collect()
    newest = rows.filter(pl.col("as_of_date") == pl.col("as_of_date").max())
    kept = carry("fixed_cost_usd_per_gpu_hour", "electricity_usd_per_gpu_hour")
    gpus = stated(core, SERVER).head(1).select(carry("server_gpus", ends=False))
    return newest.select(pl.col("market").alias("case"), *kept).join(gpus, how="cross")


def cases(core: Core) -> Iterator[Cases]:
    """What the document states, then the same on observed rents, prices and costs."""
    if stated(core, MAKER).is_empty():
        return
    yield Cases(stated(core, MAKER), MAKER_FIGURES, MAKER)
    yield Cases(stated(core, DECLINE), ("rent_decline_pct",), DECLINE)
    yield Cases(stated(core, SERVER), ("server_hour_usd",), SERVER)
    yield Cases(stated(core, NEGOTIATED), ("negotiated_rent_usd_per_gpu_hour",), NEGOTIATED)
    yield Cases(observed_maker(core), MAKER_FIGURES, "observed", rules.PROFESSIONAL)
    yield Cases(observed_rents(core), ("rent_decline_pct", "rented_server_hour_usd"), "observed", rules.PROFESSIONAL)
    yield Cases(owned_server(core), ("server_full_hour_usd",), "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M40",
    title="Hardware cost floor",
    question="What does an H100 cost to make, to buy, to rent and to run, by the hour of a server of eight?",
    where="004:93-114",
    cases=cases,
    inputs=tuple(dict.fromkeys(("assumption", "dim_gpu", "headline_rate", *owned_gpu.INPUTS))),
    caveats=("I-27", "I-60", "I-61", "I-62"),
    note="The manufacturing cost is the document's in both readings.",
)
