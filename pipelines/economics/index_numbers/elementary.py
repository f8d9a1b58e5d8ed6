"""Bilateral price indices that need no quantities, for every pair of periods at once.

Over the n items priced in both s and t (CPI Manual 2020, ch. 8; PPI Manual 2004, ch. 20):

    Carli     (1/n) sum p_t / p_s
    harmonic  1 / ((1/n) sum p_s / p_t)
    CSWD      sqrt(Carli x harmonic), Carruthers, Sellwood, Ward and Dalen
    Dutot     sum p_t / sum p_s: not invariant to the units of items
    Jevons    prod (p_t / p_s)^(1/n)

Each returns log links (s, t), dimensionless, NaN where no item is priced in both. Not here: weights by value
(weighted.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.panel import Matrix, Panel


def log_ratio(above: Matrix, below: Matrix) -> Matrix:
    """ln(above / below) where both are positive, else NaN: an empty sum compares nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((above > 0) & (below > 0), np.log(above) - np.log(below), np.nan)


def inverse_price(panel: Panel) -> Matrix:
    """1 / price, 0 where there is none."""
    return np.asarray(np.exp(-panel.log_price) * panel.present)


def jevons(panel: Panel) -> Matrix:
    """Ln P_J(s,t): geometric mean of price relatives, antisymmetric (time reversal)."""
    weighted = panel.present * panel.weight[:, None]
    later = weighted.T @ panel.log_price
    matched = panel.matched()
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(matched > 0, (later - later.T) / matched, np.nan)


def carli(panel: Panel) -> Matrix:
    """Ln of the arithmetic mean of price relatives. Not antisymmetric: there and back is above 1 (upward bias)."""
    relatives = (inverse_price(panel) * panel.weight[:, None]).T @ panel.price
    return log_ratio(relatives, panel.matched())


def harmonic(panel: Panel) -> Matrix:
    """Ln of the harmonic mean of price relatives: Carli from t to s, turned round."""
    return -carli(panel).T


def cswd(panel: Panel) -> Matrix:
    """Ln of the geometric mean of Carli and harmonic: antisymmetric."""
    links = carli(panel)
    return (links - links.T) / 2


def dutot(panel: Panel) -> Matrix:
    """Ln of the ratio of mean prices of matched items: antisymmetric."""
    total = (panel.present * panel.weight[:, None]).T @ panel.price
    return log_ratio(total, total.T)
