"""Runs the compiled SQL of a judged model over rows of one's own, with the project's rules. Not here: tests."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import polars as pl

from tests.dbt.building import PROJECT, dbt

NO_CORRECTIONS = pl.DataFrame(
    schema=dict.fromkeys(
        ("observation_id", "figure_correction_id", "verdict_correction_id", "verdict", "reason_code", "verdict_reason"),
        pl.String,
    )
)


def compiled(folder: Path, model: str) -> str:
    """The model's SQL as dbt would run it, its relations by their bare names."""
    dbt("compile", folder / "rackhour.duckdb", folder, "--select", model)
    (path,) = (folder / "target" / "compiled").rglob(f"{model}.sql")
    return re.sub(r'"\w+"\."\w+"\."(\w+)"', r"\1", path.read_text(encoding="utf-8"))


def judge(sql: str, inputs: dict[str, pl.DataFrame], verdict: str) -> dict[str, tuple[str | None, str | None]]:
    """Verdict and evidence of each observation."""
    with duckdb.connect() as connection:
        connection.register("stg_corrections__acting", NO_CORRECTIONS)
        for seed in ("rules", "rules_gpu_rental", "token_price_source"):
            connection.register(seed, pl.read_csv(PROJECT / "seeds" / f"{seed}.csv"))
        for name, frame in inputs.items():
            connection.register(name, frame)
        rows = connection.execute(f"select observation_id, {verdict}, evidence from ({sql})").fetchall()
    return {row[0]: (row[1], row[2]) for row in rows}
