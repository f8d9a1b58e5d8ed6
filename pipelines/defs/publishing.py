"""The release as the last asset: everything built, audited and shown to readers by one rename.

Not here: how a release is written or audited (pipelines/release/publish.py, pipelines/release/audit.py).
"""

# mypy: disable-error-code="type-arg"
# Dagster reads these annotations when it loads, and knows its generic types without parameters only.

import datetime as dt
from dataclasses import replace
from pathlib import Path

import dagster as dg

from pipelines.defs import dbt_nodes, marts, present, signposts
from pipelines.defs.resource import BuildResource
from pipelines.home.build import Build
from pipelines.home.fingerprint import fingerprint
from pipelines.mart_kit.all_marts import marts as every_mart
from pipelines.release import tables
from pipelines.release.publish import publish
from pipelines.warehouse.core_reader import read_build

KEY = dg.AssetKey("release")
CONTRACT = "contract"
PLAUSIBLE = "plausible"
# The nightly run starts at 03:30 UTC and takes minutes: by 06:00 a release is there, or somebody should look.
FRESH = dg.FreshnessPolicy.cron(deadline_cron="0 6 * * *", lower_bound_delta=dt.timedelta(hours=3))


def assets() -> list[dg.AssetsDefinition]:
    """The one release asset, behind every table it publishes."""
    published = [*dbt_nodes.published_keys(), *(marts.key(name) for name in every_mart())]

    @dg.asset(
        key=KEY,
        deps=published,
        group_name="release",
        kinds={"duckdb", "parquet"},
        description=(
            "One immutable, versioned folder of core, quarantine and marts, and the link `current` that shows it.\n\n"
            "Audited before it is shown; whatever fails leaves the release before it in place."
        ),
        freshness_policy=FRESH,
        owners=signposts.RELEASE,
        metadata=signposts.code(Path(publish.__code__.co_filename)),
        check_specs=[
            dg.AssetCheckSpec(
                CONTRACT, asset=KEY, blocking=True, description="Every blocking check of the audit holds."
            ),
            dg.AssetCheckSpec(PLAUSIBLE, asset=KEY, description="No rate moved implausibly, no core table is empty."),
        ],
    )
    def release(build: BuildResource) -> dg.MaterializeResult:
        wish = build.wish
        manifest = publish(_as_landed(wish), _as_of(wish), tables.tables(wish))
        blocking = [c for c in manifest["checks"] if c["blocking"]]
        warnings = [c for c in manifest["checks"] if not c["blocking"] and not c["passed"]]
        rows = {name: table["rows"] for name, table in manifest["tables"].items()}
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": sum(rows.values()),
                "release_id": manifest["release_id"],
                "as_of": manifest["as_of"],
                "mode": manifest["mode"],
                "previous": manifest["previous"] or "none",
                "place": dg.MetadataValue.path(str(wish.home.releases / manifest["release_id"])),
                "tables": present.pairs(rows, "table", "rows"),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name=CONTRACT,
                    passed=all(c["passed"] for c in blocking),
                    description=f"{sum(c['passed'] for c in blocking)} of {len(blocking)} blocking checks hold",
                ),
                dg.AssetCheckResult(
                    check_name=PLAUSIBLE,
                    passed=not warnings,
                    severity=dg.AssetCheckSeverity.WARN,
                    description="; ".join(f"{c['name']}: {c['message']}" for c in warnings) or "nothing stands out",
                ),
            ],
        )

    return [release]


def _as_landed(build: Build) -> Build:
    """The build under the fingerprint of what has landed by now: a re-run starts from that, not from an empty home."""
    return replace(build, fingerprint=fingerprint(build))


def _as_of(build: Build) -> dt.date:
    """The day core was built as of, read from core itself."""
    day: dt.date = read_build(build, ["calendar"])["calendar"]["as_of_date"].max()  # type: ignore[assignment]
    return day
