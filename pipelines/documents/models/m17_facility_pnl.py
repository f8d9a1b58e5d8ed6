"""M17, a data centre per MW and as a site of 100 MW: capital, running cost, margins, what cheap energy saves.

Not here: landlord and GPU cloud kept apart (marts.facility_pnl).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.documents.newest import newest_day
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import carry
from pipelines.marts import facility_pnl

PER_MW, SHELL = facility_pnl.PER_MW, "m17_shell_components"
ADVANTAGE, SAVING, POINTS = "m17_opex_advantage", "m17_saving", "m17_margin_points"
OF_SITE = (
    "capex_usd_per_mw",
    "opex_usd_per_mw_year",
    "facility_capex_usd",
    "facility_opex_usd_per_year",
    "facility_depreciation_usd_per_year",
    "margin_before_depreciation_pct",
    "margin_after_depreciation_pct",
)


def cases(core: Core) -> Iterator[Cases]:
    """Both operators' rows, the shell's components, the savings; then a landlord at observed rates."""
    yield Cases(stated(core, PER_MW), OF_SITE, PER_MW)
    industry = stated(core, PER_MW).filter(pl.col("case") == facility_pnl.INDUSTRY)
    if not industry.is_empty():
        parts = stated(core, SHELL).join(industry.select(carry("shell_capex_usd_per_mw")), how="cross")
        yield Cases(parts, ("shell_components_usd_per_mw", "unnamed_shell_usd_per_mw"), SHELL)
    yield Cases(stated(core, ADVANTAGE), ("opex_advantage_usd_per_year",), ADVANTAGE)
    yield Cases(stated(core, SAVING), ("undiscounted_saving_usd", "present_value_of_saving_usd"), SAVING)
    yield Cases(stated(core, POINTS), ("saving_in_margin_points",), POINTS)
    landlord = facility_pnl.landlords(newest_day(core)).collect()
    if not landlord.is_empty():
        named = landlord.with_columns(case=pl.col("market"))
        yield Cases(named, facility_pnl.FIGURES, "observed", "professional")


MODEL = Model(
    model_id="M17",
    title="Data centre: capital, running cost and margin",
    question="What does a megawatt of data centre cost to build and run, and what is left of its revenue?",
    where="000:230-247,261-273",
    cases=cases,
    inputs=facility_pnl.INPUTS,
    caveats=("I-29", "I-30", "I-31", "I-32", "I-33", "I-34", "I-35", "I-37"),
)
