"""Every deflator the price marts publish, one module each: it offers rows, the marts state what a row must hold.

A module of this package with a DEFLATOR is a deflator; `price_index` and `price_deflation` find it by itself. It has

    DEFLATOR    its kind, a value of core.enumeration's `deflator`; kinds may be shared by modules
    SEGMENTS    how its segments' names begin, so that `explain` knows whose row it is asked about; no other module
                may claim the same
    INPUTS      the core tables it reads
    MARTS       (may be absent) the marts it reads, handed to it as `marts.NAME`
    deflation   rows of marts.price_deflation: at least key, annual_factor, n, first_period, last_period
    index       rows of marts.price_index where it has a level per period, else an empty frame
    basis       what one of its rows stands on, for `explain`

Columns a module does not give are null; those the marts compute for all alike (annual_change_pct, span_days,
is_extrapolated, sensitivity to method and splice) are not its business. Names of segments and methods are listed in
core.enumeration: methods in dbt_project/seeds/enumeration_index.csv, segments in
dbt_project/models/core/enumeration.sql or, where no fact lists them, in that seed under `segment`.

Not here: any index method, the tables' columns.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, cast

import polars as pl

from pipelines.economics.index_numbers.panel import Vector


@dataclass(frozen=True)
class Basis:
    """What one row's figures stand on: `says` how in words, and `again` makes its segment's rows from other values.

    `observed` has a row per operand: `group` (such as the item), `name` (such as its month), `value` and under tracing
    the reference of the value (pipelines/mart_kit/carry.py). `again` takes values in the order of `observed` and gives
    rows as `deflation` or `index` does, whichever mart was asked about.
    """

    says: str
    observed: pl.DataFrame
    again: Callable[[Vector], pl.DataFrame]


class Deflator(Protocol):
    """A module of this package."""

    DEFLATOR: str
    SEGMENTS: tuple[str, ...]
    INPUTS: tuple[str, ...]

    def deflation(self, core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Rows of marts.price_deflation."""

    def index(self, core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Rows of marts.price_index."""

    def basis(self, core: Mapping[str, pl.DataFrame], mart: str, row: Mapping[str, Any]) -> Basis:
        """What a row of `mart` (its table's name) stands on. Raises LookupError where the row is no longer made."""


@cache
def deflators() -> dict[str, Deflator]:
    """Every deflator by the name of its module."""
    found = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        if hasattr(module, "DEFLATOR"):
            found[info.name] = cast(Deflator, module)
    return dict(sorted(found.items()))


def inputs() -> tuple[str, ...]:
    """The core tables that all of them read."""
    return tuple(sorted({name for module in deflators().values() for name in module.INPUTS}))


def marts() -> tuple[str, ...]:
    """The marts that any of them reads."""
    return tuple(sorted({name for module in deflators().values() for name in getattr(module, "MARTS", ())}))


def of_segment(segment: str) -> Deflator:
    """The deflator whose segment it is: the one that claims the longest beginning of its name. Raises LookupError."""
    claims = {begins: module for module in deflators().values() for begins in module.SEGMENTS}
    fitting = [begins for begins in claims if segment.startswith(begins)]
    if not fitting:
        raise LookupError(f"no deflator makes a segment named {segment!r}")
    return claims[max(fitting, key=len)]
