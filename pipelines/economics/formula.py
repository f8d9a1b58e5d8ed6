"""Formulas by name: a function's NAME is the column it makes, its PARAMETERS are the columns it needs.

Write a formula in the file of its subject and it is found there: nothing registers it. Constants are in units.py.

    @formula(unit="percent", source="M01; document 000:5-12")
    def gross_margin_pct(price_usd_per_gpu_hour: pl.Expr, total_cost_usd_per_gpu_hour: pl.Expr) -> pl.Expr:

A formula serves both readings of a figure unless it says which one it is of: `as_published` is the form of the
documents, `professional` the form of practitioners. A figure with two forms has two functions, one after the other in
one file. Python gives a name in a module to one function only, so each is named `<figure>__<reading>`; searching for
the figure's name finds both.

    @formula(unit="usd/gpu_hour", source="M02; document 000:7", reading="as_published")
    def capital_usd_per_gpu_hour__as_published(...)

    @formula(unit="usd/gpu_hour", source="NREL levelised cost of energy", reading="professional")
    def capital_usd_per_gpu_hour__professional(...)

Not here: the formulas themselves (a folder per subject beside this file), frames (compute.py), marts.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

import polars as pl

import pipelines.economics

AS_PUBLISHED = "as_published"
PROFESSIONAL = "professional"
READINGS = (AS_PUBLISHED, PROFESSIONAL)

WITHOUT_FORMULAS = frozenset({"index_numbers"})
"""Folders beside the subjects that are not searched: index numbers work on panels, and are slow to import."""


@dataclass(frozen=True)
class Formula:
    """One formula: the figure it makes, its operands, unit, source, the expression behind it and its reading.

    `reading` is None for a formula that serves both.
    """

    figure: str
    operands: tuple[str, ...]
    unit: str
    source: str
    meaning: str
    build: Callable[..., pl.Expr]
    reading: str | None = None

    def __call__(self, *operands: pl.Expr, **named: pl.Expr) -> pl.Expr:
        """The expression over the given operands: a formula is used like the plain function it was written as."""
        return self.build(*operands, **named)

    @property
    def module(self) -> str:
        """The module it is written in."""
        return self.build.__module__

    @property
    def file(self) -> str:
        """The file it is written in, from the top of the repository."""
        return self.module.replace(".", "/") + ".py"


def formula(*, unit: str, source: str, reading: str | None = None) -> Callable[[Callable[..., pl.Expr]], Formula]:
    """Make a function of polars expressions a formula. Unit in pint syntax; source as a citation.

    Raises ValueError for a reading there is none of, or where the function's name ends in another one.
    """
    if reading not in (None, *READINGS):
        raise ValueError(f"reading={reading!r}: write one of {', '.join(READINGS)}, or none where both use one form")

    def declare(build: Callable[..., pl.Expr]) -> Formula:
        figure, _, form = build.__name__.partition("__")
        if form and form != reading:
            raise ValueError(
                f"{build.__module__}.{build.__name__}: the name says reading {form!r}, the decorator {reading!r}; "
                f"write @formula(..., reading={form!r})"
            )
        return Formula(
            figure=figure,
            operands=tuple(inspect.signature(build).parameters),
            unit=unit,
            source=source,
            meaning=inspect.getdoc(build) or "",
            build=build,
            reading=reading,
        )

    return declare


@cache
def formulas(reading: str = PROFESSIONAL) -> Mapping[str, Formula]:
    """Every formula of a reading by its figure; the subject folders are imported once, at the first call.

    Raises ValueError where two formulas make one figure in one reading, or its two forms stand in two files.
    """
    if reading not in READINGS:
        raise ValueError(f"no reading {reading!r}: there are {' and '.join(READINGS)}")
    return MappingProxyType(by_figure(every_formula(), reading))


@cache
def every_formula() -> tuple[Formula, ...]:
    """The formulas of all subject folders, of both readings, by file and then in the order they are written in."""
    top = pipelines.economics.__path__
    found: list[Formula] = []
    for subject in sorted(info.name for info in pkgutil.iter_modules(top) if info.ispkg):
        if subject in WITHOUT_FORMULAS:
            continue
        package = importlib.import_module(f"pipelines.economics.{subject}")
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            found += [
                value
                for value in vars(module).values()
                if isinstance(value, Formula) and value.module == module.__name__
            ]
    return tuple(found)


def by_figure(known: Iterable[Formula], reading: str) -> dict[str, Formula]:
    """Those of the reading by figure. Raises ValueError as `formulas` does, naming both files."""
    chosen: dict[str, Formula] = {}
    other: dict[str, Formula] = {}
    for one in known:
        of_reading = chosen if one.reading in (None, reading) else other
        before = of_reading.setdefault(one.figure, one)
        if before is not one:
            raise ValueError(
                f"two formulas make {one.figure} in one reading: {before.file} ({before.reading or 'both readings'}) "
                f"and {one.file} ({one.reading or 'both readings'}); delete one, or give each figure a name of its own"
            )
    for figure in chosen.keys() & other.keys():
        if chosen[figure].file != other[figure].file:
            raise ValueError(
                f"the two forms of {figure} stand in {chosen[figure].file} and {other[figure].file}; "
                "write both in one file, one after the other"
            )
    return chosen
