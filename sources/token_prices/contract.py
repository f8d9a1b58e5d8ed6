"""The contracts of token prices: prices by provider, model, kind of token, processing, tier and spell; models.

Not here: whether a price of zero is free, unknown or not offered, how far a price lies from others of its kind
(staging judges both, where it can be read in SQL), canonical names.
"""

from __future__ import annotations

import datetime as dt

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, Unit, field

MODALITIES = ("text", "audio", "image", "video")
TOKEN_KINDS = (
    "input",
    "cached_input",
    "output",
    "cache_write",
    "cache_write_5m",
    "cache_write_1h",
    "cache_write_12h",
    *(f"input_{modality}" for modality in MODALITIES),
    *(f"cached_{modality}" for modality in MODALITIES),
    *(f"cache_write_{modality}" for modality in MODALITIES),
    *(f"output_{modality}" for modality in MODALITIES),
    "input_tool",
    "output_reasoning",
    "output_citation",
    "unspecified",
)
PROCESSINGS = ("standard", "off_peak", "batch", "flex", "priority", "fast")
PRICE_UNITS = ("usd_per_mtok", "usd_per_token")
WEIGHTS = ("open", "closed")

# The dearest list prices seen anywhere are o1-pro's: 150 USD/Mtok in, 600 out. Prices of 500, 3,200 and 135,000 stood
# for months in public lists, all unit errors. Above two and a half times the dearest a row is one until a person
# says otherwise.
HIGHEST_USD_PER_MTOK_IN = 375.0
HIGHEST_USD_PER_MTOK_OUT = 1500.0


class TokenPrice(Observation):
    """A list price in the publisher's own labels and unit."""

    provider_label: str = field(unit=None, description="Who charges.", str_length={"min_value": 1})
    model_label: str = field(
        unit=None,
        description="Model as the publisher names it; a list's own format example is no model.",
        str_length={"min_value": 1},
        notin=["sample_spec"],
    )
    model_name: str = field(unit=None, description="Display name, where there is one.", nullable=True)
    price: float = field(unit="USD", description="Price in price_unit; below zero is a code, not a price.", ge=0)
    price_unit: str = field(unit=None, description="Unit of the price.", isin=PRICE_UNITS)
    currency: str = field(unit=None, description="Currency of the price.", eq="USD")
    token_kind: str = field(unit=None, description="What is counted.", isin=TOKEN_KINDS)
    processing: str = field(unit=None, description="How fast it is served.", isin=PROCESSINGS)
    tier: str = field(
        unit=None,
        description="Context tier: base, or above_<tokens>; before it a route or option priced apart.",
        str_matches=r"^(base|above_\d+|[a-z_]+ \S+( above_\d+)?)$",
    )

    @pa.dataframe_check(name="price_at_most_375_usd_per_mtok_in_and_1500_out")
    def _price_is_possible(cls, data: pa.PolarsData) -> pl.LazyFrame:
        tokens = pl.when(pl.col("price_unit") == "usd_per_token").then(1e6).otherwise(1.0)
        is_in = pl.col("token_kind").str.contains("^(input|cache)")
        highest = pl.when(is_in).then(HIGHEST_USD_PER_MTOK_IN).otherwise(HIGHEST_USD_PER_MTOK_OUT)
        return data.lazyframe.select((pl.col("price") * tokens <= highest).fill_null(True))


class ModelStatement(Observation):
    """What a public list of models says about one of them: when it came out, whether its weights are open."""

    model_label: str = field(unit=None, description="Name, lower case, no vendor.", str_length={"min_value": 1})
    release_date: dt.date = field(unit=None, description="Day it was released.", nullable=True)
    weights: str = field(unit=None, description="Whether its weights are open.", nullable=True, isin=WEIGHTS)

    @pa.dataframe_check(name="says_something")
    def _says_something(cls, data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col("release_date").is_not_null() | pl.col("weights").is_not_null())


CONTRACTS = {
    "observation": Contract(
        TokenPrice,
        item=("provider_label", "model_label", "token_kind", "processing", "tier"),
        figure=("price", "price_unit"),
        price_units=(Unit("usd_per_token", to="usd_per_mtok", multiply_by=1e6),),
    ),
    "model_statement": Contract(ModelStatement),
}
