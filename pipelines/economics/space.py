"""Space for a GPU in somebody's data centre, billed as the trade bills it: by contracted kW and month.

Not here: the documents' way of billing (published.py), electricity (power.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.hours import HOURS_PER_MONTH


@formula(unit="usd/gpu_hour", source="M05; document 000:57-58, billed on contracted server kW (ledger I-13)")
def facility_usd_per_gpu_hour(colo_rate_usd_per_kw_month: pl.Expr, server_kw_per_gpu: pl.Expr) -> pl.Expr:
    """Colocation rate x server kW / 730: colocation is contracted by the kW of the load, whether used or not."""
    return colo_rate_usd_per_kw_month * server_kw_per_gpu / HOURS_PER_MONTH
