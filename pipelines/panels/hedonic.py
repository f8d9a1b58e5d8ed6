"""Every panel that a hedonic deflator is made of, of GPUs and of tokens.

Not here: the panels' shape (hedonic_panel.py), the regression (index_numbers/hedonic.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from pipelines.panels.hedonic_gpus import gpu_panels
from pipelines.panels.hedonic_panel import HedonicPanel
from pipelines.panels.hedonic_tokens import token_panels
from pipelines.panels.index_rules import rule
from pipelines.panels.whole_families import whole_families


def hedonic_panels(core: Mapping[str, pl.DataFrame]) -> list[HedonicPanel]:
    """Every panel, in the order of their segments' names."""
    prices = whole_families(core)
    window = int(rule(core, "window_months"))
    made = [replace(found, window=window) for found in (*gpu_panels(core, prices), *token_panels(core, prices))]
    return sorted(made, key=lambda found: found.segment)
