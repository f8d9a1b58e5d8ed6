"""Assumed values as columns: one set of core.assumption, a row per subject, each parameter with its low and high.

Not here: which set a reading uses (rules.py), and any value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.economics.trace import HOW
from pipelines.marts.carry import aliased
from pipelines.marts.schema import MartError

Core = Mapping[str, pl.DataFrame]
EVERY_SUBJECT = ""


def assumed(core: Core, assumption_set: str) -> pl.DataFrame:
    """One row per subject: `subject`, and for each parameter its value, `_low` and `_high`.

    A parameter for which no subject has a range gets no `_low` and `_high`. An unknown set gives no rows: a
    document of later date than the as-of day is not known yet.
    """
    rows = core["assumption"].filter(pl.col("assumption_set") == assumption_set)
    wide = rows.select("subject").unique().sort("subject")
    for parameter in rows["parameter"].unique().sort():
        of_it = rows.filter(pl.col("parameter") == parameter).select("subject", *aliased({"value": parameter}))
        if of_it[f"{parameter}_low"].is_null().all() and of_it[f"{parameter}_high"].is_null().all():
            of_it = of_it.drop(f"{parameter}_low", f"{parameter}_high")
        wide = wide.join(of_it, on="subject", how="left", maintain_order="left")
    return wide


def constants(core: Core, assumption_set: str, parameters: Sequence[str]) -> list[pl.Expr]:
    """The set's values that hold for every subject (subject empty), as literal columns with their ranges.

    Raises MartError naming the parameter the set lacks.
    """
    everywhere = assumed(core, assumption_set).filter(pl.col("subject") == EVERY_SUBJECT)
    made = []
    for parameter in parameters:
        if everywhere.is_empty() or parameter not in everywhere.columns or everywhere[parameter].item() is None:
            raise MartError(
                f"core.assumption: set {assumption_set!r} has no value for {parameter!r} with an empty subject; "
                "add the row to sources/assumptions/curated/assumptions.csv"
            )
        names = [name for name in (parameter, f"{parameter}_low", f"{parameter}_high") if name in everywhere.columns]
        made += [pl.lit(everywhere[name].item(), dtype=pl.Float64).alias(name) for name in names]
        if HOW + parameter in everywhere.columns:
            made.append(pl.lit(everywhere[HOW + parameter].item()).alias(HOW + parameter))
    return made
