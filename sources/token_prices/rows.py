"""The columns of a price row as token connectors hand it to the contract, in their order.

Not here: what a column means or must be (contract.py).
"""

from __future__ import annotations

import polars as pl

COLUMNS = (
    "provider_label",
    "model_label",
    "model_name",
    "token_kind",
    "processing",
    "tier",
    "price",
    "price_unit",
    "currency",
    "valid_from",
    "valid_to",
    "known_from",
    "known_basis",
    "last_observed",
    "observation_count",
    "grade",
    "citation",
    "note",
    "parse_error",
)
_TYPES = {"valid_from": pl.Date(), "valid_to": pl.Date(), "known_from": pl.Date(), "last_observed": pl.Date()}
SCHEMA: dict[str, pl.DataType] = {
    **{name: _TYPES.get(name, pl.String()) for name in COLUMNS},
    "observation_count": pl.Int64(),
}
