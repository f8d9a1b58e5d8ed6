"""The price index between two periods, for every pair of periods at once, as a matrix of log links.

Jevons, the geometric mean of price relatives: P_J(s,t) = prod_i (p_it / p_is)^(1/n) over the items priced in both
periods (PPI Manual 2004, 9.30). A matrix of links is antisymmetric (time reversal); NaN where no item is priced in
both periods: no item, no link, and nothing is imputed.

Not here: what is made of the links (chaining.py, multilateral.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.panel import Matrix, Panel


def jevons(panel: Panel) -> Matrix:
    """Ln P_J(s,t): rows s, columns t, dimensionless. Items count by the panel's weights, 1 each by default."""
    weighted = panel.present * panel.weight[:, None]
    later = weighted.T @ panel.log_price
    matched = panel.matched()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(matched > 0, (later - later.T) / matched, np.nan)
