"""An hour of a GPU beside the tokens it makes: list prices at measured throughput against rented and owned hours.

What compute_spread and self_host_vs_api stand on: one row per day, provider, model, GPU, profile, blend and rent
basis, before any figure. An hour here is one in use: what idle hours cost is each mart's own matter.

Not here: margins per cost stack with utilisation (token_margin.py), batch prices.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.trace import HOW
from pipelines.mart_kit import evidence, owned_gpu, rents, rules, served
from pipelines.mart_kit.assumed import Core
from pipelines.mart_kit.carry import aliased, ruled
from pipelines.mart_kit.schema import Column, day, label

INPUTS = tuple(dict.fromkeys(served.INPUTS + rents.INPUTS + owned_gpu.INPUTS))
KEY = ("as_of_date", "gpu", "model", "provider", "throughput_profile", "blend", "rent_basis", "reading")

PROMPTS_UNPAID = (
    "output alone: the prompts of the benchmark are read within the measured time and billed to nobody; where they are "
    "long (llama-3.1-405b) most of the revenue is missing"
)

_COST = ("fixed_cost_usd_per_gpu_hour", "electricity_usd_per_gpu_hour")
_AGES = ("rent_", *evidence.OF_PLACE)

KEYS: tuple[Column, ...] = (
    day("as_of_date", "Month end or as-of day the row holds for; the document's date for as_published."),
    label("gpu", "GPU whose hours make the tokens, whatever the provider uses. See core.dim_gpu."),
    label("model", "Model served. See core.dim_model."),
    label("provider", "Whose list price the tokens are valued at; unspecified where a document names nobody."),
    label("throughput_profile", "How the tokens per second were measured or stated.", enumerated=True),
    label("blend", "How GPU-time divides between input and output.", enumerated=True),
    label("rent_basis", "What an hour costs: a headline rent on demand, or a GPU owned.", enumerated=True),
    label("reading", "as_published or professional.", enumerated=True),
)


def prompts_are_unpaid() -> pl.Expr:
    """Whether prompts were read within the measured time without being counted: their speed is not reported."""
    return pl.col("input_tokens_per_s_per_gpu").is_null()


def hour_costs(core: Core) -> pl.LazyFrame:
    """One row per day, GPU and rent basis: what an hour costs fixed, and in electricity while it is used."""
    rented = (
        rents.rents(core)
        .filter(pl.col("commitment") == rules.SERVING_COMMITMENT)
        # The rent is paid for every hour, and its electricity is within it.
        .with_columns(
            *aliased({"price_usd_per_gpu_hour": "fixed_cost_usd_per_gpu_hour"}),
            *ruled("electricity_usd_per_gpu_hour", 0.0, "a rented GPU's electricity is in its rent"),
        )
    )
    owned = (
        owned_gpu.owned_cost(core)
        .filter((pl.col("market") == rules.SERVING_MARKET) & (pl.col("sale") == owned_gpu.MERCHANT))
        .with_columns(rent_basis=pl.lit(rules.OWNED_COLO))
    )
    return pl.concat([rented.select(_carried(rented)), owned.select(_carried(owned))], how="diagonal")


def _carried(frame: pl.LazyFrame) -> list[str]:
    names = frame.collect_schema().names()
    wanted = ("as_of_date", "gpu", *_AGES, *_COST)
    return [name for name in names if name.removeprefix(HOW).startswith(wanted) and "rent_decline" not in name]


def frame(core: Core) -> pl.LazyFrame:
    """Every standard list price on every GPU its model was measured on and whose hour has a cost on the day."""
    return (
        served.list_prices(core)
        .filter(pl.col("processing") == rules.MEGAWATT_TOKEN_PROCESSING)
        .join(served.serving(core), on=["as_of_date", "model"])
        # A blend with input needs a price for it.
        .filter((pl.col("blend") == rules.OUTPUT_ONLY) | pl.col("input_price_usd_per_mtok").is_not_null())
        .join(hour_costs(core), on=["as_of_date", "gpu"])
        .with_columns(
            reading=pl.lit(rules.PROFESSIONAL),
            note=pl.when(prompts_are_unpaid()).then(pl.lit(PROMPTS_UNPAID)),
        )
    )
