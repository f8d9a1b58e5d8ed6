"""One index over one panel, by name: what `rackhour index` and the price marts call.

    compute_index(Panel.of(price, quantity=quantity), Request("geks", window=25, splice="mean")).level

Not here: what may be asked (request.py), reading tables (pipelines/panels/own_table), the methods themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.bilateral import REFERENCED, REVERSIBLE, links
from pipelines.economics.index_numbers.chaining import chained, fixed_base
from pipelines.economics.index_numbers.connection import reached
from pipelines.economics.index_numbers.drift import circle, over_geks
from pipelines.economics.index_numbers.geary_khamis import log_geary_khamis
from pipelines.economics.index_numbers.hedonic import collinear, time_dummy
from pipelines.economics.index_numbers.hedonic_moments import Moments, log_levels
from pipelines.economics.index_numbers.missing import filled
from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector
from pipelines.economics.index_numbers.request import METHODS, MULTILATERAL, Request, check
from pipelines.economics.index_numbers.time_dummy import Features, observations
from pipelines.economics.index_numbers.tpd import log_tpd
from pipelines.economics.index_numbers.weighted import lloyd_moulton
from pipelines.economics.index_numbers.windows import (
    Within,
    every_window,
    fixed_base_windows,
    geks_within,
    panel_within,
    shifted,
    spliced,
    windowed,
)

__all__ = ["METHODS", "MULTILATERAL", "Request", "Series", "compute_index"]


@dataclass(frozen=True)
class Series:
    """A level per period, NaN where it is not connected to the base, and what it rests on.

    `items` counts the items priced in the period. `matched_items` of them are priced in the period it is linked to
    (fixed, chained), or in another one of the window (multilateral); time dummy hedonics match features, so there it is
    all of them. Filled prices count as prices; `filled` of the panel's cells are filled. `coverage_pct` is matched of
    all items, `value_coverage_pct` of their expenditure (NaN without quantities). `link_periods` is how many periods
    back the link goes (chained), 0 otherwise. `corrected_level` is exp(delta - Var(delta) / 2) of tdh over all periods
    at once, else None. `circle` and `drift` (drift.py) are of chained output: the chain to the period and back to its
    first one, and level over GEKS level (None where the formula fails time reversal, which GEKS needs).
    """

    level: Vector
    matched_items: NDArray[np.int64]
    items: NDArray[np.int64]
    coverage_pct: Vector
    value_coverage_pct: Vector
    link_periods: NDArray[np.int64]
    filled: int
    method: str
    corrected_level: Vector | None = None
    circle: Vector | None = None
    drift: Vector | None = None


def compute_index(panel: Panel, request: Request, features: Features | None = None) -> Series:
    """The index asked for. `features` only with tdh.

    Raises ValueError, saying what is wrong, on a method, option or combination there is not, quantities or features
    that are missing, a base period without a price or a level, a window that does not fit.
    """
    method = check(request, panel, with_features=features is not None)
    used = filled(panel, request.missing)
    base = request.base_period
    opening = _opening(used, request, method)
    if opening and request.window is not None and request.window > used.periods - opening:
        raise ValueError(
            f"a window of {request.window} periods is too long: shared items join the base to no period before "
            f"{opening}, which leaves {used.periods - opening}"
        )
    reach = np.zeros(used.periods, dtype=np.int64)
    level = np.full(used.periods, np.nan)
    corrected = None
    if method in MULTILATERAL:
        level[opening:] = _multilateral(used, request, method, features, opening)
        matched = _in_window(used, opening, request.window)
        if method == "tdh":
            matched = used.present
            corrected = _corrected(used, request, features)
    elif request.output == "chained":
        pairs = _links(used, request, method)[opening:, opening:]
        level[opening:], reach[opening:] = chained(pairs)
        matched = used.present * used.present[:, np.arange(used.periods) - reach]
    else:
        level = fixed_base(_links(used, request, method), base)
        matched = used.present * used.present[:, [base]]
    if np.isnan(level[base]):
        raise ValueError(f"{method}: period {base} cannot be the base, it has no level of its own")
    level = np.where(used.present.any(axis=0), level / level[base], np.nan)
    made = _series(panel, used, level, matched, reach, method, corrected)
    return made if request.output != "chained" else _with_drift(made, pairs, opening, base)


def _with_drift(series: Series, pairs: Matrix, opening: int, base: int) -> Series:
    """The chained series with its circle and, where the formula allows, its drift against GEKS."""
    before = np.full(opening, np.nan)
    over = None
    if series.method in REVERSIBLE:
        over = np.concatenate([before, over_geks(pairs)])
        over = over / over[base]
    return replace(series, circle=np.concatenate([before, circle(pairs)]), drift=over)


def _opening(panel: Panel, request: Request, method: str) -> int:
    """The period that chains and windows begin with: the first that shared items join to the base, or that has a price.

    Methods that see all periods at once begin with the first: what is not connected has no level there either.
    """
    if request.output != "chained" and request.window is None:
        return 0
    if method == "tdh":
        return int(np.argmax(panel.present.any(axis=0)))
    return int(np.argmax(reached(panel.matched() > 0, request.base_period)))


def _links(panel: Panel, request: Request, method: str) -> Matrix:
    if method in REFERENCED:
        return REFERENCED[method](panel, request.reference_period)
    if method == "ces":
        return lloyd_moulton(panel, request.sigma)
    return links(panel, method)


def _weights(panel: Panel, request: Request) -> str:
    return request.weights or ("none" if panel.quantity is None else "share")


def _multilateral(panel: Panel, request: Request, method: str, features: Features | None, opening: int) -> Vector:
    """Levels, up to a factor, of the periods from the opening one on."""
    pairs = None
    within: Within
    if method == "geks":
        pairs = links(panel, request.geks_base or ("jevons" if panel.quantity is None else "tornqvist"))
        within = geks_within(pairs)
    elif method == "gk":
        within = panel_within(panel, log_geary_khamis)
    elif method == "tpd":
        weights = _weights(panel, request)
        within = panel_within(panel, lambda part, base: log_tpd(part, weights, base))
    else:
        within = _hedonic_within(panel, request, features)
    periods, window = panel.periods - opening, request.window
    if window is None:
        return np.asarray(np.exp(within(0, periods, request.base_period)))
    later = shifted(within, opening)
    if request.splice == "fixed-base":
        base = request.base_period - opening
        return fixed_base_windows(later, periods, window, base=base, expanding=request.expanding)
    windows = every_window(later, periods, window) if pairs is None else windowed(pairs[opening:, opening:], window)
    recalculated = request.splice_on != "published"
    return spliced(windows, request.splice or "mean", recalculated=recalculated, first=later(0, window, 0))


def _corrected(panel: Panel, request: Request, features: Features | None) -> Vector | None:
    """exp(delta - Var(delta) / 2) of the regression over all periods, variance by item; None for windows."""
    if request.window is not None or features is None:
        return None
    fit = time_dummy(observations(panel, features, _weights(panel, request)), request.base_period)
    return fit.corrected(fit.clustered)


def _hedonic_within(panel: Panel, request: Request, features: Features | None) -> Within:
    """Raises ValueError, naming them, where features cannot be told apart over all periods."""
    if features is None:
        raise ValueError("tdh needs features")
    data = observations(panel, features, _weights(panel, request))
    named = collinear(data)
    if named:
        raise ValueError("; ".join(f"feature {name} is {of}" for name, of in named.items()))
    moments = Moments.by_cluster(replace(data, cluster=np.zeros_like(data.cluster))).total()
    return lambda start, stop, base: log_levels(moments.window(start, stop - start), base)


def _in_window(panel: Panel, opening: int, window: int | None) -> Matrix:
    """1 where an item is priced in a period and another one of the window that gives the period its level."""
    width = panel.periods - opening if window is None else window
    seen = np.concatenate([np.zeros((panel.present.shape[0], 1)), np.cumsum(panel.present, axis=1)], axis=1)
    end = np.maximum(np.arange(panel.periods), opening + width - 1) + 1
    return np.asarray(panel.present * (seen[:, end] - seen[:, end - width] >= 2))


def _series(
    panel: Panel,
    used: Panel,
    level: Vector,
    matched: Matrix,
    reach: NDArray[np.int64],
    method: str,
    corrected: Vector | None,
) -> Series:
    items = used.present.sum(axis=0)
    count = matched.sum(axis=0)
    value = np.full_like(used.price, np.nan) if used.quantity is None else used.price * used.quantity
    with np.errstate(invalid="ignore", divide="ignore"):
        coverage = 100.0 * count / items
        value_coverage = 100.0 * (value * matched).sum(axis=0) / value.sum(axis=0)
    return Series(
        level=level,
        matched_items=count.astype(np.int64),
        items=items.astype(np.int64),
        coverage_pct=coverage,
        value_coverage_pct=value_coverage,
        link_periods=reach,
        filled=int(used.present.sum() - panel.present.sum()),
        method=method,
        corrected_level=corrected,
    )
