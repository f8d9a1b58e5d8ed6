"""Recorder of models' release days and open weights, as the list models.dev (MIT) stood on three days.

Many sellers list the same model there and not all agree. What counts: the maker's own entry in the newest capture
that has one; else the day that most sellers state, if two or more state it and they are more than half. Days that
name only a month say nothing here. That weights are closed is taken from the maker alone: sellers leave the field at
false (most of them say it of DeepSeek V3). Recorded are the names that carry a price in genai-prices or in the
OpenRouter captures.

Not here: which names are one model (xwalk_model), sizes (model_fact), models nobody prices.
"""

from __future__ import annotations

import collections
import datetime as dt
import gzip
import json
import re
from pathlib import Path

import polars as pl

from sources.recorders.runs import shared_folder, write
from sources.registry import all_sources

FILE = Path(__file__).parent.parent / "token_prices" / "curated" / "models_dev_models.csv"
# Newest first: commit of models.dev and its day.
CAPTURES = (("d20915daa", "2026-06-30"), ("3a7a4e965", "2025-12-31"), ("c575fcfef", "2025-06-29"))
# Entries of models.dev that are a maker's own list, and nobody else's models.
MAKERS = {
    "anthropic",
    "cohere",
    "deepseek",
    "google",
    "llama",
    "minimax",
    "mistral",
    "moonshotai",
    "openai",
    "perplexity",
    "xai",
    "zai",
    "zhipuai",
}


def tail(label: str) -> str:
    """The last part of a label, in lower case, without a route: the name staging compares (see xwalk_model)."""
    return re.sub(r":[a-z]+$", "", label.lower()).rpartition("/")[2]


def priced() -> set[str]:
    """The names that carry a price in the embedded sources."""
    found: set[str] = set()
    for source_id in ("genai_prices", "openrouter_history"):
        spec = all_sources()[source_id]
        connector = spec.load_connector()
        for payload in connector.fetch_offline(spec):
            found |= set(connector.parse(payload)["model_label"].drop_nulls().to_list())
    return {tail(label) for label in found}


def record(shared: Path) -> pl.DataFrame:
    """One row per name: release_date and weights (open, closed), null where the sellers do not agree.

    In force and known from the day of the capture: when the statement itself began is not known.
    """
    names = priced()
    stated: dict[str, list[tuple[str, str, str, dict[str, object]]]] = collections.defaultdict(list)
    for commit, day in CAPTURES:
        path = shared / "data" / "token_prices" / "payloads" / f"models_dev_{commit}__asof_{day}.json.gz"
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for key, entry in json.load(stream).items():
                if tail(key) in names:
                    stated[tail(key)].append((commit, day, key, entry))
    rows = []
    for name, entries in sorted(stated.items()):
        own = next((e for e in entries if e[2].split("/")[0] in MAKERS and _day(e[3]["release_date"])), None)
        newest = [e for e in entries if e[0] == entries[0][0]]
        release = _day(own[3]["release_date"]) if own else _agreed([_day(e[3]["release_date"]) for e in newest])
        is_open = own[3]["open_weights"] if own else _agreed([e[3]["open_weights"] for e in newest]) or None
        if release is None and is_open is None:
            continue
        commit, day, key, _ = own or newest[0]
        who = key if own else f"{len(newest)} sellers"
        weights = None if is_open is None else "open" if is_open else "closed"
        rows.append((name, release, weights, day, f"models.dev commit {commit}: {who}"))
    frame = pl.DataFrame(rows, schema=["model_label", "release_date", "weights", "day", "citation"], orient="row")
    return frame.select(
        "model_label",
        "release_date",
        "weights",
        pl.col("day").alias("valid_from"),
        pl.lit(None, dtype=pl.String).alias("valid_to"),
        pl.col("day").alias("known_from"),
        pl.lit("first_seen").alias("known_basis"),
        pl.col("day").alias("last_observed"),
        pl.lit(1).alias("observation_count"),
        pl.lit("B").alias("grade"),
        "citation",
    )


def _day(text: object) -> str | None:
    try:
        day = dt.date.fromisoformat(str(text))
    except ValueError:
        return None
    return day.isoformat() if day.year > 1970 else None


def _agreed(values: list[object]) -> object:
    value, times = collections.Counter(values).most_common(1)[0]
    return value if times >= 2 and 2 * times > len(values) else None


def main() -> None:
    """Write the file."""
    write(record(shared_folder(__doc__ or "")), FILE)


if __name__ == "__main__":
    main()
