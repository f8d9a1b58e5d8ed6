"""Every source as an asset, from one factory: group its family, one blocking contract check, one health warning.

A new entry in a source.yml is a new asset here without a line of code. Not here: fetching, parsing, judging rows
(sources/, pipelines/landing/intake.py), the database that dbt reads them from (database.py).
"""

# mypy: disable-error-code="type-arg"
# Dagster reads these annotations when it loads, and knows its generic types without parameters only.

from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import polars as pl

from pipelines.defs import present, signposts
from pipelines.defs.resource import BuildResource
from pipelines.home.progress import report
from pipelines.landing import health, intake
from pipelines.landing.intake import SourceRun
from sources.errors import SourceError
from sources.registry import SourceSpec, all_sources

CONTRACT = "contract"
HEALTH = "health"
SHOWN_REJECTIONS = 10


def key(table: str) -> dg.AssetKey:
    """The asset of a table of schema `landing`: where dbt's `source('landing', table)` points."""
    return dg.AssetKey(["landing", table])


def assets() -> list[dg.AssetsDefinition]:
    """One asset per source."""
    return [_source(spec) for spec in all_sources().values()]


def _source(spec: SourceSpec) -> dg.AssetsDefinition:
    """The asset of one source."""
    asset_key = key(spec.source_id)

    @dg.asset(
        key=asset_key,
        group_name=spec.family,
        description=_description(spec),
        kinds={"csv" if (spec.offline or "").endswith(".csv") else "python"},
        metadata={**_provenance(spec), **signposts.code(*_files(spec))},
        owners=signposts.SOURCES,
        freshness_policy=signposts.freshness(spec),
        tags={"grade": spec.grade},
        check_specs=[
            dg.AssetCheckSpec(
                CONTRACT,
                asset=asset_key,
                blocking=True,
                description="Received = accepted + rejected, accepted rows keep every rule, and there are some.",
            ),
            dg.AssetCheckSpec(
                HEALTH,
                asset=asset_key,
                description="The last fetch worked and brought news in time, no row was rejected, nothing is stale.",
            ),
        ],
    )
    def source(build: BuildResource) -> dg.MaterializeResult:
        wish = build.wish
        run = _ingest(spec, build)
        health.record(wish.home, wish.run_id, [run])
        if run.status != "absent" or wish.mode == "live":  # offline nobody expects them: one line tells them all later
            report("ingest", _line(run))
        folders = intake.good_payloads(spec, wish.home)
        return dg.MaterializeResult(
            metadata=_metadata(spec, run, folders),
            check_results=[_contract(spec, run, folders), _health(spec, run)],
        )

    return source


def _ingest(spec: SourceSpec, build: BuildResource) -> SourceRun:
    """Ingest, or what lies there where this run asks other sources only."""
    wish = build.wish
    if wish.only and spec.source_id not in wish.only:
        return intake.last_good(spec, wish.home)
    return intake.ingest(spec, wish.home, wish.mode, build.answers(spec))


def _contract(spec: SourceSpec, run: SourceRun, folders: Sequence[Path]) -> dg.AssetCheckResult:
    """The newest rows that count, judged once more as they lie there; those that landed in this run were just now."""
    problems = []
    if run.received != run.accepted + run.rejected:
        problems.append(f"received {run.received} rows, accepted {run.accepted}, rejected {run.rejected}")
    if not run.accepted and spec.offline:
        problems.append("no row was accepted")
    contract = spec.load_contract()
    for folder in folders[-1:] if run.status != "ok" else ():
        try:
            accepted = pl.read_parquet(folder / "accepted.parquet")
            outcome = contract.validate(accepted.select(*contract.dtypes), spec.source_id)
        except (SourceError, pl.exceptions.ColumnNotFoundError) as error:
            problems.append(str(error))
        else:
            if outcome.rejected.height:
                problems.append(f"{outcome.rejected.height} landed rows break {outcome.rejected['all_failures'][0]}")
    return dg.AssetCheckResult(
        check_name=CONTRACT,
        passed=not problems,
        description="; ".join(problems) or f"{run.accepted:,} rows keep it",
        metadata={"received": run.received, "accepted": run.accepted, "rejected": run.rejected},
    )


def _health(spec: SourceSpec, run: SourceRun) -> dg.AssetCheckResult:
    notes = [f"{run.status}: {run.message}"] if run.status in intake.TROUBLED else []
    if run.rejected:
        notes.append(f"{run.rejected} of {run.received} rows rejected")
    if run.age_days is not None and run.age_days > signposts.STALE_MULTIPLE * spec.cadence_days:
        notes.append(f"newest observation {run.age_days} days old; its publisher looks every {spec.cadence_days}")
    good = run.message or "not asked: it is live only" if run.status == "absent" else "fetched, whole and fresh"
    return dg.AssetCheckResult(
        check_name=HEALTH,
        passed=not notes,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(notes) or good,
    )


def _line(run: SourceRun) -> str:
    text = f"{run.source_id}: {run.accepted:,} rows"
    if run.rejected:
        text += f", {run.rejected:,} rejected"
    if run.status == "absent":
        return f"{run.source_id}: {run.message or 'live only, nothing landed yet'}"
    return f"{text} ({run.status.upper()}: {run.message})" if run.status in intake.TROUBLED else text


def _files(spec: SourceSpec) -> list[Path]:
    """Its entry, and the module that reads its payload."""
    module = spec.load_connector().__file__
    return [spec.folder / "source.yml", *([Path(module)] if module else [])]


def _description(spec: SourceSpec) -> str:
    terms = f"Publisher: {spec.publisher}. Licence: {spec.licence}. Unit: {spec.unit}."
    parts = [spec.title, spec.notes.strip(), terms]
    return "\n\n".join(part for part in parts if part)


def _provenance(spec: SourceSpec) -> dict[str, dg.MetadataValue]:
    facts: dict[str, dg.MetadataValue] = {
        "publisher": dg.MetadataValue.text(spec.publisher),
        "licence": dg.MetadataValue.text(spec.licence),
        "unit": dg.MetadataValue.text(spec.unit),
        "cadence_days": dg.MetadataValue.int(spec.cadence_days),
        "grade": dg.MetadataValue.text(spec.grade),
        "known_basis": dg.MetadataValue.text(spec.known_basis),
    }
    if spec.attribution:
        facts["attribution"] = dg.MetadataValue.text(spec.attribution)
    if spec.homepage:
        facts["homepage"] = dg.MetadataValue.url(spec.homepage)
    contract = spec.load_contract()
    facts["dagster/column_schema"] = present.column_schema(
        (name, str(dtype), _with_unit(contract.descriptions.get(name), contract.units.get(name)))
        for name, dtype in contract.dtypes.items()
    )
    return facts


def _with_unit(description: str | None, unit: str | None) -> str:
    return f"{description or ''} Unit: {unit}." if unit else description or ""


def _metadata(spec: SourceSpec, run: SourceRun, folders: Sequence[Path]) -> dict[str, dg.MetadataValue]:
    facts: dict[str, dg.MetadataValue] = {
        "dagster/row_count": dg.MetadataValue.int(run.accepted),
        "received": dg.MetadataValue.int(run.received),
        "accepted": dg.MetadataValue.int(run.accepted),
        "rejected": dg.MetadataValue.int(run.rejected),
        "payloads": dg.MetadataValue.int(run.payloads),
        "status": dg.MetadataValue.text(run.status),
    }
    if run.price_low is not None and run.price_high is not None:
        facts["price_low"] = dg.MetadataValue.float(run.price_low)
        facts["price_high"] = dg.MetadataValue.float(run.price_high)
        facts["price_unit"] = dg.MetadataValue.text(spec.unit)
    for name in ("newest_known_from", "newest_observed", "last_looked", "last_changed"):
        if (day := getattr(run, name)) is not None:
            facts[name] = dg.MetadataValue.text(day)
    if run.age_days is not None:
        facts["age_days"] = dg.MetadataValue.int(run.age_days)
    if run.message:
        facts["message"] = dg.MetadataValue.text(run.message)
    if run.rejected:
        rejected = pl.concat([pl.read_parquet(f / "rejected.parquet") for f in folders]).head(SHOWN_REJECTIONS)
        facts["rejections"] = present.table(rejected.select("row_number", "field", "rule", "value"))
    return facts
