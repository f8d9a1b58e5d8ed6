"""Which rows and figures of which marts a scenario is told by when nobody asks for others.

A few GPUs in one market at the overall headline: what a reader compares first. Not here: marts, and their other rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core
from pipelines.marts.rack_hour_factory import DOCUMENT_SET, MIXES

GPUS = ("H100 SXM", "H200", "B200", "GB200")
SERVING_GPU = "B200"
MODELS = ("deepseek-r1", "llama-3.1-8b")
FACTORY_MODEL = "gpt-5.5"
PROFILE = "mlperf_server"
MARKET = rules.SERVING_MARKET


@dataclass(frozen=True)
class Headline:
    """Rows of a mart, as values of its columns, and the figures told of each."""

    where: dict[str, tuple[object, ...]]
    figures: tuple[str, ...]
    reading: str = field(default=rules.PROFESSIONAL)

    def rows(self, table: pl.DataFrame) -> pl.DataFrame:
        """The headline rows of the mart's table."""
        return table.filter(
            pl.col("reading") == self.reading, *[pl.col(name).is_in(values) for name, values in self.where.items()]
        )


HEADLINES = {
    "buy_vs_rent": Headline(
        {
            "gpu": GPUS,
            "market": (MARKET,),
            "financing": ("capital_recovery_base",),
            "residual": ("20%",),
            "rent_basis": (rules.SERVING_RENT_BASIS,),
        },
        ("owned_usd_per_gpu_hour", "breakeven_utilisation_pct", "breakeven_utilisation_falling_rents_pct"),
    ),
    "gpu_hour_margin": Headline(
        {
            "gpu": GPUS,
            "market": (MARKET,),
            "commitment": (rules.SERVING_COMMITMENT,),
            "rent_basis": (rules.SERVING_RENT_BASIS,),
        },
        ("total_cost_usd_per_gpu_hour", "gross_margin_pct", "first_year_rent_needed_usd_per_gpu_hour"),
    ),
    "token_margin": Headline(
        {
            "gpu": (SERVING_GPU,),
            "cost_stack": (rules.OWNED_COLO, rules.RENTED_HEADLINE),
            "processing": (rules.MEGAWATT_TOKEN_PROCESSING,),
            "throughput_profile": (PROFILE,),
            "model": MODELS,
        },
        ("blended_price_usd_per_mtok", "blended_cost_usd_per_mtok", "gross_margin_pct"),
    ),
    "revenue_per_mw": Headline(
        {
            "gpu": GPUS,
            "market": (MARKET,),
            "mw_basis": ("it",),
            "rent_basis": (rules.SERVING_RENT_BASIS,),
            "business_model": ("rental_on_demand",),
        },
        ("revenue_usd_per_mw_year", "cost_usd_per_mw_year", "gross_profit_usd_per_mw_year"),
    ),
    "rack_hour_factory": Headline(
        {
            "scenario": tuple(f"GB200 {rules.SERVING_RENT_BASIS}, {FACTORY_MODEL}, {mix}" for mix in MIXES),
            "tokens_per_s_per_rack": (25_000.0, 50_000.0, 100_000.0, 200_000.0),
            "inference_share": (0.5,),
        },
        ("revenue_usd", "factory_contribution_usd", "breakeven_tokens_per_s_per_rack", "decline_to_breakeven_pct"),
    ),
}


_KEPT: dict[str, tuple[str, tuple[str, ...]]] = {
    "dim_gpu": ("gpu", GPUS),
    "dim_market": ("market", (MARKET,)),
    "headline_rate": ("gpu", GPUS),
    "throughput_median": ("model", MODELS),
    "throughput_profile": ("model", MODELS),
    "token_price_asof": ("model", (*MODELS, FACTORY_MODEL)),
}


def narrowed(core: Core) -> dict[str, pl.DataFrame]:
    """Core with the rows the headline rows stand on, of its newest day: the same figures for a fraction of the work."""
    newest = core["calendar"]["as_of_date"].max()
    kept = {}
    for name, table in core.items():
        if "as_of_date" in table.columns:
            table = table.filter(pl.col("as_of_date") == newest)
        if name in _KEPT:
            column, values = _KEPT[name]
            table = table.filter(pl.col(column).is_in(values))
        if name == "assumption":
            # The documents' own rows are of no headline; a set that is not there gives none, as on an early day.
            published = pl.col("assumption_set").str.starts_with("document_") | (
                pl.col("assumption_set") == DOCUMENT_SET
            )
            table = table.filter(~published)
        kept[name] = table
    return kept
