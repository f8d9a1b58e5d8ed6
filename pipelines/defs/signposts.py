"""What an asset's page points to besides its figures: who looks after it, its files, and when it is late.

Not here: figures (present.py), what an asset does.
"""

import datetime as dt
import warnings
from pathlib import Path

import dagster as dg
from dagster import BetaWarning

from pipelines.home.packaged import TREE
from pipelines.home.packaged_rules import rule
from sources.registry import SourceSpec

# A team a room: whoever changes that room answers for its assets.
SOURCES, WAREHOUSE, MARTS, RELEASE = (
    ["team:sources"],
    ["team:warehouse"],
    ["team:marts"],
    ["team:release"],
)
LATE = dt.timedelta(hours=12)  # a nightly run ends minutes after the one of the day before: no warning for that
STALE_MULTIPLE = rule("stale_cadence_multiple")


def code(*files: Path) -> dict[str, dg.CodeReferencesMetadataValue]:
    """Metadata that links an asset to its files, named as in the repository."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", BetaWarning)  # said once an asset otherwise, and nobody could act on it
        references = [
            dg.LocalFileCodeReference(file_path=str(file), label=file.relative_to(TREE).as_posix()) for file in files
        ]
        return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=list(references))}


def freshness(spec: SourceSpec) -> dg.FreshnessPolicy | None:
    """A live source is to be asked within its publisher's cadence, and is stale after twice that.

    None for an embedded one: no run makes it newer. How old its data are is told by its check `health`.
    """
    if not spec.live:
        return None
    cadence = dt.timedelta(days=spec.cadence_days)
    return dg.FreshnessPolicy.time_window(fail_window=STALE_MULTIPLE * cadence, warn_window=cadence + LATE)
