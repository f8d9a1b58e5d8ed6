"""A file of no rows: gives a view of schema `landing` its columns where nothing has landed.

Not here: the views (family_views.py, loaded_views.py).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.contract import Contract


def no_rows(contract: Contract, path: Path, piled: bool) -> Path:
    """Write the file in the shape of accepted rows; `piled`: with the group and day of the look that shows them."""
    texts = ["observation_id", "source_id", "payload_sha256", *(["capture_group"] if piled else [])]
    frame = contract.empty().with_columns(*[pl.lit(None, dtype=pl.String).alias(c) for c in texts])
    if piled:
        frame = frame.with_columns(pl.lit(None, dtype=pl.Date).alias("look_date"))
    frame.clear().write_parquet(path)
    return path
