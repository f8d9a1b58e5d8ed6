"""Names of a publisher that no crosswalk knows: their rows are accepted, and stay out of core until a row names them.

One list says, for each family, which label must be known and which seed knows it; `rackhour load`, `rackhour try` and
whoever else asks read it here. Not here: the join itself (dbt's staging models), counting what a release leaves out
(core.unmapped_name).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import polars as pl

from pipelines.home.packaged import seed_rows
from sources.registry import SourceSpec


@dataclass(frozen=True)
class Crosswalk:
    """Where a label must be known.

    `column` of the contract holds it; `seed` knows it, in any of the columns `known_in`. `by_source`: a row of the seed
    counts for its source alone. `exact`: capitals matter. `beside`: another seed knows labels that are left out.
    """

    column: str
    seed: str
    known_in: tuple[str, ...]
    by_source: bool = False
    exact: bool = False
    beside: str = ""

    @property
    def file(self) -> str:
        """The file in which a new name is written."""
        return f"dbt_project/seeds/{self.seed}.csv"


HARDWARE_GPU = Crosswalk("gpu_label", "xwalk_hardware_gpu", ("gpu_label",), exact=True)
CROSSWALKS: dict[str, tuple[Crosswalk, ...]] = {
    "gpu_rental": (
        Crosswalk("provider_label", "xwalk_rental_provider", ("provider_label",)),
        Crosswalk("gpu_label", "xwalk_gpu", ("gpu_label",), beside="other_accelerator"),
    ),
    "token_prices": (Crosswalk("provider_label", "xwalk_token_provider", ("provider_label",)),),
    "colo_rates": (
        Crosswalk("market_label", "xwalk_market", ("market_label", "market")),
        Crosswalk("size_band", "xwalk_size_band", ("size_label", "size_band")),
    ),
    "power_prices": (Crosswalk("zone_label", "xwalk_power_zone", ("zone_label",), by_source=True),),
    "throughput": (HARDWARE_GPU,),
    "hardware": (HARDWARE_GPU,),
    "benchmark_scores": (
        Crosswalk("benchmark_label", "xwalk_benchmark", ("benchmark_label",), by_source=True, exact=True),
    ),
}
# A user's file names a power zone by the name core has for it.
LOADED = {"power_prices": (Crosswalk("zone_label", "xwalk_power_zone", ("zone",)),)}


def crosswalks(spec: SourceSpec) -> tuple[Crosswalk, ...]:
    """The crosswalks that rows of a source go through; none where its contract has no label that must be known."""
    if spec.contract in ("capture", "panel"):
        return ()
    of_the_family = CROSSWALKS.get(spec.family, ())
    return LOADED.get(spec.family, of_the_family) if spec.connector == "loaded" else of_the_family


def unknown_names(spec: SourceSpec, accepted: pl.DataFrame) -> dict[str, list[tuple[str, int]]]:
    """Labels no crosswalk knows, by column, with their rows, the most frequent first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for crosswalk in crosswalks(spec):
        if crosswalk.column not in accepted.columns:
            continue
        known = _known(crosswalk, spec.source_id if crosswalk.by_source else None)
        labels = accepted[crosswalk.column].drop_nulls().value_counts(sort=True)
        unknown = Counter({k: n for k, n in labels.iter_rows() if k and _folded(k, crosswalk) not in known})
        if unknown:
            found[crosswalk.column] = sorted(unknown.items(), key=lambda item: (-item[1], item[0]))
    return found


def file_to_edit(spec: SourceSpec, column: str) -> str:
    """Where a new name of this column is written down."""
    return next(crosswalk.file for crosswalk in crosswalks(spec) if crosswalk.column == column)


def _folded(label: str, crosswalk: Crosswalk) -> str:
    return label if crosswalk.exact else label.lower()


@cache
def _known(crosswalk: Crosswalk, source_id: str | None) -> frozenset[str]:
    rows = [row for row in seed_rows(crosswalk.seed) if source_id is None or row["source_id"] == source_id]
    rows += seed_rows(crosswalk.beside) if crosswalk.beside else []
    return frozenset(_folded(row[column], crosswalk) for row in rows for column in crosswalk.known_in)
