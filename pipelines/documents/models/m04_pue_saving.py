"""M04, what a lower PUE saves: the cooling load it does without, and its electricity over a year.

Not here: what a lower PUE costs to build.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit.assumed import Core, stated

SAVING = "m04_pue_saving"


def cases(core: Core) -> Iterator[Cases]:
    """Both places where document 000 names a saving."""
    yield Cases(stated(core, SAVING), ("cooling_load_mw", "pue_saving_usd_per_year"), SAVING)


MODEL = Model(
    model_id="M04",
    title="PUE saving",
    question="What does a lower PUE save a site in a year?",
    where="000:25,227",
    cases=cases,
    caveats=("I-08", "I-09"),
)
