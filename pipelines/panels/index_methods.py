"""Which index methods the price marts publish, and their levels over one segment.

Not here: the methods (pipelines/economics/index_numbers), tables, the window (core.rules_index).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.chaining import chained, fixed_base
from pipelines.economics.index_numbers.multilateral import geks
from pipelines.economics.index_numbers.panel import Matrix, Panel
from pipelines.economics.index_numbers.tpd import tpd
from pipelines.economics.index_numbers.windows import fixed_base_windows, geks_within, spliced, windowed

SPLICES = ("mean", "movement")
"""The splice Diewert and Fox (2017) advise, and the one most sensitive to the last link: these have levels."""

OTHER_SPLICES = ("window", "half", "fixed_base_moving", "fixed_base_expanding")
"""The rest, for how far a factor depends on the splice."""


class Method(NamedTuple):
    """The key columns that name a method."""

    method: str
    output: str
    window_months: int
    splice: str


FIXED = Method("jevons", "fixed", 0, "none")
CHAINED = Method("jevons", "chained", 0, "none")
WHOLE = Method("geks_jevons", "multilateral", 0, "none")
PRODUCTS = Method("tpd", "multilateral", 0, "none")


def levels(
    links: Matrix, items: int, window: int, base: int = 0
) -> Iterator[tuple[Method, Matrix, NDArray[np.int64] | None]]:
    """Each method, its levels (..., period) with 1.0 at the base period, and the span of chained links in periods.

    `links` are log links (..., s, t). Rolling windows only where they are shorter than the series, and where more
    than one item leaves methods room to differ.
    """
    yield FIXED, fixed_base(links, base), None
    level, reach = chained(links)
    yield CHAINED, level / level[..., [base]], reach
    yield WHOLE, geks(links, base), None
    if rolls(links, items, window):
        windows = windowed(links, window)
        for splice in SPLICES:
            level = spliced(windows, splice)
            yield Method("geks_jevons", "multilateral", window, splice), level / level[..., [base]], None


def sensitivities(
    links: Matrix, panel: Panel, window: int, base: int = 0
) -> Iterator[tuple[Method, Matrix, NDArray[np.int64] | None]]:
    """As `levels`, of methods that say how far a factor depends on the choice: the time-product dummy, other splices.

    Without weights the time-product dummy differs from GEKS-Jevons only where items come and go.
    """
    items = panel.weight.size
    if items > 1:
        yield PRODUCTS, tpd(panel, "none", base), None
    if rolls(links, items, window):
        windows = windowed(links, window)
        for splice in OTHER_SPLICES:
            if splice == "half" and window % 2 == 0:
                continue
            level = (
                fixed_base_windows(geks_within(links), links.shape[-1], window, expanding=splice.endswith("expanding"))
                if splice.startswith("fixed_base")
                else spliced(windows, splice)
            )
            yield Method("geks_jevons", "multilateral", window, splice), level / level[..., [base]], None


def rolls(links: Matrix, items: int, window: int) -> bool:
    """Whether a rolling window says more than all periods at once."""
    return items > 1 and links.shape[-1] > window
