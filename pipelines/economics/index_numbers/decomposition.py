"""Why an average of prices moved: price change of what stayed, entry, exit. And which items moved an index.

An average level mixes three things: items that stayed and changed their price, items that came, items that went.
The decompositions here are exact: the parts add up to the change of the level, in logarithms where the level is a
geometric mean, in currency where it is an arithmetic one (`in_logs` brings those to logarithms, exactly too). Every
part is a sum over items, so that it can be read seller by seller. An index of matched items has no entry or exit; its
change is a sum over items as well (`by_item`), whatever the method, because every log level is linear in log prices.

Not here: prices, hedonic valuations (hedonic.py), tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.economics.index_numbers.chaining import chained
from pipelines.economics.index_numbers.panel import Panel, Vector

RULES = ("diewert_fox", "foster_haltiwanger_krizan", "griliches_regev")

CONTINUING, RETURNING, ENTERED, LEFT, PASSING = "continuing", "returning", "entered", "left", "passing"
"""What an item did between two periods: stayed in sight; was lost and seen again; came; went; came and went."""


@dataclass(frozen=True)
class LevelChange:
    """Each item's part in the change of an average, in the unit of the values: zero where the part is not its own.

    `price`: price change of items in both periods. `share`: shift of shares among them, nothing when shares are
    equal. `entry`: items of the later period alone. `exit`: items of the earlier period alone.
    """

    price: Vector
    share: Vector
    entry: Vector
    exit: Vector

    @property
    def total(self) -> float:
        """The whole change."""
        return float(sum(part.sum() for part in (self.price, self.share, self.entry, self.exit)))


def level_change(
    earlier: Vector,
    later: Vector,
    earlier_share: Vector | None = None,
    later_share: Vector | None = None,
    rule: str = "diewert_fox",
) -> LevelChange:
    """The change of a (share-weighted) mean of values over items, by item; NaN where an item has no value.

    Values are log prices for a geometric mean, prices for an arithmetic one. Without shares every item of a period
    counts alike. The rules differ in what an entrant or a leaver is held against:

    - `diewert_fox` (Diewert and Fox 2010; entry and exit as in Melitz and Polanec 2015, whose split it is when shares
      are equal): entrants against those who stayed, in the later period; leavers against those who stayed, in the
      earlier one. The price part is then the matched index alone: Jevons for log prices and equal shares.
    - `foster_haltiwanger_krizan` (2001): both against the earlier mean of all; its cross term is half and half in
      price and share.
    - `griliches_regev` (1995): both against the mean of the two periods' means.

    Raises ValueError on an unknown rule, where a period has no item, or no item has both periods and the rule needs
    one (`diewert_fox`).
    """
    if rule not in RULES:
        raise ValueError(f"no rule {rule!r}; there are {', '.join(RULES)}")
    before, after = ~np.isnan(earlier), ~np.isnan(later)
    if not before.any() or not after.any():
        raise ValueError("a period without a price has no average")
    s, t = _shares(before, earlier_share), _shares(after, later_share)
    x, y = np.where(before, earlier, 0.0), np.where(after, later, 0.0)
    stayed = before & after
    if rule == "diewert_fox":
        return _diewert_fox(x, y, s, t, stayed)
    level = float(s @ x)
    if rule == "griliches_regev":
        level = (level + float(t @ y)) / 2.0
    return LevelChange(
        price=np.where(stayed, (s + t) / 2.0 * (y - x), 0.0),
        share=np.where(stayed, (t - s) * ((x + y) / 2.0 - level), 0.0),
        entry=np.where(after & ~before, t * (y - level), 0.0),
        exit=np.where(before & ~after, s * (level - x), 0.0),
    )


def _diewert_fox(x: Vector, y: Vector, s: Vector, t: Vector, stayed: NDArray[np.bool_]) -> LevelChange:
    held, kept = float(s[stayed].sum()), float(t[stayed].sum())
    if not (held > 0 and kept > 0):
        raise ValueError("nothing stayed: entrants and leavers have no one to be held against")
    # Shares among those who stayed; Bennet's split of their change into prices and shares is symmetric in time.
    of_x, of_y = np.where(stayed, s / held, 0.0), np.where(stayed, t / kept, 0.0)
    stayed_x, stayed_y = float(of_x @ x), float(of_y @ y)
    centre = (stayed_x + stayed_y) / 2.0
    return LevelChange(
        price=(of_x + of_y) / 2.0 * np.where(stayed, y - x, 0.0),
        share=(of_y - of_x) * ((x + y) / 2.0 - centre),
        entry=np.where(stayed, 0.0, t * (y - stayed_y)),
        exit=np.where(stayed, 0.0, s * (stayed_x - x)),
    )


def _shares(present: NDArray[np.bool_], share: Vector | None) -> Vector:
    weight = np.where(present, 1.0 if share is None else np.nan_to_num(np.asarray(share, dtype=float)), 0.0)
    if (weight < 0).any() or weight.sum() <= 0:
        raise ValueError("shares of the priced items are not negative and not all zero")
    return np.asarray(weight / weight.sum())


def in_logs(part: Vector, earlier_level: float, later_level: float) -> Vector:
    """Parts of a change in currency as parts of its logarithm: divided by the logarithmic mean of the two levels.

    `ln(b/a) = (b - a) / L(a, b)`, so that the parts add up to the log change exactly and do not depend on which
    period is called the base (Vartia 1976; Tornqvist, Vartia and Vartia 1985).
    """
    return np.asarray(part / logarithmic_mean(earlier_level, later_level))


def logarithmic_mean(a: float, b: float) -> float:
    """L(a, b) = (b - a) / ln(b / a), and a where they are equal. Raises ValueError unless both are positive."""
    if not (a > 0 and b > 0):
        raise ValueError("a logarithmic mean is of positive numbers")
    ratio = (b - a) / a
    return float(a if abs(ratio) < 1e-12 else a * ratio / np.log1p(ratio))


def by_item(panel: Panel, method: str, base: int, last: int) -> Vector:
    """Each item's part in the log change of an index from period `base` to `last`; the parts add up to it.

    `method`: `fixed` (Jevons of the two periods), `chained` (Jevons period by period, over gaps as chaining.py does)
    or `geks` (GEKS-Jevons). An item that only the chain sees moves the chained index and not the direct one; that is
    how the methods come apart. Raises ValueError on another method, or where the index is not defined.
    """
    if method == "fixed":
        return _link(panel, base, last)
    if method == "chained":
        return _walk(panel, last) - _walk(panel, base)
    if method == "geks":
        return _geks(panel, base, last)
    raise ValueError(f"no method {method!r}; there are fixed, chained and geks")


def _link(panel: Panel, s: int, t: int) -> Vector:
    """An item's part in the Jevons link between two periods."""
    weight = panel.weight * panel.present[:, s] * panel.present[:, t]
    if weight.sum() <= 0:
        raise ValueError(f"periods {s} and {t} share no item")
    return np.asarray(weight / weight.sum() * (panel.log_price[:, t] - panel.log_price[:, s]))


def _walk(panel: Panel, last: int) -> Vector:
    """An item's part in the chained log level, link by link back to the first period."""
    part, t = np.zeros(panel.weight.size), last
    if last == 0:
        return part
    # Which earlier period a link goes to depends on who is matched alone, not on prices.
    _, reach = chained(np.where(panel.matched() > 0, 0.0, np.nan))
    while t > 0:
        if reach[t] == 0:
            raise ValueError(f"period {last} is not linked to the first")
        part += _link(panel, t - int(reach[t]), t)
        t -= int(reach[t])
    return part


def _geks(panel: Panel, base: int, last: int) -> Vector:
    """Least squares is linear in the links, and a link in its items: the items' own right-hand sides at once."""
    matched = panel.matched()
    inverse = np.divide(1.0, matched, out=np.zeros_like(matched), where=matched > 0)
    np.fill_diagonal(inverse, 0.0)
    group = next(group for group in panel.components() if base in group)
    if last not in group:
        raise ValueError(f"no shared items join periods {base} and {last}")
    outside = np.setdiff1d(np.arange(panel.periods), group)
    inverse[outside], inverse[:, outside] = 0.0, 0.0
    present, log_price = panel.present, panel.log_price
    pull = panel.weight[:, None] * present * (log_price * (present @ inverse) - (present * log_price) @ inverse)
    joined = (inverse > 0).astype(float)
    laplacian = np.diag(joined.sum(axis=0)) - joined
    free = group[group != base]
    aim = np.zeros(free.size)
    aim[free == last] = 1.0
    if last == base:
        return np.zeros(panel.weight.size)
    # The level of one period is wanted for every item: one solve with the symmetric matrix, then a product.
    return np.asarray(pull[:, free] @ np.linalg.solve(laplacian[np.ix_(free, free)], aim))


def status(panel: Panel, base: int, last: int) -> NDArray[np.str_]:
    """What each item did between the two periods (CONTINUING ... PASSING); empty where it was never seen.

    An item is returning when it was not priced in some period between its first and its last sighting: whatever its
    price did meanwhile, a chain misses it.
    """
    seen = panel.present[:, base : last + 1] > 0
    first = seen.argmax(axis=1)
    final = seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    found = seen.any(axis=1)
    lost = seen.sum(axis=1) < final - first + 1
    return np.select(
        [~found, lost, seen[:, 0] & seen[:, -1], seen[:, -1], seen[:, 0]],
        ["", RETURNING, CONTINUING, ENTERED, LEFT],
        PASSING,
    )
