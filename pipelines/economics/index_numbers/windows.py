"""A multilateral index extended month by month over a rolling window, without revising what was published.

With pi_t(s,u) the movement from s to u in the window of w periods that ends at t, and I the published series:
recalculated, the default, `I_t = I_(t-1) * pi_t(s,t) / pi_(t-1)(s,t-1)`; on published, `I_t = I_s * pi_t(s,t)`.
The link period s is t-1 for `movement` (Ivancic, Diewert and Fox 2011), t-w+1 for `window` (Krsinich 2016),
t-(w-1)/2 for `half` (de Haan 2015); `mean` is the geometric mean over all s = t-w+1 ... t-1 (Diewert and Fox 2017).
On published, `window` and `half` are also called WISP and HASP (Chessa 2021).

`fixed-base` links to the base month: `I_t = I_b * pi(b,t)`, b the latest base month before t, one every w-1 periods
(every December where w is 13). The window is the moving one of w periods (FBMW, Lamboray 2017), or it expands from b to
t (FBEW, Chessa 2016). It always rests on the published level of b.

The first window gives the levels of its own periods: a series begins when it is complete (but for the expanding one).

Not here: the method inside the window (multilateral.py, tpd.py, geary_khamis.py, hedonic_moments.py).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from pipelines.economics.index_numbers.multilateral import log_geks
from pipelines.economics.index_numbers.panel import Matrix, Panel, Vector

SPLICES = ("movement", "window", "half", "mean")
"""Splices that `spliced` knows; `fixed-base` is `fixed_base_windows`."""

Within = Callable[[int, int, int], Matrix]
"""Log levels of the periods start ... stop - 1 by themselves, against the base counted from start: (..., period)."""


def geks_within(links: Matrix) -> Within:
    """GEKS in any window: a link between two periods depends on no window, so its block of all links serves."""
    return lambda start, stop, base: log_geks(links[..., start:stop, start:stop], base)


def panel_within(panel: Panel, log_levels: Callable[[Panel, int], Vector]) -> Within:
    """Any method that takes a panel and a base period, computed anew in every window."""
    return lambda start, stop, base: log_levels(panel.at(np.arange(start, stop)), base)


def shifted(within: Within, opening: int) -> Within:
    """The same with periods counted from the opening one."""
    return lambda start, stop, base: within(start + opening, stop + opening, base)


def windowed(links: Matrix, window: int) -> Matrix:
    """GEKS log levels inside every window, against its last period: (..., s, t) to (..., window end, place in window).

    The last period is the base, since it is the one to be published: what it cannot be compared with is NaN.
    Raises ValueError unless 2 <= window <= periods.
    """
    starts = _starts(links.shape[-1], window)
    stacked = np.stack([links[..., s : s + window, s : s + window] for s in starts], axis=-3)
    return log_geks(stacked, base=-1)


def every_window(within: Within, periods: int, window: int) -> Matrix:
    """The same as `windowed` of any method."""
    return np.stack([within(s, s + window, window - 1) for s in _starts(periods, window)], axis=-2)


def _starts(periods: int, window: int) -> range:
    if not 2 <= window <= periods:
        raise ValueError(f"a window of {window} periods over {periods}: it must hold 2 of them, and not more than all")
    return range(periods - window + 1)


def spliced(windows: Matrix, splice: str, *, recalculated: bool = True, first: Matrix | None = None) -> Matrix:
    """Levels of all periods, first 1.0, from `windowed`. (..., window end, place in window) to (..., period).

    `first` are the first window's log levels against its first period; without them they are taken from `windows`,
    where all are NaN if the last period of that window is not connected to the first. A link period that the window
    does not connect is left out; where that leaves none, the nearest earlier period that has a level and is connected
    serves; where there is none, the level is NaN. Raises ValueError on a splice not in SPLICES, or `half` with an even
    window.
    """
    window = windows.shape[-1]
    offsets = _link_offsets(splice, window)
    ends = windows.shape[-2]
    level = np.full((*windows.shape[:-2], window + ends - 1), np.nan)
    level[..., :window] = windows[..., 0, :] - windows[..., 0, [0]] if first is None else first
    for end in range(1, ends):
        t = window + end - 1
        # Within windows, position p is period t - w + 1 + p; the window before sees that period one place later.
        movement = -windows[..., end, :-1]
        published = level[..., t - window + 1 : t] + movement
        steps = published
        if recalculated:
            steps = level[..., [t - 1]] + movement + windows[..., end - 1, 1:]
        chosen = _mean(steps[..., offsets])
        nearest = _last_finite(published)
        level[..., t] = np.where(np.isfinite(chosen), chosen, nearest)
    return np.asarray(np.exp(level))


def fixed_base_windows(within: Within, periods: int, window: int, *, base: int = 0, expanding: bool = False) -> Matrix:
    """Levels of all periods, first 1.0, by the fixed-base splice; base months are `base` and every w-1 periods from it.

    A stretch before the first base month counts from the first period. Where the window does not connect the base
    month, the nearest earlier period in it that has a level and is connected serves; where there is none, it is NaN.
    Raises ValueError unless 2 <= window <= periods and the base is one of the periods.
    """
    _starts(periods, window)
    if not 0 <= base < periods:
        raise ValueError(f"the base month is period {base} of {periods}")
    beginning = within(0, window, 0)
    level = np.full((*beginning.shape[:-1], periods), np.nan)
    opening = 1 if expanding else window
    level[..., :opening] = beginning[..., :opening]
    for t in range(opening, periods):
        anchor = max(t - 1 - (t - 1 - base) % (window - 1), 0)
        start = anchor if expanding else t - window + 1
        published = level[..., start:t] - within(start, t + 1, t - start)[..., :-1]
        chosen = published[..., anchor - start]
        level[..., t] = np.where(np.isfinite(chosen), chosen, _last_finite(published))
    return np.asarray(np.exp(level))


def _link_offsets(splice: str, window: int) -> list[int]:
    """Places of the link periods in the window that ends at t."""
    if splice == "mean":
        return list(range(window - 1))
    if splice == "half":
        if window % 2 == 0:
            raise ValueError(f"the half splice needs an odd window, not {window}")
        return [(window - 1) // 2]
    if splice in SPLICES:
        return [window - 2] if splice == "movement" else [0]
    raise ValueError(f"no splice {splice!r}; there are {', '.join(SPLICES)}")


def _mean(values: Matrix) -> Matrix:
    """Mean over the last axis of what is finite; NaN where nothing is."""
    finite = np.isfinite(values)
    count = finite.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(finite, values, 0.0).sum(axis=-1) / np.where(count > 0, count, np.nan))


def _last_finite(values: Matrix) -> Matrix:
    """The last finite value along the last axis; NaN where there is none."""
    finite = np.isfinite(values)
    place = values.shape[-1] - 1 - np.argmax(finite[..., ::-1], axis=-1)
    return np.take_along_axis(values, place[..., None], axis=-1)[..., 0]
