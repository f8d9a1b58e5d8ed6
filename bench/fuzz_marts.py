"""Flipped prices through whole refreshes: `python -m bench.fuzz --marts`.

A home holds four good days of real lists. For every case the fifth day's list has some prices in another unit; one
real refresh runs, and each flipped price must be rejected by its contract, set aside in quarantine with a reason, or
be counted here as having reached core. Not here: damage to bytes (bench/fuzz.py), the rules (seeds/rules.csv).
"""

from __future__ import annotations

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bench.four_bad_days import BAD_DAY, GOOD_DAYS, good_day, payloads, run, served
from pipelines.release import frozen
from tests.server import PublisherServer

Place = tuple[dict[str, Any], str]
FACTS = {"models_dev": "core.fct_token_price", "litellm": "core.fct_token_price", "runpod": "core.fct_gpu_rental_rate"}
SET_ASIDE = {
    "core.fct_token_price": "quarantine.doubted_token_price",
    "core.fct_gpu_rental_rate": "quarantine.gpu_rental_rate",
}


@dataclass(frozen=True)
class Flip:
    """Prices of a source times a factor: so many at random, or all of one seller."""

    source_id: str
    factor: float
    count: int | None = None
    seller: str | None = None

    @property
    def name(self) -> str:
        which = f"all of {self.seller}" if self.seller else f"{self.count} at random"
        return f"{self.source_id}: {which} x{self.factor:g}"


FLIPS = (
    Flip("models_dev", 1e3, count=25),
    Flip("models_dev", 1e2, count=25),
    Flip("models_dev", 1e-6, count=25),
    Flip("models_dev", 1e2, seller="anthropic"),
    Flip("litellm", 1e3, count=25),
    Flip("litellm", 1e-6, count=25),
    Flip("runpod", 1e3, seller="runpod"),
    Flip("runpod", 1e2, count=3),
)


def places(source_id: str, document: Any) -> Iterator[tuple[str, Place]]:
    """Seller and place of every positive token or rental price of a list."""
    if source_id == "runpod":
        for gpu in document["data"]["gpuTypes"]:
            for cloud in ("secure", "community"):
                if gpu.get(f"{cloud}Price") and gpu.get(f"{cloud}Cloud"):
                    yield "runpod", (gpu, f"{cloud}Price")
        return
    for label, entry in document.items():
        if source_id == "models_dev":
            cost = entry.get("cost") or {}
            names = [name for name in ("input", "output") if cost.get(name)]
            yield from ((label.partition("/")[0], (cost, name)) for name in names)
        elif entry.get("litellm_provider") and label != "sample_spec":
            names = ("input_cost_per_token", "output_cost_per_token")
            found = [name for name in names if isinstance(entry.get(name), float) and entry[name] > 0]
            yield from ((entry["litellm_provider"], (entry, name)) for name in found)


def flipped(flip: Flip, content: bytes, seed: int) -> tuple[bytes, int]:
    """The list with some prices flipped, and how many."""
    document = json.loads(content)
    found = [place for seller, place in places(flip.source_id, document) if flip.seller in (None, seller)]
    chosen = random.Random(f"{seed}:{flip.name}").sample(found, flip.count) if flip.count else found
    for box, name in chosen:
        box[name] *= flip.factor
    return json.dumps(document).encode(), len(chosen)


def judge(home: Path, flip: Flip) -> dict[str, int]:
    """Rows of the fifth day in core and in quarantine, as the published release has them."""
    fact = FACTS[flip.source_id]
    with duckdb.connect(str(home / "current" / "rackhour.duckdb"), read_only=True) as db:

        def count(table: str, day: str) -> int:
            where = f"source_id = '{flip.source_id}' and {day} = date '{BAD_DAY}'"
            return int(db.sql(f"select count(*) from {table} where {where}").fetchall()[0][0])

        rejected = db.sql(
            f"select count(*) from quarantine.rejected_row where source_id = '{flip.source_id}' "
            f"and json_extract_string(row_json, '$.last_observed') = '{BAD_DAY}'"
        ).fetchall()[0][0]
        # The unflipped list came on the first day and counts once, however often it was seen again.
        earlier = db.sql(
            f"select count(*) from quarantine.rejected_row where source_id = '{flip.source_id}' "
            f"and json_extract_string(row_json, '$.last_observed') = '{GOOD_DAYS[0]}'"
        ).fetchall()[0][0]
        aside = count(SET_ASIDE[fact], "valid_from")
        return {"rejected": rejected - earlier, "set_aside": aside, "in_core": count(fact, "valid_from")}


def run_marts(shared: Path, seed: int, flips: tuple[Flip, ...] = FLIPS, tell: Callable[[str], None] = print) -> int:
    """Play every flip; a markdown line each. Gives how many flipped prices reached core or went
    astray."""
    real = payloads(shared)
    server = PublisherServer()
    variables = served(server, real)
    leaked = 0
    tell(
        "| flipped on the fifth day | flipped | rejected | set aside | in core | refresh s |\n|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as scratch:
        good = Path(scratch) / "good"
        run(good, "refresh", RACKHOUR_TODAY=GOOD_DAYS[0])
        for day in GOOD_DAYS:
            good_day(good, {**variables, "RACKHOUR_TODAY": day})
        for number, flip in enumerate(flips):
            home = Path(scratch) / str(number)
            shutil.copytree(good, home, symlinks=True)
            body, count = flipped(flip, real[flip.source_id], seed)
            server.serve(f"/{flip.source_id}/", body)
            said = run(home, "refresh", "--live", "--only", flip.source_id, **variables, RACKHOUR_TODAY=BAD_DAY)
            if said.exit_code:
                raise SystemExit(f"{flip.name}: {said.progress[-2000:]}")
            found = judge(home, flip)
            leaked += max(found["in_core"], count - found["rejected"] - found["set_aside"])
            tell(f"| {flip.name} | {count} | " + " | ".join(map(str, found.values())) + f" | {said.seconds:.0f} |")
            server.serve(f"/{flip.source_id}/", real[flip.source_id])
            frozen.remove(home)
    server.close()
    return leaked
