"""Bilateral indices whose weights no product of matrices gives: one pair of periods after another, all items at once.

Shares w are of expenditure over the items priced in both periods.

    Sato-Vartia      prod (p_t / p_s)^(m_i), m_i = L(w_s, w_t) / sum L(w_s, w_t), L(a, b) = (a - b) / (ln a - ln b),
                     the logarithmic mean (Sato 1976, Vartia 1976)
    Geary-Khamis     sum p_t h / sum p_s h, h = q_s q_t / (q_s + q_t) (Geary 1958, Khamis 1972)
    time product     exp(d), d = sum h r / sum h with r = ln(p_t / p_s) and h = w_s w_t / (w_s + w_t): the least squares
    dummy            fit of ln p = d_t + g_i by shares (Diewert 2005, Rao 2005)

Each returns log links (s, t), dimensionless, NaN where there is no matched item of positive weight. Raises ValueError
where the panel has no quantities. Not here: what products of matrices give (weighted.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector


def sato_vartia(panel: Panel) -> Matrix:
    """Ln P_SV(s,t): antisymmetric. An item not bought in one of the two periods has no weight (the limit of L)."""
    value = panel.bought("sato_vartia") * panel.price
    return _antisymmetric(
        panel, lambda s, t, both: _weighted_change(panel, s, t, _log_mean(*_shares(value, s, t, both)), both)
    )


def gk_bilateral(panel: Panel) -> Matrix:
    """Ln P_GK(s,t): the basket of harmonic means; antisymmetric."""
    quantity, price = panel.bought("gk_bilateral"), panel.price

    def link(s: int, t: int, both: Vector) -> float:
        basket = _harmonic(quantity[:, s], quantity[:, t]) * both
        below = float(basket @ price[:, s])
        return float(np.log(basket @ price[:, t] / below)) if below > 0 else float("nan")

    return _antisymmetric(panel, link)


def tpd_bilateral(panel: Panel) -> Matrix:
    """Ln of the time product dummy index of the two periods alone: antisymmetric."""
    value = panel.bought("tpd_bilateral") * panel.price
    return _antisymmetric(
        panel, lambda s, t, both: _weighted_change(panel, s, t, _harmonic(*_shares(value, s, t, both)), both)
    )


def tpd_bilateral_corrected(panel: Panel) -> Matrix:
    """The same less half the variance of d (Kennedy 1981), with sigma^2 = sum h (r - d)^2 / (n - 1): not antisymmetric.

    NaN where only one item is matched, whose variance nobody knows.
    """
    value = panel.bought("tpd_bilateral_corrected") * panel.price
    estimate = tpd_bilateral(panel)

    def half_variance(s: int, t: int, both: Vector) -> float:
        weight = _harmonic(*_shares(value, s, t, both))
        fitted = weight > 0
        if fitted.sum() < 2:
            return float("nan")
        residual = (panel.log_price[:, t] - panel.log_price[:, s] - estimate[s, t])[fitted]
        return float((weight[fitted] @ residual**2) / (fitted.sum() - 1) / weight.sum() / 2)

    half = _pairs(panel, half_variance)
    half = np.fmax(half, half.T)
    np.fill_diagonal(half, 0.0)
    return estimate - half


def _pairs(panel: Panel, link: Callable[[int, int, Vector], float]) -> Matrix:
    """The links above the diagonal, NaN elsewhere."""
    links = np.full((panel.periods, panel.periods), np.nan)
    for s in range(panel.periods):
        for t in range(s + 1, panel.periods):
            links[s, t] = link(s, t, panel.present[:, s] * panel.present[:, t])
    return links


def _antisymmetric(panel: Panel, link: Callable[[int, int, Vector], float]) -> Matrix:
    """All links from those above the diagonal; 0 on it where the period has a price."""
    above = np.nan_to_num(_pairs(panel, link), nan=np.inf)
    links = np.where(np.isinf(above), -above.T, above)
    np.fill_diagonal(links, np.where(panel.present.any(axis=0), 0.0, np.inf))
    return np.where(np.isinf(links), np.nan, links)


def _shares(value: Matrix, s: int, t: int, both: Vector) -> tuple[Vector, Vector]:
    """Shares of the matched items in s and in t; 0 where nothing of them was bought."""
    earlier, later = value[:, s] * both, value[:, t] * both
    return earlier / (earlier.sum() or 1.0), later / (later.sum() or 1.0)


def _weighted_change(panel: Panel, s: int, t: int, weight: Vector, both: Vector) -> float:
    total = float(weight.sum())
    change = (panel.log_price[:, t] - panel.log_price[:, s]) * both
    return float(weight @ change) / total if total > 0 else float("nan")


def _harmonic(a: Vector, b: Vector) -> Vector:
    """The product over the sum, a b / (a + b), 0 where either is 0."""
    either = (a > 0) & (b > 0)
    return np.where(either, a * b / np.where(either, a + b, 1.0), 0.0)


def _log_mean(a: Vector, b: Vector) -> Vector:
    """(a - b) / (ln a - ln b), a where they are equal, 0 where either is 0.

    As L = b (e^x - 1) / x with x = ln(a / b), which loses no digits where a and b are nearly equal.
    """
    either = (a > 0) & (b > 0)
    x = np.log(np.where(either, a, 1.0) / np.where(either, b, 1.0))
    growth = np.where(x == 0, 1.0, np.expm1(x) / np.where(x == 0, 1.0, x))
    return np.where(either, b * growth, 0.0)
