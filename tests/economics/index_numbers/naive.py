"""A second, slow implementation of the index methods, item by item and straight from the textbook, to test against."""

from __future__ import annotations

import itertools
import math


def jevons(price, s, t):
    relatives = [row[t] / row[s] for row in price if not math.isnan(row[s]) and not math.isnan(row[t])]
    return math.prod(relatives) ** (1 / len(relatives)) if relatives else math.nan


def geks(price, start, stop):
    """Levels of periods start..stop-1 against start, where every pair shares an item."""
    span = range(start, stop)
    return [math.prod((jevons(price, start, k) * jevons(price, k, t)) ** (1 / len(span)) for k in span) for t in span]


def chained(price):
    level = [1.0]
    for t in range(1, len(price[0])):
        level.append(level[-1] * jevons(price, t - 1, t))
    return level


def rolling(price, window, splice, recalculated):
    """The formulas of docs/index_numbers.md as they stand there, one period after another."""
    level = geks(price, 0, window)
    for t in range(window, len(price[0])):
        here, before = geks(price, t - window + 1, t + 1), geks(price, t - window, t)

        def movement(s, u, here=here, t=t):
            return here[u - (t - window + 1)] / here[s - (t - window + 1)]

        def movement_before(s, u, before=before, t=t):
            return before[u - (t - window)] / before[s - (t - window)]

        periods = {
            "movement": [t - 1],
            "window": [t - window + 1],
            "half": [t - (window - 1) // 2],
            "mean": list(range(t - window + 1, t)),
        }[splice]
        values = [
            level[t - 1] * movement(s, t) / movement_before(s, t - 1) if recalculated else level[s] * movement(s, t)
            for s in periods
        ]
        level.append(math.prod(values) ** (1 / len(values)))
    return level


def pairs(price):
    return itertools.product(range(len(price[0])), repeat=2)
