"""Bilateral price indices weighted by quantities or expenditure, for every pair of periods at once.

Sums run over the items priced in both s and t; v = p q is expenditure and w = v / sum v its share among these items.

    Laspeyres           sum p_t q_s / sum p_s q_s
    Paasche             sum p_t q_t / sum p_s q_t
    Fisher              sqrt(Laspeyres x Paasche)
    Drobisch            (Laspeyres + Paasche) / 2
    Marshall-Edgeworth  sum p_t (q_s + q_t) / sum p_s (q_s + q_t)
    Walsh               sum p_t sqrt(q_s q_t) / sum p_s sqrt(q_s q_t)
    Lowe                sum p_t q_b / sum p_s q_b, b the reference period
    Young               sum w_b p_t / p_s
    Palgrave            sum w_t p_t / p_s
    geometric Laspeyres prod (p_t / p_s)^(w_s)
    geometric Paasche   prod (p_t / p_s)^(w_t)
    Tornqvist           prod (p_t / p_s)^((w_s + w_t) / 2)
    Lloyd-Moulton (CES) (sum w_s (p_t / p_s)^(1 - sigma))^(1 / (1 - sigma))
    Stuvel              A + sqrt(A^2 + V_t / V_s), A = (P_L - Q_L) / 2, P_L and Q_L Laspeyres of prices and quantities

Definitions: PPI Manual 2004, ch. 15 (baskets, Lowe, Young, Walsh), 16 (Palgrave, Tornqvist) and 17 (Lloyd-Moulton); CPI
Manual 2020, ch. 1 and 8; Balk 2008, Price and Quantity Index Numbers (Stuvel 1957, Drobisch 1871).

Each returns log links (s, t), dimensionless, NaN where no item is priced in both or nothing of what is was bought.
Raises ValueError where the panel has no quantities. Not here: weights that no product of matrices gives (pairwise.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.elementary import inverse_price, log_ratio
from pipelines.economics.index_numbers.panel import Matrix, Panel


def laspeyres(panel: Panel) -> Matrix:
    """Ln P_L(s,t), the basket of s."""
    quantity, price = panel.bought("laspeyres"), panel.price
    return log_ratio(quantity.T @ price, (quantity * price).T @ panel.present)


def paasche(panel: Panel) -> Matrix:
    """Ln P_P(s,t), the basket of t: Laspeyres from t to s, turned round."""
    panel.bought("paasche")
    return -laspeyres(panel).T


def fisher(panel: Panel) -> Matrix:
    """Ln P_F(s,t): antisymmetric."""
    panel.bought("fisher")
    links = laspeyres(panel)
    return (links - links.T) / 2


def drobish(panel: Panel) -> Matrix:
    """Ln of the arithmetic mean of Laspeyres and Paasche."""
    panel.bought("drobish")
    links = np.exp(laspeyres(panel))
    return log_ratio(links + 1 / links.T, np.full_like(links, 2.0))


def marshall_edgeworth(panel: Panel) -> Matrix:
    """Ln P_ME(s,t), both baskets together: antisymmetric."""
    quantity, price = panel.bought("marshall_edgeworth"), panel.price
    total = quantity.T @ price + panel.present.T @ (quantity * price)
    return log_ratio(total, total.T)


def walsh(panel: Panel) -> Matrix:
    """Ln P_W(s,t), the geometric mean of the baskets: antisymmetric."""
    root = np.sqrt(panel.bought("walsh"))
    total = root.T @ (panel.price * root)
    return log_ratio(total, total.T)


def lowe(panel: Panel, reference: int = 0) -> Matrix:
    """Ln P_Lo(s,t), the basket of the reference period, over items priced there too: antisymmetric."""
    basket = panel.present * panel.bought("lowe")[:, [reference]]
    total = basket.T @ panel.price
    return log_ratio(total, total.T)


def young(panel: Panel, reference: int = 0) -> Matrix:
    """Ln P_Y(s,t), expenditure shares of the reference period, over items priced there too."""
    value = (panel.bought("young") * panel.price)[:, [reference]]
    return log_ratio((value * inverse_price(panel)).T @ panel.price, (value * panel.present).T @ panel.present)


def palgrave(panel: Panel) -> Matrix:
    """Ln P_Pal(s,t): arithmetic mean of relatives by shares of t."""
    value = panel.bought("palgrave") * panel.price
    return log_ratio(inverse_price(panel).T @ (value * panel.price), panel.present.T @ value)


def geometric_laspeyres(panel: Panel) -> Matrix:
    """Ln of the geometric mean of relatives by shares of s."""
    value = panel.bought("geometric_laspeyres") * panel.price
    matched = value.T @ panel.present
    change = value.T @ panel.log_price - (value * panel.log_price).T @ panel.present
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(matched > 0, change / matched, np.nan)


def geometric_paasche(panel: Panel) -> Matrix:
    """Ln of the geometric mean of relatives by shares of t."""
    panel.bought("geometric_paasche")
    return -geometric_laspeyres(panel).T


def tornqvist(panel: Panel) -> Matrix:
    """Ln P_T(s,t): mean of the log changes by the shares of both periods; antisymmetric."""
    panel.bought("tornqvist")
    links = geometric_laspeyres(panel)
    return (links - links.T) / 2


def lloyd_moulton(panel: Panel, sigma: float = 2.0) -> Matrix:
    """Ln P_LM(s,t), the exact index of CES preferences with elasticity of substitution sigma.

    The elasticity is an assumption of the caller; 0 gives Laspeyres. Raises ValueError at 1, where the formula becomes
    the geometric Laspeyres.
    """
    if sigma == 1:
        raise ValueError("an elasticity of 1 is geometric_laspeyres")
    value = panel.bought("ces") * panel.price
    power = 1.0 - sigma
    later, earlier = (np.exp(power * sign * panel.log_price) * panel.present for sign in (1, -1))
    return log_ratio((value * earlier).T @ later, value.T @ panel.present) / power


def stuvel(panel: Panel) -> Matrix:
    """Ln P_S(s,t): the price index that with its quantity twin gives the value ratio and splits it alike."""
    quantity, price = panel.bought("stuvel"), panel.price
    cross, own = quantity.T @ price, (quantity * price).T @ panel.present
    with np.errstate(invalid="ignore", divide="ignore"):
        half = (cross / own - cross.T / own) / 2
        ratio = np.where(own.T > 0, own.T / own, np.nan)
        larger = np.abs(half) + np.sqrt(half**2 + ratio)
        # The two roots multiply to minus the value ratio: the smaller one by division, which loses no digits.
        index = np.where(half >= 0, larger, ratio / larger)
    return log_ratio(index, np.ones_like(index))
