"""Recorder of benchmark scores: Epoch AI's benchmarking hub, Aider's leaderboards, Epoch's study of prices.

What is transcribed: label, setting, score, its error, dates, cost and price, each with the record it stands in. Left
out: training compute, links to logs, every note. A figure of the hub that a later archive changes or lacks ends on that
archive's day.

Not here: canonical names, units brought together, which of two scores counts (staging's).
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from sources.benchmark_scores.contract import CONTRACTS
from sources.recorders.runs import shared_folder, write

FOLDER = Path(__file__).parent.parent / "benchmark_scores" / "curated"
# Archives of the hub by their day: file, and folder of the sheets within it. The first names no day of its own: here it
# is the latest day any of its rows bears.
HUB_ARCHIVES = {
    "2026-01-06": ("epoch_benchmarks_ccby.tar.gz", ""),
    "2026-04-19": ("epoch_benchmark_hub_2026-04-19.tar.gz", "benchmark_data/"),
}
# Single sheets of a later day.
HUB_FILES = {"2026-07-01": ("epoch_capabilities_index_2026-07-01.csv.gz", "epoch_capabilities_index")}
STUDY_DAY = "2025-03-12"  # published and last updated, as the study's page says
STUDY = "epoch.ai/data-insights/llm-inference-price-trends"
EPOCH = "Epoch AI"


@dataclass(frozen=True)
class Sheet:
    """Where one file of the hub keeps what: the column of the score and its unit, and further columns by their use."""

    score: str
    unit: str = "fraction"
    setting: str | None = None
    setting_prefix: str = ""
    scored_by: str | None = "Source"
    board: str | None = None  # whose copy the file is: the scorer of rows that name none
    scored_on: str | None = None
    basis: str = "capture"
    stderr: str | None = None
    cost: str | None = None


OWN = Sheet("mean_score", scored_by=None, scored_on="Started at", basis="run", stderr="stderr")
SHEETS = {
    "arc_agi_external": Sheet("Score", board="ARC Prize Leaderboard"),
    "epoch_capabilities_index": Sheet("ECI Score", unit="index", scored_by=None),
    "frontiermath": OWN,
    "frontiermath_tier_4": OWN,
    "gpqa_diamond": OWN,
    "gsm8k_external": Sheet("EM", setting="Shots", setting_prefix="shots: "),
    "live_bench_external": Sheet("Global average", unit="pct", setting="LiveBench Version"),
    "math_level_5": OWN,
    "mmlu_external": Sheet("EM", setting="Shots", setting_prefix="shots: "),
    "otis_mock_aime_2024_2025": OWN,
    "simplebench_external": Sheet("Score (AVG@5)"),
    "simpleqa_verified": OWN,
    "swe_bench_bash": Sheet(
        "% Resolved",
        setting="SWE-Agent Release Version",
        setting_prefix="agent version: ",
        scored_on="Date run",
        basis="run",
        cost="Avg. Cost ($)",
    ),
    "swe_bench_verified": OWN,
    "terminalbench_external": Sheet(
        "Accuracy mean",
        setting="Agent",
        setting_prefix="agent: ",
        scored_on="Run date",
        basis="run",
        stderr="Accuracy SE",
        board="Terminal-Bench v2 Leaderboard",
    ),
    "webdev_arena_external": Sheet("Arena Score", unit="elo", scored_on="Last updated", basis="stated"),
    "weirdml_external": Sheet("Accuracy", cost="Cost per run"),
}
AIDER_RATES = {"edit": "pass_rate_2", "polyglot": "pass_rate_2", "refactor": "pass_rate_1"}
STUDY_FILES = ("aa_data_with_math5.csv", "epoch_ai_price_data_not_in_aa_with_benchmarks.csv")
STUDY_UNITS = {
    "GPQA Diamond": "pct",
    "HumanEval": "pct",
    "LMSys Chatbot Arena ELO": "elo",
    "MATH 5": "pct",
    "MATH-500": "pct",
    "MMLU": "pct",
}


def hub_archives(shared: Path) -> Iterator[tuple[str, dict[str, pl.DataFrame]]]:
    """Each archive of the hub by its day, oldest first: its recorded files by name, rows that name a version only."""
    folder = shared / "data" / "quality"
    for day, (name, under) in HUB_ARCHIVES.items():
        with tarfile.open(folder / name) as archive:
            members = {sheet: archive.extractfile(f"{under}{sheet}.csv") for sheet in SHEETS}
            yield day, {sheet: _versions_named(member.read()) for sheet, member in members.items() if member}
    for day, (name, sheet) in HUB_FILES.items():
        yield day, {sheet: _versions_named(gzip.decompress((folder / name).read_bytes()))}


def _versions_named(content: bytes) -> pl.DataFrame:
    table = pl.read_csv(io.BytesIO(content), infer_schema=False)
    label = pl.col("Model version")
    return table.with_columns(label.str.strip_chars()).filter(label.fill_null("").str.strip_chars() != "")


def hub(archives: Sequence[tuple[str, dict[str, pl.DataFrame]]]) -> Iterator[dict[str, Any]]:
    """One row per stated score: since the archive that first has it, to the archive of its file that lacks it."""
    current: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
    for day, tables in archives:
        for name, table in tables.items():
            before = current.get(name, {})
            shown: dict[tuple[Any, ...], dict[str, Any]] = {}
            for row in _scores(name, table, day):
                statement = _statement(row)
                first = before.get(statement, {**row, "observation_count": 0})
                shown[statement] = {
                    **first,
                    "last_observed": day,
                    "observation_count": first["observation_count"] + 1,
                }
            yield from ({**row, "valid_to": day} for statement, row in before.items() if statement not in shown)
            current[name] = shown
    for rows in current.values():
        yield from rows.values()


def _statement(row: dict[str, Any]) -> tuple[Any, ...]:
    """What a row says, without the days that are the archive's, and 1480 as 1480.0."""
    of_archive = {"valid_from", "known_from", "last_observed"}
    if row["scored_on_basis"] == "capture":
        of_archive.add("scored_on")
    numbers = ("score", "score_stderr", "run_cost")
    return tuple(float(v) if c in numbers and v else v for c, v in row.items() if c not in of_archive)


def _scores(name: str, table: pl.DataFrame, day: str) -> Iterator[dict[str, Any]]:
    sheet = SHEETS[name]
    for row in table.iter_rows(named=True):
        if row[sheet.score] is None:
            continue
        dated = row[sheet.scored_on] if sheet.scored_on else None
        setting = row[sheet.setting] if sheet.setting else None
        record = f" {row['id']}" if "id" in row else ""
        yield {
            "benchmark_label": name,
            "model_label": row["Model version"],
            "setting": f"{sheet.setting_prefix}{setting}" if setting else None,
            "scored_by": (row[sheet.scored_by] or sheet.board) if sheet.scored_by else EPOCH,
            "scored_on": dated[:10] if dated else day,
            "scored_on_basis": sheet.basis if dated else "capture",
            "release_date": row["Release date"],
            "score": row[sheet.score],
            "score_unit": sheet.unit,
            "score_stderr": row[sheet.stderr] if sheet.stderr else None,
            "run_cost": row[sheet.cost] if sheet.cost else None,
            "run_cost_basis": "task" if sheet.cost and row[sheet.cost] else None,
            "valid_from": row["Release date"] or (dated[:10] if dated else day),
            "known_from": day,
            "known_basis": "first_seen",
            "last_observed": day,
            "grade": "B" if sheet.scored_by else "A",
            "citation": f"epoch.ai/benchmarks {name}{record}",
        }


def versions(archives: Sequence[tuple[str, dict[str, pl.DataFrame]]]) -> Iterator[dict[str, Any]]:
    """What the recorded files state about each version, until a later archive says otherwise.

    A date two files of one archive dispute is left out.
    """
    columns = ["Model version", "Release date", "Organization", "Model accessibility"]
    current: dict[str, dict[str, Any]] = {}
    newest: dict[str, pl.DataFrame] = {}
    for day, tables in archives:
        newest |= tables
        every = pl.concat([t.select(c for c in columns if c in t.columns) for t in newest.values()], how="diagonal")
        stated = every.group_by("Model version").agg(pl.col(c).drop_nulls().unique() for c in columns[1:])
        for label, *found in stated.iter_rows():
            released, organisation, access = (values[0] if len(values) == 1 else None for values in found)
            row = {
                "model_label": label,
                "organisation": organisation,
                "release_date": released,
                "accessibility": access,
            }
            before = current.get(label)
            if before and row.items() <= before.items():
                before["last_observed"] = day
                before["observation_count"] += 1
                continue
            if before:
                yield {**before, "valid_to": day}
                del current[label]
            if released or access:
                current[label] = {
                    **row,
                    "valid_from": released or day,
                    "known_from": day,
                    "known_basis": "first_seen",
                    "last_observed": day,
                    "observation_count": 1,
                    "grade": "B",
                    "citation": f"epoch.ai/benchmarks (file of {day})",
                }
    yield from current.values()


def aider(shared: Path) -> Iterator[dict[str, Any]]:
    """One row per run of a leaderboard, known from the day it is dated."""
    table = pl.read_csv(shared / "data" / "quality" / "quality_aider_leaderboards.csv", infer_schema=False)
    for row in table.iter_rows(named=True):
        board, day = row["leaderboard"], row["date"]
        effort = f"; effort: {row['reasoning_effort']}" if row["reasoning_effort"] else ""
        released = row["released"] or row["_released"]
        yield {
            "benchmark_label": board,
            "model_label": row["model"],
            "setting": f"edit format: {row['edit_format']}{effort}",
            "scored_by": "Aider",
            "scored_on": day,
            "scored_on_basis": "run",
            "release_date": released,
            "score": row[AIDER_RATES[board]],
            "score_unit": "pct",
            "test_cases": row["test_cases"],
            "run_cost": row["total_cost"],
            "run_cost_basis": "run" if row["total_cost"] else None,
            "valid_from": released or day,
            "known_from": day,
            "known_basis": "published",
            "last_observed": day,
            "grade": "A",
            "citation": f"aider.chat/docs/leaderboards {board}: {row['dirname']}",
        }


def study(shared: Path) -> Iterator[dict[str, Any]]:
    """One row per model, price and benchmark of the study's two input files."""
    for name in STUDY_FILES:
        table = pl.read_csv(shared / "data" / "epoch_llm_price" / name, infer_schema=False)
        for row in table.iter_rows(named=True):
            for benchmark, unit in STUDY_UNITS.items():
                if row[benchmark] is None:
                    continue
                yield {
                    "benchmark_label": benchmark,
                    "model_label": row["Model Name"],
                    "scored_by": "Artificial Analysis or Epoch AI",
                    "scored_on": STUDY_DAY,
                    "scored_on_basis": "capture",
                    "release_date": row["Release Date"],
                    "score": row[benchmark],
                    "score_unit": unit,
                    "price_usd_per_mtok": row["USD per 1M Tokens"],
                    "valid_from": row["Release Date"],
                    "known_from": STUDY_DAY,
                    "known_basis": "published",
                    "last_observed": STUDY_DAY,
                    "grade": "B",
                    "citation": f"{STUDY} {name.removesuffix('.csv')}",
                }


def main() -> None:
    """Write the four files."""
    shared = shared_folder(__doc__ or "")
    archives = list(hub_archives(shared))
    order = ["benchmark_label", "model_label", "setting", "scored_by", "scored_on", "release_date", "citation"]
    made = {
        "epoch_benchmark_hub": ("observation", hub(archives), order),
        "epoch_benchmark_models": ("model_version", versions(archives), ["model_label"]),
        "aider_leaderboards": ("observation", aider(shared), order),
        "epoch_llm_price_study": ("observation", study(shared), order),
    }
    for name, (contract, rows, sort) in made.items():
        columns = dict.fromkeys(CONTRACTS[contract].dtypes, pl.String)
        fixed = {"observation_count": 1}
        frame = pl.DataFrame([{**fixed, **row} for row in rows], schema=columns, strict=False).sort(sort)
        stated = [c for c in frame.columns if frame[c].null_count() < frame.height]
        write(frame.select(stated), FOLDER / f"{name}.csv")


if __name__ == "__main__":
    main()
