"""The curated claims, bindings and assumptions as core holds them, without a warehouse."""

from __future__ import annotations

import polars as pl

from sources.registry import all_sources

BINDINGS = "claim_bindings_"


def _accepted(source_id: str) -> pl.DataFrame:
    spec = all_sources()[source_id]
    raw = pl.read_csv(spec.folder / spec.offline, infer_schema=False)
    outcome = spec.load_contract().validate(raw, source_id)
    assert outcome.rejected.is_empty(), outcome.rejected["all_failures"].to_list()
    return outcome.accepted.with_columns(source_id=pl.lit(source_id), observation_id=pl.lit(source_id))


def _of_family(family: str, prefix: str = "") -> pl.DataFrame:
    chosen = [s for s, spec in all_sources().items() if spec.family == family and s.startswith(prefix)]
    return pl.concat([_accepted(source_id) for source_id in chosen])


def core() -> dict[str, pl.DataFrame]:
    """core.claim, claim_binding, assumption, inconsistency and inconsistency_operand, as dbt makes them."""
    parts = pl.col("claim_id").str.split("#").list
    bindings = _of_family("claims", BINDINGS).with_columns(
        bound_id="claim_id", claim_id=parts.first(), claim_end=parts.get(1, null_on_oob=True)
    )
    return {
        "assumption": _of_family("assumptions").with_columns(pl.col("subject").fill_null("")),
        "claim": _accepted("document_claims"),
        "claim_binding": bindings,
        "inconsistency": _accepted("inconsistencies"),
        "inconsistency_operand": _accepted("inconsistency_operands"),
    }
