"""What users loaded from files of their own, one asset per family, whatever a home holds.

Nothing is fetched: the asset looks at what lies in landing and reads again what older code has read. Not here: loading
(pipelines/landing/loading.py), the views dbt reads (pipelines/warehouse/build_database.py).
"""

# mypy: disable-error-code="type-arg"
# Dagster reads these annotations when it loads, and knows its generic types without parameters only.

import dagster as dg

from pipelines.defs import signposts
from pipelines.defs.landing import CONTRACT, HEALTH, key
from pipelines.defs.resource import BuildResource
from pipelines.home.progress import report
from pipelines.landing import health, intake
from pipelines.landing.intake import SourceRun
from sources.loaded import FAMILIES
from sources.registry import SOURCES_DIR, home_sources


def table(family: str) -> str:
    """The landing table of a family's loaded rows."""
    return f"loaded_{family}"


def assets() -> list[dg.AssetsDefinition]:
    """One asset per family that files load into."""
    return [_loaded(family) for family in FAMILIES]


def _loaded(family: str) -> dg.AssetsDefinition:
    asset_key = key(table(family))

    @dg.asset(
        key=asset_key,
        group_name=family,
        description=f"What users of this home loaded into {family} with `rackhour load`: bought data, cards, quotes.",
        kinds={"file"},
        owners=signposts.SOURCES,
        metadata=signposts.code(SOURCES_DIR / family / "contract.py"),
        check_specs=[
            dg.AssetCheckSpec(
                CONTRACT, asset=asset_key, blocking=True, description="Received = accepted + rejected for every file."
            ),
            dg.AssetCheckSpec(HEALTH, asset=asset_key, description="No row of a loaded file was rejected."),
        ],
    )
    def loaded(build: BuildResource) -> dg.MaterializeResult:
        home = build.wish.home
        specs = [spec for spec in home_sources(home.sources).values() if spec.family == family]
        runs = [intake.last_good(spec, home) for spec in specs]
        health.record(home, build.wish.run_id, runs)
        accepted, rejected = sum(r.accepted for r in runs), sum(r.rejected for r in runs)
        if runs:
            refused = f", {rejected:,} rejected" if rejected else ""
            report("ingest", f"{table(family)}: {accepted:,} rows of {len(runs)} sources{refused}")
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": accepted,
                "sources": ", ".join(r.source_id for r in runs) or "none",
                "rejected": rejected,
            },
            check_results=[_contract(runs), _health(runs)],
        )

    return loaded


def _contract(runs: list[SourceRun]) -> dg.AssetCheckResult:
    off = [r.source_id for r in runs if r.received != r.accepted + r.rejected]
    told = f"received is not accepted + rejected: {', '.join(off)}" if off else f"{len(runs)} sources keep it"
    return dg.AssetCheckResult(check_name=CONTRACT, passed=not off, description=told)


def _health(runs: list[SourceRun]) -> dg.AssetCheckResult:
    notes = [f"{r.source_id}: {r.rejected} of {r.received} rows rejected" for r in runs if r.rejected]
    return dg.AssetCheckResult(
        check_name=HEALTH,
        passed=not notes,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(notes) or "nothing rejected",
    )
