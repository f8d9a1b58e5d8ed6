"""The price index between two periods, for every pair of periods at once, as a matrix of log links.

Matched items of each pair only: an item counts where it is priced in both periods, and shares are taken anew over these
items. No item, no link (NaN), and nothing is imputed. On the diagonal 0 where the period has a price.

Not here: the formulas (elementary.py, weighted.py, pairwise.py), what is made of the links (chaining.py,
multilateral.py).
"""

from __future__ import annotations

from collections.abc import Callable

from pipelines.economics.index_numbers import elementary, pairwise, weighted
from pipelines.economics.index_numbers.elementary import jevons
from pipelines.economics.index_numbers.panel import Matrix, Panel

__all__ = ["BILATERAL", "REFERENCED", "REVERSIBLE", "UNWEIGHTED", "jevons", "links"]

UNWEIGHTED: dict[str, Callable[[Panel], Matrix]] = {
    "carli": elementary.carli,
    "cswd": elementary.cswd,
    "dutot": elementary.dutot,
    "harmonic": elementary.harmonic,
    "jevons": elementary.jevons,
}
"""Formulas that need no quantities."""

BILATERAL: dict[str, Callable[[Panel], Matrix]] = {
    **UNWEIGHTED,
    "ces": weighted.lloyd_moulton,
    "drobish": weighted.drobish,
    "fisher": weighted.fisher,
    "geometric_laspeyres": weighted.geometric_laspeyres,
    "geometric_paasche": weighted.geometric_paasche,
    "gk_bilateral": pairwise.gk_bilateral,
    "laspeyres": weighted.laspeyres,
    "lowe": weighted.lowe,
    "marshall_edgeworth": weighted.marshall_edgeworth,
    "paasche": weighted.paasche,
    "palgrave": weighted.palgrave,
    "sato_vartia": pairwise.sato_vartia,
    "stuvel": weighted.stuvel,
    "tornqvist": weighted.tornqvist,
    "tpd_bilateral": pairwise.tpd_bilateral,
    "tpd_bilateral_corrected": pairwise.tpd_bilateral_corrected,
    "walsh": weighted.walsh,
    "young": weighted.young,
}
"""Every formula by its name. `ces` has elasticity 2 unless called itself, `lowe` and `young` the first period's weights
unless called themselves."""

REVERSIBLE = (
    "cswd",
    "dutot",
    "fisher",
    "gk_bilateral",
    "jevons",
    "lowe",
    "marshall_edgeworth",
    "sato_vartia",
    "stuvel",
    "tornqvist",
    "tpd_bilateral",
    "walsh",
)
"""Formulas that pass the time reversal test, P(s,t) P(t,s) = 1: those GEKS may rest on."""

REFERENCED: dict[str, Callable[[Panel, int], Matrix]] = {"lowe": weighted.lowe, "young": weighted.young}
"""Formulas whose weights are a reference period's."""


def links(panel: Panel, formula: str) -> Matrix:
    """Ln P(s,t) of every pair of periods, rows s, columns t, dimensionless.

    Raises ValueError on a formula not in BILATERAL, or one that needs quantities where the panel has none.
    """
    if formula not in BILATERAL:
        raise ValueError(f"no bilateral formula {formula!r}; there are {', '.join(sorted(BILATERAL))}")
    return BILATERAL[formula](panel)
