"""The build database behind the sources: a fresh file whose schema `landing` shows dbt what has landed.

Not here: making it (pipelines/warehouse/build_database.py), the sources (landing.py), what dbt makes of them
(dbt_nodes.py).
"""

from pathlib import Path

import dagster as dg
import duckdb

from pipelines.defs import signposts
from pipelines.defs.landing import CONTRACT, key
from pipelines.defs.loaded import table
from pipelines.defs.resource import BuildResource
from pipelines.home.progress import begin, report
from pipelines.landing import intake
from pipelines.warehouse import corrections, family_views
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
    "captures": (
        "One row per source, group of items and look at it.",
        "Every history and every live list that landed has a look.",
    ),
    "portion": (
        "One row per source, payload, group and day. How many accepted rows it holds.",
        "It counts every row a source reports accepted.",
    ),
    "price_unit": ("One row per conversion a family's contract declares.", "Every declared conversion stands in it."),
    "correction": (
        "One row per correction, packaged or a user's own, as its YAML states it.",
        "Every entry stands in it.",
    ),
    "correction_match": ("One row per correction and landed row it names.", "Every match is an entry's."),
}


def assets() -> list[dg.AssetsDefinition]:
    """Tables about all sources and one view per family and shape, made when the build database is laid out for dbt."""
    upstream = [*[key(source_id) for source_id in all_sources()], *[key(table(family)) for family in FAMILIES]]
    views = family_views.shared_views()

    @dg.multi_asset(
        name="build_database",
        specs=[
            dg.AssetSpec(
                key(name),
                deps=upstream,
                group_name="landing",
                kinds={"duckdb"},
                owners=signposts.WAREHOUSE,
                metadata=signposts.code(Path(prepare.__code__.co_filename)),
                description=what,
            )
            for name, (what, _) in TABLES.items()
        ]
        + [
            dg.AssetSpec(
                key(view.name),
                deps=[key(spec.source_id) for spec in view.specs],
                group_name="landing",
                kinds={"duckdb"},
                owners=signposts.WAREHOUSE,
                metadata=signposts.code(Path(family_views.__file__)),
                description=f"The rows of every source of {view.specs[0].family} in shape {view.specs[0].shape} that "
                "shares its family's staging.",
            )
            for view in views
        ],
        check_specs=[
            dg.AssetCheckSpec(CONTRACT, asset=key(name), blocking=True, description=rule)
            for name, (_, rule) in TABLES.items()
        ]
        + [
            dg.AssetCheckSpec(
                CONTRACT, asset=key(view.name), blocking=True, description="It holds every accepted row of its sources."
            )
            for view in views
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
        counts = _counts(build, views)
        accepted = {state.source_id: state.accepted for state in states}
        looked = [spec for spec in all_sources().values() if spec.has_looks]
        piled = [spec for spec in sources.values() if spec.payloads == "append"]
        expected = {
            "source_catalog": (counts["source_catalog"], len(sources), "sources"),
            "rejected": (counts["rejected"], sum(state.rejected for state in states), "rows that are reported"),
            "seen": (
                counts["payloads"],
                sum(len(intake.good_payloads(spec, wish.home)) for spec in piled),
                "payloads",
            ),
            "captures": (counts["looked"], sum(accepted[spec.source_id] > 0 for spec in looked), "sources that landed"),
            "portion": (counts["portioned"], sum(accepted.values()), "accepted rows"),
            "price_unit": (counts["price_unit"], family_views.price_units().height, "conversions"),
            "correction": (counts["correction"], len(corrections.entries(wish.home)), "entries"),
            "correction_match": (counts["strays"], 0, "matches of no entry"),
        }
        for view in views:
            wanted = sum(accepted[spec.source_id] for spec in view.specs)
            expected[view.name] = (counts[view.name], wanted, "accepted rows of its sources")
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


def _counts(build: BuildResource, views: list[family_views.View]) -> dict[str, int]:
    """Rows of these tables and views, as the build database holds them, and what the checks hold them against."""
    queries = {
        **{name: f"count(*) from landing.{name}" for name in [*TABLES, *[view.name for view in views]]},
        "looked": "count(distinct source_id) from landing.captures",
        "portioned": "coalesce(sum(row_count), 0) from landing.portion",
        "strays": "count(*) from landing.correction_match anti join landing.correction using (correction_id)",
        "payloads": "count(distinct (source_id, payload_sha256)) from landing.seen",
    }
    with duckdb.connect(str(build.wish.home.build_db), read_only=True) as connection:
        return {name: int(connection.sql(f"select {what}").fetchall()[0][0]) for name, what in queries.items()}
