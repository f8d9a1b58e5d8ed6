"""Why do the average level, the direct, the chained and the multilateral index of the same prices differ?

Grain: segment x basis x measure. Each basis is one way to say how prices moved between the first and the last period:
averages and the median of whatever was offered, and three indices of the same items. Its `total` is taken apart
without remainder: averages into price change of those that stayed, entry and exit, of which quality (the geometric
one from period to period too, since few stay for years); indices into what items did (continuing, returning after a
gap, entered, left, passing) and what exchange rates did. In logarithms the parts of a basis add up to its total;
`of_which` says which rows lie inside which, so that nothing is counted twice.

Not here: yearly factors and their intervals (price_deflation.py), items one by one (price_change_by_item.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from pipelines.economics.index_numbers.decomposition import CONTINUING, ENTERED, LEFT, PASSING, RETURNING
from pipelines.economics.units import PERCENT
from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import Schema, columns, count, day, label, number
from pipelines.panels import reconciled
from pipelines.panels.deflators import Basis
from pipelines.panels.reconciled_panel import METHODS, Reconciled

INPUTS = reconciled.INPUTS
MARTS = reconciled.MARTS

KEY = ("segment", "basis", "measure")
PLOT = ("change_log_pct",)
SAME = 1e-9
"""Two prices are one where their logarithms differ by less: a mean over days of one price is rounded."""

SCHEMA = Schema(
    table="deflation_reconciliation",
    kind="audit",
    description=(
        "One row per segment, basis and measure. What moved the level of a segment's prices between from_period and "
        "to_period by that basis, and how much of it each part is.\n"
        "change_log_pct is 100 ln(later / earlier); the rows of a basis whose of_which is total add up to its total, "
        "those whose of_which is another measure add up to no more than that."
    ),
    key=KEY,
    columns=columns(
        label(
            "segment", "What is priced: family/item or zone/terms; gpu_panel/ are panels of their own.", enumerated=True
        ),
        label("basis", "Which average or index the change is of.", enumerated=True),
        label("measure", "The part.", enumerated=True),
        label("of_which", "The measure this is a part of; null for the total itself.", nullable=True),
        number("change_log_pct", "percent", "100 times the part of ln(later level / earlier level)."),
        number("change_pct", "percent", "The same as a factor less one: 100 (exp(part) - 1). Factors multiply."),
        count("items", "Items the part is about."),
        count("items_from", "Items of the first period."),
        count("items_to", "Items of the last period."),
        count("items_matched", "Items of both."),
        count("matched_rose", "Of these, those whose last price is above their first."),
        count("matched_fell", "Of these, those whose last price is below their first."),
        number("level_from", "as the family states", "Average of the first period; null for indices.", nullable=True),
        number("level_to", "as the family states", "Average of the last period; null for indices.", nullable=True),
        day("from_period", "First period."),
        day("to_period", "Last period."),
        count("span_days", "Days between them.", unit="day"),
    ),
    rules=(
        holds("everything but the total is a part of something", "(of_which is null) = (measure = 'total')"),
        holds("no more items rose and fell than are matched", "matched_rose + matched_fell <= items_matched"),
    ),
)


class Part(NamedTuple):
    """One row's own: the measure, what it is a part of, its log change, and the items it is about."""

    measure: str
    of_which: str | None
    change: float
    items: int


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The mart: every panel, by every basis."""
    return table(rows(reconciled.reconciled(core)))


def table(made: pl.DataFrame) -> pl.DataFrame:
    """Rows as the table."""
    return SCHEMA.conform(made) if made.height else SCHEMA.empty()


def basis(core: Mapping[str, pl.DataFrame], mart: str, row: Mapping[str, Any]) -> Basis:
    """What a row's figures stand on (`explain`)."""
    return reconciled.basis(core, row["segment"], rows)


def rows(panels: Iterable[Reconciled]) -> pl.DataFrame:
    """The rows of some panels."""
    return pl.DataFrame([row for found in panels for row in _rows(found)], infer_schema_length=None)


def _rows(found: Reconciled) -> Iterator[dict[str, object]]:
    present = found.panel.present > 0
    moved = (found.panel.log_price[:, found.last] - found.panel.log_price[:, 0])[found.stayed]
    about = {
        "segment": found.segment,
        "items_from": int(present[:, 0].sum()),
        "items_to": int(present[:, found.last].sum()),
        "items_matched": int(found.stayed.sum()),
        "matched_rose": int((moved > SAME).sum()),
        "matched_fell": int((moved < -SAME).sum()),
        "from_period": found.periods[0],
        "to_period": found.periods[-1],
        "span_days": (found.periods[-1] - found.periods[0]).days,
    }
    for name, levels, parts in _bases(found):
        for part in parts:
            yield {
                **about,
                "basis": name,
                "measure": part.measure,
                "of_which": part.of_which,
                "change_log_pct": PERCENT * part.change,
                "change_pct": PERCENT * float(np.expm1(part.change)),
                "items": part.items,
                "level_from": levels[0],
                "level_to": levels[1],
            }


def _bases(found: Reconciled) -> Iterator[tuple[str, tuple[float | None, float | None], list[Part]]]:
    first, last = found.price[:, 0], found.price[:, found.last]
    geometric = tuple(float(np.exp(np.nanmean(np.log(ends)))) for ends in (first, last))
    arithmetic = tuple(float(np.nanmean(ends)) for ends in (first, last))
    yield "geometric_mean", (geometric[0], geometric[1]), _average(found, geometric[0], geometric[1], "geometric")
    yield "arithmetic_mean", (arithmetic[0], arithmetic[1]), _average(found, arithmetic[0], arithmetic[1], "arithmetic")
    yield "geometric_mean_by_period", (geometric[0], geometric[1]), _by_period(found)
    middle = float(np.nanmedian(first)), float(np.nanmedian(last))
    yield "median", middle, [Part("total", None, float(np.log(middle[1] / middle[0])), _items(found))]
    for output in METHODS:
        try:
            yield output, (None, None), _index(found, output)
        except ValueError:
            continue  # the direct index has no item where none stayed


def _average(found: Reconciled, earlier: float, later: float, kind: str) -> list[Part]:
    """Total, then price change, entry and exit; without anything that stayed the total alone."""
    total = Part("total", None, float(np.log(later / earlier)), _items(found))
    if not found.stayed.any():
        return [total]
    parts = found.geometric() if kind == "geometric" else found.arithmetic()
    stayed = int(found.stayed.sum())
    entered = int((found.panel.present[:, found.last] > 0).sum()) - stayed
    left = int((found.panel.present[:, 0] > 0).sum()) - stayed
    made = [
        total,
        Part("continuing", "total", float(parts.price.sum()), stayed),
        Part("entry", "total", float(parts.entry.sum()), entered),
        Part("exit", "total", float(parts.exit.sum()), left),
    ]
    if kind == "geometric" and found.lists_abroad:
        # All items of a geometric mean count alike: the exchange rate's part is its mean change.
        rate = found.fx_of_stayed()
        made.append(Part("currency", "continuing", float(rate.sum() / stayed), int((rate != 0).sum())))
    quality = found.quality_parts() if kind == "geometric" else None
    if quality is not None:
        made.append(Part("entry_quality", "entry", float(quality.entry.sum()), entered))
        made.append(Part("exit_quality", "exit", float(quality.exit.sum()), left))
    return made


def _by_period(found: Reconciled) -> list[Part]:
    """The same change taken apart from period to period: who stays a month is many, who stays for years is few."""
    parts, seen = found.by_period(), found.status != ""
    came = ((found.panel.present[:, 1:] - found.panel.present[:, :-1]) > 0).any(axis=1)
    went = ((found.panel.present[:, 1:] - found.panel.present[:, :-1]) < 0).any(axis=1)
    return [
        Part("total", None, parts.total, int(seen.sum())),
        Part("continuing", "total", float(parts.price.sum()), int((found.panel.present.sum(axis=1) > 1).sum())),
        Part("entry", "total", float(parts.entry.sum()), int(came.sum())),
        Part("exit", "total", float(parts.exit.sum()), int(went.sum())),
    ]


def _items(found: Reconciled) -> int:
    """Items of either end."""
    return int((found.panel.present[:, [0, -1]] > 0).any(axis=1).sum())


def _index(found: Reconciled, output: str) -> list[Part]:
    """Total, then what items did on their own lists, group by group, and what exchange rates did."""
    price, rate = found.index_parts(output)
    made = [Part("total", None, float(price.sum() + rate.sum()), int((found.status != "").sum()))]
    for group in (CONTINUING, RETURNING, ENTERED, LEFT, PASSING):
        of = found.status == group
        if of.any():
            made.append(Part(group, "total", float(price[of].sum()), int(of.sum())))
    if found.lists_abroad:
        made.append(Part("currency", "total", float(rate.sum()), int((found.fx != 0).any(axis=1).sum())))
    return made
