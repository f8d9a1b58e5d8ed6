"""The Geary-Khamis index: a unit value index of quantities made comparable by reference prices of their own.

`P_t = sum_i p_it q_it / sum_i b_i q_it`, with the reference price of an item
`b_i = sum_t q_it (p_it / P_t) / sum_t q_it` (Geary 1958, Khamis 1972; Chessa 2016 for price statistics; CPI Manual
2020, ch. 10). With x_t = 1 / P_t both together are linear: `(diag(sum_i v_it) - Q' diag(1 / sum_t q_it) V) x = 0`, V
the expenditures v, periods by periods. Its columns sum to nothing, so that x is found up to a factor in every group of
connected periods, without iteration.

Not here: windows and splices (windows.py), its form for two periods (pairwise.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.connection import reached, sharing
from pipelines.economics.index_numbers.panel import Panel, Vector


def geary_khamis(panel: Panel, base: int = 0) -> Vector:
    """Levels against the base period; NaN for periods that no bought item connects to it.

    Raises ValueError where the panel has no quantities.
    """
    return np.asarray(np.exp(log_geary_khamis(panel, base)))


def log_geary_khamis(panel: Panel, base: int = 0) -> Vector:
    """The same as logarithms."""
    quantity = panel.bought("gk")
    base = base % panel.periods
    joined = sharing(quantity)
    level = np.full(panel.periods, np.nan)
    if not joined[base, base]:
        return level
    level[base] = 0.0
    free = reached(joined, base)
    free[base] = False
    if not free.any():
        return level
    of_item = quantity.sum(axis=1, keepdims=True)
    of_item[of_item == 0] = 1.0
    value = quantity * panel.price
    flow = (quantity / of_item).T @ value
    system = -flow
    np.fill_diagonal(system, 0.0)
    np.fill_diagonal(system, -system.sum(axis=0))
    inverse_level = np.linalg.solve(system[np.ix_(free, free)], flow[free, base])
    level[free] = -np.log(inverse_level)
    return level
