"""A second implementation with weights: dictionaries and loops, straight from the manuals, to test against.

A market is {period: {item: (price, quantity)}}. Nothing here shares a line with the library; least squares are solved
with every dummy written out.
"""

from __future__ import annotations

import itertools
import math

import numpy as np


def market(rows):
    """From (item, period, price, quantity)."""
    made = {}
    for item, period, price, quantity in rows:
        made.setdefault(period, {})[item] = (float(price), float(quantity))
    return {period: made[period] for period in sorted(made)}


def shared(data, s, t):
    return sorted(data[s].keys() & data[t].keys(), key=str)


def bilateral(data, formula, s, t):
    """P(s,t) over the items of both periods; NaN where there are none."""
    items = shared(data, s, t)
    if not items:
        return math.nan
    p0, q0 = [data[s][i][0] for i in items], [data[s][i][1] for i in items]
    p1, q1 = [data[t][i][0] for i in items], [data[t][i][1] for i in items]
    return FORMULAS[formula](p0, q0, p1, q1)


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b, strict=True))


def shares(p, q):
    value = [x * y for x, y in zip(p, q, strict=True)]
    return [v / math.fsum(value) for v in value]


def relatives(p0, p1):
    return [b / a for a, b in zip(p0, p1, strict=True)]


def log_mean(a, b):
    return a if a == b else (a - b) / (math.log(a) - math.log(b))


def carli(p0, q0, p1, q1):
    return math.fsum(relatives(p0, p1)) / len(p0)


def dutot(p0, q0, p1, q1):
    return math.fsum(p1) / math.fsum(p0)


def jevons(p0, q0, p1, q1):
    return math.exp(math.fsum(map(math.log, relatives(p0, p1))) / len(p0))


def laspeyres(p0, q0, p1, q1):
    return dot(p1, q0) / dot(p0, q0)


def paasche(p0, q0, p1, q1):
    return dot(p1, q1) / dot(p0, q1)


def fisher(p0, q0, p1, q1):
    return math.sqrt(laspeyres(p0, q0, p1, q1) * paasche(p0, q0, p1, q1))


def tornqvist(p0, q0, p1, q1):
    weights = [(a + b) / 2 for a, b in zip(shares(p0, q0), shares(p1, q1), strict=True)]
    return math.exp(dot(weights, list(map(math.log, relatives(p0, p1)))))


def walsh(p0, q0, p1, q1):
    middle = [math.sqrt(a * b) for a, b in zip(q0, q1, strict=True)]
    return dot(p1, middle) / dot(p0, middle)


def sato_vartia(p0, q0, p1, q1):
    weights = [log_mean(a, b) for a, b in zip(shares(p0, q0), shares(p1, q1), strict=True)]
    return math.exp(dot(weights, list(map(math.log, relatives(p0, p1)))) / math.fsum(weights))


FORMULAS = {
    formula.__name__: formula
    for formula in (carli, dutot, jevons, laspeyres, paasche, fisher, tornqvist, walsh, sato_vartia)
}


def fixed(data, formula):
    periods = list(data)
    return [bilateral(data, formula, periods[0], t) for t in periods]


def chained(data, formula):
    periods = list(data)
    level = [1.0]
    for before, now in itertools.pairwise(periods):
        level.append(level[-1] * bilateral(data, formula, before, now))
    return level


def geks(data, formula):
    """Every pair of periods must share an item."""
    periods = list(data)
    link = {(s, t): bilateral(data, formula, s, t) for s in periods for t in periods}
    share = 1 / len(periods)
    return [math.prod((link[periods[0], k] * link[k, t]) ** share for k in periods) for t in periods]


def tpd(data, weights):
    """ln p = delta_t + gamma_i, gamma of the first item 0, by weighted least squares with every dummy written out.

    All periods must be joined by items.
    """
    periods, items = list(data), sorted({i for period in data.values() for i in period}, key=str)
    rows, left = [], []
    for n, t in enumerate(periods):
        total = math.fsum(p * q for p, q in data[t].values())
        for i, (p, q) in data[t].items():
            weight = {"share": p * q / total, "value": p * q, "none": 1.0}[weights]
            row = np.zeros(len(periods) + len(items))
            row[n] = row[len(periods) + items.index(i)] = math.sqrt(weight)
            rows.append(np.delete(row, len(periods)))
            left.append(math.log(p) * math.sqrt(weight))
    q, r = np.linalg.qr(np.array(rows))
    delta = np.linalg.solve(r, q.T @ np.array(left))[: len(periods)]
    return [math.exp(d - delta[0]) for d in delta]


def geary_khamis(data, rounds=100_000, precision=1e-15):
    """Quality factors and price levels, each from the other, until neither moves."""
    periods, items = list(data), {i for period in data.values() for i in period}
    level = dict.fromkeys(periods, 1.0)
    for _ in range(rounds):
        factor = {
            i: math.fsum(data[t][i][0] * data[t][i][1] / level[t] for t in periods if i in data[t])
            / math.fsum(data[t][i][1] for t in periods if i in data[t])
            for i in items
        }
        moved = {
            t: math.fsum(p * q for p, q in data[t].values()) / math.fsum(factor[i] * q for i, (_, q) in data[t].items())
            for t in periods
        }
        moved = {t: moved[t] / moved[periods[0]] for t in periods}
        change = max(abs(moved[t] - level[t]) for t in periods)
        level = moved
        if change < precision:
            break
    return [level[t] for t in periods]


def rolling(data, method, window, splice, recalculated=True):
    """The splices of docs/index_numbers.md as they stand there; `method` gives the levels of a market."""
    periods = list(data)

    def windowed(end):
        span = periods[end - window + 1 : end + 1]
        return dict(zip(range(end - window + 1, end + 1), method({t: data[t] for t in span}), strict=True))

    before = windowed(window - 1)
    level = list(before.values())
    for t in range(window, len(periods)):
        here = windowed(t)
        links = {
            "movement": [t - 1],
            "window": [t - window + 1],
            "half": [t - (window - 1) // 2],
            "mean": list(range(t - window + 1, t)),
        }[splice]
        steps = [
            level[t - 1] * (here[t] / here[s]) / (before[t - 1] / before[s])
            if recalculated
            else level[s] * here[t] / here[s]
            for s in links
        ]
        level.append(math.exp(math.fsum(map(math.log, steps)) / len(steps)))
        before = here
    return level


def fixed_base(data, method, window, expanding):
    """Every window - 1 periods a base period; each level is the base period's times the movement since it.

    The movement is that of the window ending at the period, or of a window from the base period on.
    """
    periods = list(data)
    opening = 1 if expanding else window
    level = list(method({t: data[t] for t in periods[:opening]}))
    for t in range(opening, len(periods)):
        base = max(b for b in range(0, t, window - 1))
        start = base if expanding else t - window + 1
        here = method({p: data[p] for p in periods[start : t + 1]})
        level.append(level[base] * here[-1] / here[base - start])
    return level


def filled(data, treatment):
    """Gaps between two sightings of an item filled: its last price, or that moved with what others did on average."""
    periods = list(data)
    made = {t: dict(data[t]) for t in periods}
    for item in {i for period in data.values() for i in period}:
        seen = [n for n, t in enumerate(periods) if item in data[t]]
        for before, after in itertools.pairwise(seen):
            price = data[periods[before]][item][0]
            for n in range(before + 1, after):
                if treatment == "impute":
                    price *= bilateral(data, "jevons", periods[n - 1], periods[n])
                made[periods[n]][item] = (price, 0.0)
    return made
