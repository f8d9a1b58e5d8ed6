"""M22, time to power: stages in a row or side by side, scarcity, money while a site is built, GPUs that wait.

Not here: what the site earns once it runs (m17).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit.assumed import Core, stated

STAGES, SCARCITY = "m22_time_to_power", "m22_scarcity"
BUILDING, WAITING = "professional_construction", "professional_unpowered"


def cases(core: Core) -> Iterator[Cases]:
    """The printed stages and the house; then what delay costs."""
    yield Cases(stated(core, STAGES), ("sequential_build_years", "parallel_build_years"), STAGES)
    yield Cases(stated(core, SCARCITY), ("scarcity_multiple",), SCARCITY)
    opening = ("construction_interest_factor", "capex_at_opening_usd_per_mw")
    yield Cases(stated(core, BUILDING), opening, BUILDING, "professional")
    yield Cases(stated(core, WAITING), ("unpowered_usd_per_gpu_month",), WAITING, "professional")


MODEL = Model(
    model_id="M22",
    title="Time to power and scarcity",
    question="How long until a site serves, what does the wait cost, and what is a finished site worth?",
    where="000:326-330",
    cases=cases,
    caveats=("I-52",),
)
