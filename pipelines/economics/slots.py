"""GPU slots of a megawatt, unrounded. Not here: the documents' whole GPUs (published.py), what a MW earns."""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula

KW_PER_MW = 1000.0


@formula(unit="gpu/MW", source="M11; document 000:99")
def gpus_per_mw(basis_kw_per_gpu: pl.Expr) -> pl.Expr:
    """1000 kW over the kW of one GPU slot on the row's basis."""
    return KW_PER_MW / basis_kw_per_gpu
