"""The build database behind the sources: a fresh file whose schema `landing` shows dbt what has landed.

Not here: making it (pipelines/warehouse.py), the sources (landing.py), what dbt makes of them (models.py).
"""

import dagster as dg
import duckdb

from pipelines import corrections, landing, warehouse
from pipelines.defs.landing import CONTRACT, key
from pipelines.defs.loaded import table
from pipelines.defs.resource import BuildResource
from pipelines.progress import report
from sources.loaded import FAMILIES
from sources.registry import all_sources, every_source


def assets() -> list[dg.AssetsDefinition]:
    """Tables about all sources, made while the build database is laid out for dbt."""
    upstream = [*[key(source_id) for source_id in all_sources()], *[key(table(family)) for family in FAMILIES]]
    catalog, rejected, seen = key("source_catalog"), key("rejected"), key("seen")
    decided, matched = key("correction"), key("correction_match")

    @dg.multi_asset(
        name="build_database",
        specs=[
            dg.AssetSpec(
                catalog,
                deps=upstream,
                group_name="landing",
                kinds={"duckdb"},
                description="One row per source. Every source.yml as a table, in a fresh build database.",
            ),
            dg.AssetSpec(
                rejected,
                deps=upstream,
                group_name="landing",
                kinds={"duckdb"},
                description="One row per rejected row of the payloads that count, with the rules it broke.",
            ),
            dg.AssetSpec(
                decided,
                deps=upstream,
                group_name="landing",
                kinds={"duckdb"},
                description="One row per correction, packaged or a user's own, as its YAML states it.",
            ),
            dg.AssetSpec(
                matched,
                deps=upstream,
                group_name="landing",
                kinds={"duckdb"},
                description="One row per correction and landed row it names.",
            ),
            dg.AssetSpec(
                seen,
                deps=upstream,
                group_name="landing",
                kinds={"duckdb"},
                description="One row per look at a group of items: which payload was seen on which day.",
            ),
        ],
        check_specs=[
            dg.AssetCheckSpec(
                CONTRACT, asset=catalog, blocking=True, description="Every source stands in it, and has a view to read."
            ),
            dg.AssetCheckSpec(
                CONTRACT, asset=rejected, blocking=True, description="It holds every row a source reports rejected."
            ),
            dg.AssetCheckSpec(CONTRACT, asset=decided, blocking=True, description="Every entry stands in it."),
            dg.AssetCheckSpec(CONTRACT, asset=matched, blocking=True, description="Every match is an entry's."),
            dg.AssetCheckSpec(
                CONTRACT, asset=seen, blocking=True, description="Every payload that counts and piles up was seen."
            ),
        ],
    )
    def build_database(build: BuildResource):  # type: ignore[no-untyped-def]  # a generator of three event types
        wish = build.wish
        as_of = warehouse.prepare(wish)
        sources = every_source(wish.home.sources)
        empty = sum(landing.state(spec, wish.home).status == "absent" for spec in sources.values())
        told = f"; {empty} live ones hold nothing yet (rackhour refresh --live)" if empty else ""
        report("landing", f"{len(sources) - empty} sources laid out, as of {as_of}{told}")
        counts = _counts(build)
        listed, refused = counts["landing.source_catalog"], counts["landing.rejected"]
        expected = sum(landing.state(spec, wish.home).rejected for spec in sources.values())
        yield dg.MaterializeResult(
            asset_key=catalog,
            metadata={"dagster/row_count": listed, "as_of": as_of.isoformat(), "mode": wish.mode},
            check_results=[
                dg.AssetCheckResult(
                    check_name=CONTRACT,
                    asset_key=catalog,
                    passed=listed == len(sources),
                    description=f"{listed} of {len(sources)} sources",
                )
            ],
        )
        yield dg.MaterializeResult(
            asset_key=rejected,
            metadata={"dagster/row_count": refused},
            check_results=[
                dg.AssetCheckResult(
                    check_name=CONTRACT,
                    asset_key=rejected,
                    passed=refused == expected,
                    description=f"{refused} rows, {expected} reported",
                )
            ],
        )
        payloads = sum(
            len(landing.good_payloads(spec, wish.home)) for spec in sources.values() if spec.payloads == "append"
        )
        yield dg.MaterializeResult(
            asset_key=seen,
            metadata={"dagster/row_count": counts["landing.seen"]},
            check_results=[
                dg.AssetCheckResult(
                    check_name=CONTRACT,
                    asset_key=seen,
                    passed=counts["payloads"] == payloads,
                    description=f"{counts['payloads']} of {payloads} payloads",
                )
            ],
        )

        entries = len(corrections.entries(wish.home))
        laid_out = counts["landing.correction"]
        yield dg.MaterializeResult(
            asset_key=decided,
            metadata={"dagster/row_count": laid_out},
            check_results=[
                dg.AssetCheckResult(
                    check_name=CONTRACT,
                    asset_key=decided,
                    passed=laid_out == entries,
                    description=f"{laid_out} of {entries} entries",
                )
            ],
        )
        strays = counts["strays"]
        yield dg.MaterializeResult(
            asset_key=matched,
            metadata={"dagster/row_count": counts["landing.correction_match"]},
            check_results=[
                dg.AssetCheckResult(
                    check_name=CONTRACT,
                    asset_key=matched,
                    passed=strays == 0,
                    description=f"{strays} matches of no entry",
                )
            ],
        )

    return [build_database]


def _counts(build: BuildResource) -> dict[str, int]:
    """Rows of the tables about all sources, as the build database holds them, and the payloads that were seen."""
    queries = {
        **{f"landing.{name}": f"landing.{name}" for name in ("source_catalog", "rejected", "seen")},
        **{f"landing.{name}": f"landing.{name}" for name in ("correction", "correction_match")},
        "strays": "landing.correction_match anti join landing.correction using (correction_id)",
        "payloads": "(select distinct source_id, payload_sha256 from landing.seen)",
    }
    with duckdb.connect(str(build.wish.home.build_db), read_only=True) as connection:
        return {
            name: int(connection.sql(f"select count(*) from {what}").fetchall()[0][0]) for name, what in queries.items()
        }
