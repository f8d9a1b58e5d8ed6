"""dbt's seeds and models as assets of the same graph, its tests and unit tests as their checks.

dbt runs in this process (pipelines/warehouse/transform.py), so the assets stand in one multi-asset whose body runs dbt
once and tells Dagster how each node fared. Not here: SQL, parsing, running dbt.
"""

# mypy: disable-error-code="type-arg"
# Dagster reads these annotations when it loads, and knows its generic types without parameters only.

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, build_dbt_asset_specs

from pipelines.defs import present, signposts
from pipelines.defs.relations import Relation, first_rows, relations
from pipelines.defs.resource import BuildResource
from pipelines.home.packaged import DBT_PROJECT
from pipelines.home.places import Home
from pipelines.home.progress import begin, report
from pipelines.release.tables import PUBLISHED_SCHEMAS
from pipelines.warehouse import transform
from pipelines.warehouse.build_database import resolve_as_of
from pipelines.warehouse.transform import NodeResult, TransformError

CONTRACT = "contract"
UNIQUE_ID = "dagster_dbt/unique_id"
TABLE = ("model", "seed", "snapshot")


class Translator(DagsterDbtTranslator):
    """Keys are [schema, name] as in the database; groups are the steps of the build; a source is its asset."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_asset_checks=False, enable_source_metadata=False))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """[schema, name] as in the database."""
        return dg.AssetKey([dbt_resource_props["schema"], dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The schema; `seeds` for every seed, whichever schema publishes it: staging reads them, so they come first."""
        return "seeds" if dbt_resource_props["resource_type"] == "seed" else str(dbt_resource_props["schema"])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Grain first, as the model's own description; then its SQL."""
        text = str(dbt_resource_props.get("description") or "").strip()
        code = str(dbt_resource_props.get("raw_code") or "").strip()
        return f"{text}\n\n```sql\n{code}\n```" if code else text

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Those of the room."""
        return signposts.WAREHOUSE

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """dagster-dbt's own, and the node's file."""
        file = DBT_PROJECT / dbt_resource_props["original_file_path"]
        return {**super().get_metadata(dbt_resource_props), **signposts.code(file)}


@cache
def manifest() -> Mapping[str, Any]:
    """The parsed project, parsed anew where a file of it changed."""
    document: Mapping[str, Any] = json.loads(transform.ensure_parsed().read_text(encoding="utf-8"))
    return document


@cache
def _keys() -> dict[str, dg.AssetKey]:
    """The asset of every node that is one."""
    translator = Translator()
    return {
        unique_id: translator.get_asset_key(node)
        for unique_id, node in manifest()["nodes"].items()
        if node["resource_type"] in TABLE and node["config"]["materialized"] != "ephemeral"
    }


def published_keys() -> list[dg.AssetKey]:
    """Assets whose tables a release publishes."""
    return sorted(key for key in _keys().values() if key.path[0] in PUBLISHED_SCHEMAS)


def assets() -> list[dg.AssetsDefinition]:
    """One multi-asset holding every seed and model."""

    @dg.multi_asset(
        name="dbt",
        specs=build_dbt_asset_specs(manifest=manifest(), dagster_dbt_translator=Translator()),
        check_specs=[*_contracts().values(), *_tests().values()],
        can_subset=True,
    )
    def dbt(context: dg.AssetExecutionContext, build: BuildResource):  # type: ignore[no-untyped-def]  # a generator
        wanted = context.selected_asset_keys
        names = {key: unique_id for unique_id, key in _keys().items()}
        part = len(wanted) < len(names)
        select = [".".join(manifest()["nodes"][names[key]]["fqn"]) for key in sorted(wanted)] if part else []
        error = None
        begin("dbt", "building tables and testing them")
        try:
            results = transform.build(build.wish, resolve_as_of(build.wish), select)
        except TransformError as failure:
            results, error = failure.results, failure
        built = [r for r in results if r.resource_type in TABLE]
        tests = [r for r in results if r.resource_type not in TABLE]
        report("dbt", f"{len(built)} tables and views, {len(tests)} tests")
        yield from _events(results, build.wish.home, context)
        if error:
            raise error

    return [dbt]


def _contracts() -> dict[dg.AssetKey, dg.AssetCheckSpec]:
    """One blocking check per node: what was built has the columns its description promises."""
    return {
        key: dg.AssetCheckSpec(
            CONTRACT, asset=key, blocking=True, description="It was built, and every column that is described is there."
        )
        for key in _keys().values()
    }


@cache
def _tests() -> Mapping[str, dg.AssetCheckSpec]:
    """Every dbt test and unit test, by its id, as a check of the node it guards."""
    found: dict[str, dg.AssetCheckSpec] = {}
    for unique_id, test in {**manifest()["nodes"], **manifest()["unit_tests"]}.items():
        if not unique_id.startswith(("test.", "unit_test.")):
            continue
        guarded = _guarded(test)
        if guarded is None:
            continue
        others = [_keys()[parent] for parent in test["depends_on"]["nodes"] if parent in _keys()]
        severity = str(test["config"].get("severity") or "error").lower()
        found[unique_id] = dg.AssetCheckSpec(
            _check_name(test, guarded, found),
            asset=guarded,
            additional_deps=sorted({key for key in others if key != guarded}),
            blocking=severity == "error",
            description=str(test.get("description") or "") or None,
            metadata={UNIQUE_ID: unique_id},
        )
    return found


def _check_name(test: Mapping[str, Any], guarded: dg.AssetKey, taken: Mapping[str, dg.AssetCheckSpec]) -> str:
    """The test's name without the name of the node it stands under; in full where that is taken."""
    full = re.sub(r"\W", "_", test["name"])
    short = full.replace(f"_{guarded.path[-1]}_", "_")
    names = {spec.name for spec in taken.values() if spec.asset_key == guarded}
    return full if short in names else short


def _guarded(test: Mapping[str, Any]) -> dg.AssetKey | None:
    """The node a test belongs to: the one it is attached to, else the first model or seed it reads."""
    for parent in [test.get("attached_node"), *test["depends_on"]["nodes"]]:
        if parent in _keys():
            return _keys()[parent]
    return None


def _events(
    results: list[NodeResult], home: Home, context: dg.AssetExecutionContext
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """What happened, in the order it happened: built nodes with their rows, tests with their verdict."""
    made = relations(home)
    for result in results:
        if result.unique_id in _keys():
            key = _keys()[result.unique_id]
            if result.status == "success" and key in context.selected_asset_keys:
                relation = made.get((key.path[0], key.path[1]), Relation())
                wanted = dg.AssetCheckKey(key, CONTRACT) in context.selected_asset_check_keys
                checks = [_contract(result, key, relation)] if wanted else []
                metadata = _metadata(result, relation)
                if shown := manifest()["nodes"][result.unique_id]["config"].get("meta", {}).get("preview"):
                    metadata["first_rows"] = present.table(first_rows(home, ".".join(key.path), **shown))
                yield dg.MaterializeResult(asset_key=key, metadata=metadata, check_results=checks)
        elif result.unique_id in _tests() and result.status != "skipped":
            spec = _tests()[result.unique_id]
            if spec.key in context.selected_asset_check_keys:
                yield _verdict(result, spec)


def _contract(result: NodeResult, key: dg.AssetKey, relation: Relation) -> dg.AssetCheckResult:
    described = list(manifest()["nodes"][result.unique_id]["columns"])
    missing = [name for name in described if name not in relation.columns]
    seen = f"{len(described)} of {len(relation.columns)} columns described"
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=CONTRACT,
        passed=bool(relation.columns) and not missing,
        description=f"missing: {', '.join(missing)}" if missing else seen,
    )


def _verdict(result: NodeResult, spec: dg.AssetCheckSpec) -> dg.AssetCheckResult:
    failed = result.bad or result.status == "warn"
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.WARN if result.status == "warn" else dg.AssetCheckSeverity.ERROR,
        description=f"{result.message or result.status} ({result.path})" if failed else None,
        metadata={"failing_rows": result.failures or 0, "seconds": result.seconds},
    )


def _metadata(result: NodeResult, relation: Relation) -> dict[str, dg.MetadataValue]:
    facts: dict[str, dg.MetadataValue] = {
        "seconds": dg.MetadataValue.float(result.seconds),
        "file": dg.MetadataValue.text(result.path),
    }
    if relation.rows is not None:
        facts["dagster/row_count"] = dg.MetadataValue.int(relation.rows)
    if relation.spans:
        facts["spans"] = present.spans(relation.spans)
    return facts
