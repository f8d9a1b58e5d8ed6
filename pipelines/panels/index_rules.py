"""One threshold of the price indices by name, from core.rules_index (dbt_project/seeds/rules_index.csv).

A user changes one without touching code: `rackhour scenario --set "rules_index.value[rule=window_months]=13"`.

Not here: the rules and their reasons.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl


def rule(core: Mapping[str, pl.DataFrame], name: str) -> float:
    """The value of a rule. Raises LookupError where there is none of that name."""
    found = core["rules_index"].filter(pl.col("rule") == name)["value"]
    if found.len() != 1:
        raise LookupError(f"core.rules_index has no rule {name!r}")
    return float(found[0])
