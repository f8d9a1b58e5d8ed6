"""Recorder of three leaderboards: ARC Prize, Arena's board of text, LiveBench's last release of questions.

ARC Prize: scores on the semi-private sets that its board displays, with what a task cost (third set: the whole run).
Left out: the public sets, which anybody can train on; people; systems built around a model. Arena: ratings over all
prompts; its intervals, votes and list prices are left out. LiveBench states tasks: its score of a model is the mean
over categories of the mean over their tasks, as its page computes it, of the models that have all tasks.

Not here: Epoch AI's copies of these boards (benchmark_scores.py), canonical names (staging's).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from sources.benchmark_scores.contract import CONTRACTS
from sources.recorders.runs import shared_folder, write

FOLDER = Path(__file__).parent.parent / "benchmark_scores" / "curated"
ARC_DAY = "2026-06-04"
ARC_SETS = ("v1_Semi_Private", "v2_Semi_Private", "v3_Semi_Private")
ARC_MODELS = ("Base LLM", "CoT", "CoT + Synthesis")
ARENA_BOARD = "text/overall"
LIVEBENCH_RELEASE = "2026_01_08"
LIVEBENCH_LAST_LOOK = "2026-07-01"


def arc(folder: Path) -> Iterator[dict[str, Any]]:
    """One row per model, effort and set."""
    table = pl.read_csv(folder / f"arc_prize_leaderboard_{ARC_DAY}.csv", infer_schema=False)
    shown = table.filter(
        pl.col("dataset").is_in(ARC_SETS), pl.col("model_type").is_in(ARC_MODELS), pl.col("display") == "True"
    )
    for row in shown.iter_rows(named=True):
        task, run = row["cost_per_task_usd"], row["cost_total_usd"]
        yield {
            "benchmark_label": row["dataset"],
            "model_label": row["model_id"],
            "scored_by": "ARC Prize",
            "scored_on": ARC_DAY,
            "release_date": row["model_release_date"],
            "score": row["score_fraction"],
            "score_unit": "fraction",
            "run_cost": task or run,
            "run_cost_basis": "task" if task else "run" if run else None,
            "valid_from": row["model_release_date"] or ARC_DAY,
            "known_from": ARC_DAY,
            "last_observed": ARC_DAY,
            "citation": f"arcprize.org/leaderboard {row['dataset']}: {row['model']}",
        }


def arena(folder: Path) -> Iterator[dict[str, Any]]:
    """One row per model and effort of the board."""
    table = pl.read_csv(folder / "arena_leaderboard_2026-10-05.csv.gz", infer_schema=False)
    for row in table.filter(pl.col("board") == ARENA_BOARD).iter_rows(named=True):
        yield {
            "benchmark_label": ARENA_BOARD,
            "model_label": row["model"],
            "scored_by": "Arena",
            "scored_on": row["fetched"],
            "score": row["rating"],
            "score_unit": "elo",
            "valid_from": row["fetched"],
            "known_from": row["fetched"],
            "last_observed": row["fetched"],
            "citation": f"arena.ai/leaderboard/text of {row['fetched']}",
        }


def livebench(folder: Path) -> Iterator[dict[str, Any]]:
    """One row per model that has every task, known from the day its last task was first shown."""
    groups = json.loads((folder / "livebench_categories.json").read_text())
    category = {
        task: name for name, tasks in groups[f"public/categories_{LIVEBENCH_RELEASE}.json"].items() for task in tasks
    }
    table = pl.read_csv(folder / "livebench_tables.csv.gz", null_values="N/A")
    scored = (
        table.filter(pl.col("release") == LIVEBENCH_RELEASE, pl.col("score_pct").is_not_null())
        .with_columns(pl.col("task").replace_strict(category).alias("category"))
        .group_by("model", "category")
        .agg(pl.col("score_pct").mean(), pl.len().alias("tasks"), pl.col("first_shown").max())
        .group_by("model")
        .agg(pl.col("score_pct").mean(), pl.col("tasks").sum(), pl.col("first_shown").max())
        .filter(pl.col("tasks") == len(category))
    )
    for model, score, _, shown in scored.iter_rows():
        yield {
            "benchmark_label": LIVEBENCH_RELEASE,
            "model_label": model,
            "scored_by": "LiveBench",
            "scored_on": shown,
            "score": round(score, 3),
            "score_unit": "pct",
            "valid_from": shown,
            "known_from": shown,
            "last_observed": LIVEBENCH_LAST_LOOK,
            "citation": f"livebench.ai table of release {LIVEBENCH_RELEASE}",
        }


def main() -> None:
    """Write the three files."""
    folder = shared_folder(__doc__ or "") / "data" / "quality"
    made = {"arc_prize_leaderboard": arc, "arena_text_leaderboard": arena, "livebench_leaderboard": livebench}
    fixed = {"known_basis": "first_seen", "observation_count": 1, "grade": "A", "scored_on_basis": "capture"}
    for name, rows in made.items():
        columns = dict.fromkeys(CONTRACTS["observation"].dtypes, pl.String)
        frame = pl.DataFrame([{**fixed, **row} for row in rows(folder)], schema=columns, strict=False)
        frame = frame.sort("benchmark_label", "model_label", "citation")
        write(frame.select(c for c in frame.columns if frame[c].null_count() < frame.height), FOLDER / f"{name}.csv")


if __name__ == "__main__":
    main()
