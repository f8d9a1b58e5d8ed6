"""What a person reads when a refresh has ended: headline figures with their dates, what is stale, what next.

Not here: any figure that does not stand in the release; this only selects and prints.
"""

from __future__ import annotations

import duckdb

from pipelines.cli.called import called
from pipelines.cli.show import table
from pipelines.documents.claims import changes
from pipelines.home import ops
from pipelines.home.manifest import Manifest, current_manifest
from pipelines.home.places import Home
from pipelines.release import shrunk, unmapped

HEADLINE_GPUS = ("H100 SXM", "H200", "B200", "GB200")


def summary(home: Home, seconds: float) -> str:
    """The text for the published release of this home."""
    manifest = current_manifest(home)
    if manifest is None:
        return "nothing is published"
    with duckdb.connect(str(home.current / "rackhour.duckdb"), read_only=True) as connection:
        parts = [
            f"\nrelease {manifest['release_id']}, as of {manifest['as_of']} ({manifest['mode']})",
            _section("GPU rental on demand: median over providers of their lowest list price", _rates(connection)),
            _section("Deflation of matched models: yearly factor, above 1 = cheaper", _deflation(connection)),
            _section("Revenue of an IT megawatt rented on demand, million USD a year", _megawatts(connection)),
            _section("Rows received from each family of sources, and the day last seen", _families(connection, home)),
            *_claims(connection, home, manifest),
            *_unmapped(connection),
            *_shrunk(connection),
        ]
    rows = sum(t["rows"] for t in manifest["tables"].values())
    parts.append(f"{rows:,} rows in {len(manifest['tables'])} tables, {seconds:.1f} s. Files: {home.current}/")
    parts.append(
        "Next, ready to paste:\n"
        f"{called()} sql \"from marts.gpu_hour_margin where as_of_date = '{manifest['as_of']}' limit 10\"\n"
        f"{called()} tables"
    )
    return "\n".join(parts)


def _claims(connection: duckdb.DuckDBPyConnection, home: Home, manifest: Manifest) -> list[str]:
    """Verdicts on the documents' figures; of those that changed since the previous release, which and how."""
    told = [changes.counts(connection)]
    if not manifest["previous"]:
        return told
    changed = changes.changed(connection, home.releases / manifest["previous"])
    rows = changed.fetchall() if changed else []
    if changed and rows:
        title = f"Verdicts that changed since release {manifest['previous']}: {len(rows)}"
        told.append(f"\n{title}\n{table(changed.columns, rows[: changes.LISTED])}")
        if len(rows) > changes.LISTED:
            told.append(f"and {len(rows) - changes.LISTED} more: compare marts.claim_check of both releases\n")
    return told


def _unmapped(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Names no crosswalk knows, the most rows first: what they name is in no fact until a row gives them a name."""
    try:
        found = unmapped.names(connection)
    except duckdb.CatalogException:  # a release of an earlier version has no such table
        return []
    if not found:
        return []
    rows = [(n.label, n.kind, n.family, f"{n.rows:,}", n.sources, n.crosswalk) for n in found[: unmapped.LISTED]]
    listed = table(["name", "kind", "family", "rows", "sources", "add a row to"], rows)
    more = (
        f'and {len(found) - len(rows)} more: rackhour sql "from core.unmapped_name"\n' if len(found) > len(rows) else ""
    )
    return [f"\nNames in no crosswalk: {unmapped.total(found):,} accepted rows are in no fact\n{listed}{more}"]


def _shrunk(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Lists that lost more than half of their rows at the last look."""
    found = shrunk.lists(connection)
    if not found:
        return []
    told = "\n".join(f"{source_id}: {text}" for source_id, text in found)
    return [f"\nLists that show less than half of their rows; no price that is missing was ended\n{told}\n"]


def _section(title: str, relation: duckdb.DuckDBPyRelation) -> str:
    return f"\n{title}\n{table(relation.columns, relation.fetchall())}"


def _rates(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    listed = ", ".join(f"'{gpu}'" for gpu in HEADLINE_GPUS)
    return connection.sql(
        f"""
        with newest as (
            select * from core.headline_rate
            where commitment = 'on_demand' and provider_tier = 'all' and gpu in ({listed})
            qualify row_number() over (partition by gpu order by as_of_date desc) = 1
        ), margin as (
            select gpu, as_of_date, round(median(gross_margin_pct), 1) as margin_pct
            from marts.gpu_hour_margin
            where reading = 'professional' and commitment = 'on_demand' and rent_basis = 'headline_all'
              and market = 'us_average'
            group by all
        )
        select
            n.gpu, round(n.price_usd_per_gpu_hour, 3) as usd_per_gpu_hour,
            round(n.price_usd_per_gpu_hour_low, 2) as low, round(n.price_usd_per_gpu_hour_high, 2) as high,
            n.provider_count as providers, n.source_count as sources, m.margin_pct as owner_margin_pct,
            n.newest_observed as last_seen,
            case when n.is_stale then 'stale, ' || n.age_days || ' days' else '' end as remark
        from newest as n left join margin as m using (gpu, as_of_date)
        order by list_position([{listed}], n.gpu)
        """
    )


def _deflation(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    return connection.sql(
        """
        select segment, round(annual_factor, 3) as annual_factor, round(ci_low, 3) as ci_low,
            round(ci_high, 3) as ci_high, n as items, first_period, last_period,
            case when is_extrapolated then 'under a year: extrapolated' else '' end as remark
        from marts.price_deflation
        where method = 'geks_jevons' and window_months = 0
          and segment in ('tokens/input/all', 'tokens/output/all', 'gpu_rental/H100 SXM/on_demand',
                          'gpu_rental/A100 80GB/on_demand', 'power/US/industrial')
        order by segment
        """
    )


def _megawatts(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
    listed = ", ".join(f"'{gpu}'" for gpu in HEADLINE_GPUS)
    return connection.sql(
        f"""
        select gpu, round(gpus_per_mw) as gpus_per_mw,
            round(revenue_usd_per_mw_year / 1e6, 2) as revenue_musd_per_mw_year,
            round(cost_usd_per_mw_year / 1e6, 2) as cost_musd_per_mw_year,
            round(gross_profit_usd_per_mw_year / 1e6, 2) as gross_profit_musd_per_mw_year, as_of_date
        from marts.revenue_per_mw
        where reading = 'professional' and business_model = 'rental_on_demand' and rent_basis = 'headline_all'
          and market = 'us_average' and mw_basis = 'it' and gpu in ({listed})
        qualify row_number() over (partition by gpu order by as_of_date desc) = 1
        order by list_position([{listed}], gpu)
        """
    )


def _families(connection: duckdb.DuckDBPyConnection, home: Home) -> duckdb.DuckDBPyRelation:
    health = ops.relation(home, "source_health")
    return connection.sql(
        f"""
        with newest as (
            select * from {health} where run_id = (select max(run_id) from {health})
        )
        select family, count(*) filter (not source_id like '%\\_captures' escape '\\') as sources,
            sum(received) as received, sum(accepted) as accepted, sum(rejected) as rejected,
            max(newest_observed) as last_seen,
            coalesce(string_agg(
                source_id || ' ' || status || coalesce(', ' || age_days || ' days old', ''),
                '; ' order by source_id
            ) filter (status in ('failed', 'partial', 'frozen')), '') as remark
        from newest group by family order by family
        """
    )
