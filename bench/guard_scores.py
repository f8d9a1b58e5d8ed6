"""`python -m bench.guard_scores`: precision and recall of the units guard from the 400 verdicts in tests/golden.

A rejection is right where the row is an error or cannot be used as it stands; `unclear` counts for neither side. Recall
is over errors of the frames: those the magnitude rules stopped, against those that stand in the facts among the
near-misses. Not here: drawing the sample (guard_sample.py), how a rule judges (docs/judging.md).
"""

from __future__ import annotations

import math

import polars as pl

from bench.__main__ import ROOT

LABELS = ROOT / "tests" / "golden" / "guard_labels.csv"
RIGHT = ("error", "unusable")


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95% interval of a share (Wilson 1927)."""
    z, share = 1.959964, hits / n
    middle, half = share + z * z / (2 * n), z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def report(labels: pl.DataFrame) -> str:
    """The figures as Markdown lines."""
    told = labels.filter(pl.col("label") != "unclear")
    lines = [
        "| rejections | judged | right | false alarms | unclear | precision, 95% interval |",
        "|---|---|---|---|---|---|",
    ]
    for name, part in _parts(labels):
        clear = part.filter(pl.col("label") != "unclear")
        right = clear.filter(pl.col("label").is_in(RIGHT)).height
        low, high = wilson(right, clear.height) if clear.height else (math.nan, math.nan)
        share = f"{right / clear.height:.2f} ({low:.2f} to {high:.2f})" if clear.height else "none clear"
        lines.append(
            f"| {name} | {clear.height} | {right} | {clear.height - right} | {part.height - clear.height} | {share} |"
        )
    by_rule = told.filter(pl.col("side") == "rejection, by rule")
    stopped = by_rule.filter(pl.col("label") == "error")["weight"].sum()
    lines += ["", "| near-misses let through | judged | errors | unclear | share, 95% interval | in the frame, about |"]
    lines += ["|---|---|---|---|---|---|"]
    missed = 0.0
    for family in ("token_prices", "gpu_rental"):
        part = labels.filter(pl.col("side") == "near-miss", pl.col("family") == family)
        clear = part.filter(pl.col("label") != "unclear")
        errors = clear.filter(pl.col("label") == "error")
        low, high = wilson(errors.height, clear.height)
        missed += errors["weight"].sum()
        lines.append(
            f"| {family} | {clear.height} | {errors.height} | {part.height - clear.height} | "
            f"{errors.height / clear.height:.2f} ({low:.2f} to {high:.2f}) | {errors['weight'].sum():,.0f} |"
        )
    lines += [
        "",
        f"Errors stopped by the rules that judge a magnitude, by weight: about {stopped:,.0f}; errors among the",
    ]
    lines += [f"near-misses: about {missed:,.0f}. Recall over both frames: {stopped / (stopped + missed):.2f}."]
    return "\n".join(lines)


def _parts(labels: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    drawn = labels.filter(pl.col("side") == "rejection, any")
    spread = labels.filter(pl.col("side") == "rejection, by rule")
    rules = [(f"`{rule}`", spread.filter(pl.col("rule") == rule)) for rule in sorted(spread["rule"].unique())]
    return [("100 at random of all", drawn), ("100 spread over the rules", spread), *rules]


if __name__ == "__main__":
    print(report(pl.read_csv(LABELS)))
