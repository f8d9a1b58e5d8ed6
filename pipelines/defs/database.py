"""The build database behind the sources: a fresh file whose schema `landing` shows dbt what has landed.

Not here: making it (pipelines/warehouse/build_database.py), the sources (landing.py), what dbt makes of them
(models.py).
"""

import dagster as dg
import duckdb

from pipelines.defs.landing import CONTRACT, key
from pipelines.defs.loaded import table
from pipelines.defs.resource import BuildResource
from pipelines.home.progress import begin, report
from pipelines.landing import intake
from pipelines.warehouse import corrections
from pipelines.warehouse.build_database import prepare
from sources.loaded import FAMILIES
from sources.registry import all_sources, every_source

# Each table: what a row is, and what must hold of it.
TABLES = {
    "source_catalog": (
        "One row per source. Every source.yml as a table, in a fresh build database.",
        "Every source stands in it, and has a view to read.",
    ),
    "rejected": (
        "One row per rejected row of the payloads that count, with the rules it broke.",
        "It holds every row a source reports rejected.",
    ),
    "seen": (
        "One row per look at a group of items: which payload was seen on which day.",
        "Every payload that counts and piles up was seen.",
    ),
    "correction": (
        "One row per correction, packaged or a user's own, as its YAML states it.",
        "Every entry stands in it.",
    ),
    "correction_match": ("One row per correction and landed row it names.", "Every match is an entry's."),
}


def assets() -> list[dg.AssetsDefinition]:
    """Tables about all sources, made while the build database is laid out for dbt."""
    upstream = [*[key(source_id) for source_id in all_sources()], *[key(table(family)) for family in FAMILIES]]

    @dg.multi_asset(
        name="build_database",
        specs=[
            dg.AssetSpec(key(name), deps=upstream, group_name="landing", kinds={"duckdb"}, description=what)
            for name, (what, _) in TABLES.items()
        ],
        check_specs=[
            dg.AssetCheckSpec(CONTRACT, asset=key(name), blocking=True, description=rule)
            for name, (_, rule) in TABLES.items()
        ],
    )
    def build_database(build: BuildResource):  # type: ignore[no-untyped-def]  # a generator of three event types
        wish = build.wish
        begin("landing", "laying out what has landed")
        as_of = prepare(wish)
        sources = every_source(wish.home.sources)
        states = [intake.state(spec, wish.home) for spec in sources.values()]
        empty = sum(state.status == "absent" for state in states)
        told = f"; {empty} live ones hold nothing yet (rackhour refresh --live)" if empty else ""
        report("landing", f"{len(sources) - empty} sources laid out, as of {as_of}{told}")
        counts = _counts(build)
        piled = [spec for spec in sources.values() if spec.payloads == "append"]
        expected = {
            "source_catalog": (counts["source_catalog"], len(sources), "sources"),
            "rejected": (counts["rejected"], sum(state.rejected for state in states), "rows that are reported"),
            "seen": (
                counts["payloads"],
                sum(len(intake.good_payloads(spec, wish.home)) for spec in piled),
                "payloads",
            ),
            "correction": (counts["correction"], len(corrections.entries(wish.home)), "entries"),
            "correction_match": (counts["strays"], 0, "matches of no entry"),
        }
        for name, (found, wanted, what) in expected.items():
            metadata: dict[str, dg.MetadataValue] = {
                "dagster/row_count": dg.MetadataValue.int(counts[name]),
                "as_of": dg.MetadataValue.text(as_of.isoformat()),
                "mode": dg.MetadataValue.text(wish.mode),
            }
            check = dg.AssetCheckResult(
                check_name=CONTRACT,
                asset_key=key(name),
                passed=found == wanted,
                description=f"{found} of {wanted} {what}",
            )
            yield dg.MaterializeResult(asset_key=key(name), metadata=metadata, check_results=[check])

    return [build_database]


def _counts(build: BuildResource) -> dict[str, int]:
    """Rows of the tables about all sources, as the build database holds them, and the payloads that were seen."""
    queries = {
        **{name: f"landing.{name}" for name in TABLES},
        "strays": "landing.correction_match anti join landing.correction using (correction_id)",
        "payloads": "(select distinct source_id, payload_sha256 from landing.seen)",
    }
    with duckdb.connect(str(build.wish.home.build_db), read_only=True) as connection:
        return {
            name: int(connection.sql(f"select count(*) from {what}").fetchall()[0][0]) for name, what in queries.items()
        }
