"""Assumed values as columns: one set of core.assumption, a row per subject, each parameter with its low and high.

Not here: which set a reading uses (rules.py), and any value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.economics.trace import HOW
from pipelines.mart_kit.schema import MartError

Core = Mapping[str, pl.DataFrame]
EVERY_SUBJECT = ""


def assumed(core: Core, assumption_set: str) -> pl.DataFrame:
    """One row per subject: `subject`, and for each parameter its value, `_low` and `_high`.

    A parameter for which no subject has a range gets no `_low` and `_high`. An unknown set gives no rows: a
    document of later date than the as-of day is not known yet.
    """
    rows = core["assumption"].filter(pl.col("assumption_set") == assumption_set)
    # By hand and not by a join a parameter: sets are small, marts ask for many, and scenarios build marts many times.
    found: dict[str, dict[str, object]] = {subject: {} for subject in sorted(rows["subject"].unique())}
    parts = {"value": "", "value_low": "_low", "value_high": "_high"}
    ranged = set()
    for row in rows.iter_rows(named=True):
        parameter = row["parameter"]
        made = found[row["subject"]]
        made |= {parameter + end: row[part] for part, end in parts.items()}
        if HOW + "value" in row:
            made[HOW + parameter] = row[HOW + "value"]
        if row["value_low"] is not None or row["value_high"] is not None:
            ranged.add(parameter)
    schema: dict[str, pl.DataType] = {"subject": pl.String()}
    for parameter in sorted(set(rows["parameter"])):
        schema |= {parameter + end: pl.Float64() for end in (parts.values() if parameter in ranged else ("",))}
        if HOW + "value" in rows.columns:
            schema[HOW + parameter] = pl.String()
    wide = [{"subject": subject, **values} for subject, values in found.items()]
    return pl.DataFrame([{name: one.get(name) for name in schema} for one in wide], schema=schema, orient="row")


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


def stated(core: Core, assumption_set: str) -> pl.DataFrame:
    """The operands of one set, one row per subject (`case`), values that hold for every subject in each row.

    A set without subjects gives one row, its case named after the set. A set nobody knows yet (an early as-of day)
    gives none.
    """
    rows = assumed(core, assumption_set)
    common = rows.filter(pl.col("subject") == EVERY_SUBJECT).drop("subject")
    own = rows.filter(pl.col("subject") != EVERY_SUBJECT)
    if own.is_empty():
        return common.with_columns(case=pl.lit(assumption_set))
    if common.is_empty():
        return own.rename({"subject": "case"})
    filled = [name for name in common.columns if not common[name].is_null().all()]
    wide = own.join(common.select(filled), how="cross", suffix="__common")
    merged = {name: pl.coalesce(name, f"{name}__common") for name in filled if f"{name}__common" in wide.columns}
    return wide.select(
        pl.col("subject").alias("case"),
        *[merged.get(name, pl.col(name)).alias(name) for name in own.columns if name != "subject"],
        *[name for name in filled if name not in own.columns],
    )
