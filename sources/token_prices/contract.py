"""The contract of token prices: one row per provider, model, kind of token, processing and context tier.

Not here: whether a price of zero is free, unknown or not offered (staging's), canonical names.
"""

from __future__ import annotations

from sources.contract import Contract, Observation, field

TOKEN_KINDS = (
    "input",
    "cached_input",
    "output",
    "cache_write",
    "cache_write_1h",
    "input_audio",
    "input_image",
    "input_video",
    "cached_audio",
    "cached_image",
    "output_audio",
    "output_image",
    "output_video",
    "output_citation",
    "output_reasoning",
)
PROCESSINGS = ("standard", "off_peak", "batch", "flex", "priority", "fast")
PRICE_UNITS = ("usd_per_mtok", "usd_per_token")

# The dearest list price seen anywhere is 600 USD/Mtok (o1-pro output); a provider's row at 135,000 was a unit
# error that stood for 11 months. Above this bound a row is a unit error until a person says otherwise.
HIGHEST_USD = 1500.0


class TokenPrice(Observation):
    """A list price in the publisher's own labels and unit."""

    provider_label: str = field(unit=None, description="Who charges.", str_length={"min_value": 1})
    model_label: str = field(unit=None, description="Model as the publisher names it.", str_length={"min_value": 1})
    model_name: str = field(unit=None, description="Display name, where there is one.", nullable=True)
    token_kind: str = field(unit=None, description="What is counted.", isin=TOKEN_KINDS)
    processing: str = field(unit=None, description="How fast it is served.", isin=PROCESSINGS)
    tier: str = field(unit=None, description="Context tier: base, or above_<tokens>.", str_length={"min_value": 1})
    price: float = field(unit="USD", description="Price in price_unit.", ge=0, le=HIGHEST_USD)
    price_unit: str = field(unit=None, description="Unit of the price.", isin=PRICE_UNITS)
    currency: str = field(unit=None, description="Currency of the price.", eq="USD")


CONTRACTS = {"observation": Contract(TokenPrice)}
