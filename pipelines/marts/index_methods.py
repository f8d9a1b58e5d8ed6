"""Which index methods the price marts publish, and their levels over one segment.

Not here: the methods (pipelines/economics/index_numbers), tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.chaining import chained, fixed_base
from pipelines.economics.index_numbers.multilateral import geks
from pipelines.economics.index_numbers.panel import Matrix
from pipelines.economics.index_numbers.windows import spliced, windowed

WINDOW_MONTHS = 25
"""Two years and a month: the shortest window that sees every season twice (Ivancic, Diewert and Fox 2011 use 13,
the CPI Manual 2020, 10, and statistical offices 25)."""

SPLICES = ("mean", "movement")
"""The splice Diewert and Fox (2017) advise, and the one most sensitive to the last link, so that the gap shows."""


class Method(NamedTuple):
    """The key columns that name a method."""

    method: str
    output: str
    window_months: int
    splice: str


FIXED = Method("jevons", "fixed", 0, "none")
CHAINED = Method("jevons", "chained", 0, "none")
WHOLE = Method("geks_jevons", "multilateral", 0, "none")
ROLLING = tuple(Method("geks_jevons", "multilateral", WINDOW_MONTHS, splice) for splice in SPLICES)


def levels(links: Matrix, items: int, base: int = 0) -> Iterator[tuple[Method, Matrix, NDArray[np.int64] | None]]:
    """Each method, its levels (..., period) with 1.0 at the base period, and the span of chained links in periods.

    `links` are log links (..., s, t). Rolling windows only where they are shorter than the series, and where more
    than one item leaves methods room to differ.
    """
    yield FIXED, fixed_base(links, base), None
    level, reach = chained(links)
    yield CHAINED, level / level[..., [base]], reach
    yield WHOLE, geks(links, base), None
    if items > 1 and links.shape[-1] > WINDOW_MONTHS:
        windows = windowed(links, WINDOW_MONTHS)
        for named in ROLLING:
            level = spliced(windows, named.splice)
            yield named, level / level[..., [base]], None
