"""A multilateral index extended month by month over a rolling window, without revising what was published.

With pi_t(s,u) the movement from s to u in the window of w periods that ends at t, and I the published series:
recalculated, the default, `I_t = I_(t-1) * pi_t(s,t) / pi_(t-1)(s,t-1)`; on published, `I_t = I_s * pi_t(s,t)`.
The link period s is t-1 for `movement` (Ivancic, Diewert and Fox 2011), t-w+1 for `window` (Krsinich 2016),
t-(w-1)/2 for `half` (de Haan 2015); `mean` is the geometric mean over all s = t-w+1 ... t-1 (Diewert and Fox 2017).

Not here: the method inside the window (multilateral.py).
"""

from __future__ import annotations

import numpy as np

from pipelines.economics.index_numbers.multilateral import log_geks
from pipelines.economics.index_numbers.panel import Matrix

SPLICES = ("movement", "window", "half", "mean")


def windowed(links: Matrix, window: int) -> Matrix:
    """Log levels inside every window, against its last period: (..., s, t) to (..., window end, period in window).

    The last period is the base, since it is the one to be published: what it cannot be compared with is NaN.
    Raises ValueError unless 2 <= window <= periods.
    """
    periods = links.shape[-1]
    if not 2 <= window <= periods:
        raise ValueError(f"a window of {window} periods over {periods}: it must hold 2 of them, and not more than all")
    starts = range(periods - window + 1)
    stacked = np.stack([links[..., s : s + window, s : s + window] for s in starts], axis=-3)
    return log_geks(stacked, base=-1)


def spliced(windows: Matrix, splice: str, *, recalculated: bool = True) -> Matrix:
    """Levels of all periods, first 1.0, from `windowed`. (..., window end, period in window) to (..., period).

    A link period that the window does not connect is left out; where that leaves none, the nearest earlier period
    that has a level and is connected serves; where there is none, the level is NaN. Raises ValueError on a splice
    not in SPLICES, or `half` with an even window.
    """
    window = windows.shape[-1]
    offsets = _link_offsets(splice, window)
    ends = windows.shape[-2]
    level = np.full((*windows.shape[:-2], window + ends - 1), np.nan)
    first = windows[..., 0, :]
    level[..., :window] = first - first[..., [0]]
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
