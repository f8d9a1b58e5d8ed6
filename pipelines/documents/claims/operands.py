"""Operands of bound claims and of inconsistencies, each with the value the document gives it and the observed one.

A binding gives a value outright, or says where it stands: a row of core.assumption, another claim. Beside it may
stand what the warehouse observes of the same thing.

Not here: computing with them (figures.py), looking observations up (observed.py).
"""

from __future__ import annotations

import polars as pl

from pipelines.documents.claims.figures import ENDS
from pipelines.economics.trace import HOW, current

CLAIM = "claim:"


def resolved(
    bindings: pl.DataFrame, claims: pl.DataFrame, assumptions: pl.DataFrame, seen: pl.DataFrame
) -> pl.DataFrame:
    """The bindings with value, value_low, value_high filled in from where they stand, and data, data_low, data_high.

    `seen` is what observed.py finds of their references. data is what is observed, else the document's value;
    `is_observed` says which. What stands in a document that is not known yet on an early as-of day is null (that it is
    there at all, the dbt test claims_are_bound_rightly holds).
    """
    standing = pl.concat([_of_assumptions(assumptions), _of_claims(claims)])
    joined = bindings.join(standing, on="assumption", how="left", suffix="__there", maintain_order="left")
    here = pl.col("value").is_not_null()
    stated = joined.with_columns(
        pl.when(here).then(name).otherwise(f"{name}__there").alias(name) for name in (*ENDS, *_how())
    ).drop(pl.selectors.ends_with("__there"))
    data = {name: name.replace("value", "data", 1) for name in (*ENDS, *_how())}
    found = seen.rename({name: to for name, to in data.items() if name in seen.columns})
    both = stated.join(found, on="observed", how="left", maintain_order="left")
    is_observed = pl.col("data").is_not_null()
    return both.with_columns(
        is_observed.alias("is_observed"),
        *[pl.when(is_observed).then(to).otherwise(name).alias(to) for name, to in data.items() if to in both.columns],
    )


def _how() -> list[str]:
    """The name of the references' column, under tracing."""
    return [HOW + "value"] if current() else []


def _of_assumptions(assumptions: pl.DataFrame) -> pl.DataFrame:
    name = pl.concat_str("assumption_set", "parameter", "subject", separator=":").alias("assumption")
    return assumptions.select(name, *ENDS, *_how())


def _of_claims(claims: pl.DataFrame) -> pl.DataFrame:
    """Claims by name: a range as its middle with both ends, and each of its ends by itself."""
    low, high = pl.col("value_low"), pl.col("value_high")
    name, none = pl.lit(CLAIM) + pl.col("claim_id"), pl.lit(None, dtype=pl.Float64)
    whole = claims.select(
        name.alias("assumption"),
        pl.coalesce((low + high) / 2.0, low).alias("value"),
        pl.when(high.is_not_null()).then(low).alias("value_low"),
        "value_high",
        *[_middle().alias(how) for how in _how()],
    )
    ends = [
        claims.select(
            (name + f"#{end}").alias("assumption"),
            value.alias("value"),
            none.alias("value_low"),
            none.alias("value_high"),
            *[(pl.col(f"{how}_{end}") if end == "low" else _last()).alias(how) for how in _how()],
        )
        for end, value in (("low", low), ("high", pl.coalesce(high, low)))
    ]
    return pl.concat([whole, *ends])


def _middle() -> pl.Expr:
    """The reference of a claim's base value: its one figure, or the mean of both ends."""
    low, high = pl.col(f"{HOW}value_low"), pl.col(f"{HOW}value_high")
    both = pl.concat_str(pl.lit('{"agg": "mean", "of": ['), low, pl.lit(", "), high, pl.lit("]}"))
    return pl.when(pl.col("value_high").is_null()).then(low).otherwise(both)


def _last() -> pl.Expr:
    """The reference of the high end, or of the one figure."""
    return pl.when(pl.col("value_high").is_null()).then(f"{HOW}value_low").otherwise(f"{HOW}value_high")
