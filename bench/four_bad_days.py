"""`python -m bench.four_bad_days`: one publisher down, one frozen, one slow, one lying, and what a person is told.

Real payloads of others are served by a server on this machine as if of four November days; on the fifth LiteLLM's
server is gone, RunPod still says what it said on the first day, Vast drips ten bytes a second, and models.dev shows one
provider's prices a thousand times too high (that day's prices are the only invention). The whole command runs, with
RACKHOUR_TODAY as its clock; its own words and the doctor's are written to docs/failures.md.

Not here: the server (tests/server.py), what each rule says (dbt_project/seeds/rules.csv).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.real_payloads import real_payloads
from pipelines.home.places import Home
from pipelines.landing import intake
from sources.registry import all_sources
from tests.server import PublisherServer

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "failures.md"
GOOD_DAYS = ("2026-10-15", "2026-11-01", "2026-11-19", "2026-11-20")  # RunPod may stand still for 30 days
BAD_DAY = "2026-11-21"
DOWN, FROZEN, SLOW, LYING = "litellm", "runpod", "vast", "models_dev"
LIAR, FACTOR = "openai", 1000
ASKED = f"select source_id, status, message from ops.source_health where source_id in {(DOWN, FROZEN, SLOW, LYING)} "
LIES = f"""
select 'rejected by contract' as fate, rule as reason, count(*) as prices, null as lowest, null as highest
from quarantine.rejected_row
where source_id = '{LYING}' and json_extract_string(row_json, '$.provider_label') = '{LIAR}'
    and json_extract_string(row_json, '$.last_observed') = '{BAD_DAY}'
group by all
union all
select 'set aside', reason, count(*), min(price_usd_per_mtok), max(price_usd_per_mtok)
from quarantine.doubted_token_price
where source_id = '{LYING}' and provider = '{LIAR}' and valid_from = '{BAD_DAY}' group by all
union all
select 'in core.fct_token_price', 'from that day on', count(*), min(price_usd_per_mtok), max(price_usd_per_mtok)
from core.fct_token_price where source_id = '{LYING}' and provider = '{LIAR}' and valid_from = '{BAD_DAY}'
order by all
"""
LATEST = "qualify row_number() over (partition by source_id order by checked_at desc) = 1 order by source_id"


@dataclass(frozen=True)
class Said:
    """What one command said, and how long it took."""

    command: str
    exit_code: int
    output: str
    progress: str
    seconds: float


def run(home: Path, *arguments: str, **environment: str) -> Said:
    """The real command in a process of its own."""
    variables = {**os.environ, "RACKHOUR_HOME": str(home), **environment}
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", *arguments],
        capture_output=True, text=True, env=variables, cwd=ROOT, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - started
    return Said("rackhour " + " ".join(arguments), done.returncode, done.stdout, done.stderr, seconds)


def payloads(shared: Path) -> dict[str, bytes]:
    """The newest real payload of each of the four."""
    return {real.source_id: real.content() for real in real_payloads(shared) if real.source_id in _bases("")}


def lied(content: bytes) -> bytes:
    """The same list with every price of one provider a thousand times too high."""
    document: dict[str, Any] = json.loads(content)
    for label, model in document.items():
        if label.startswith(f"{LIAR}/"):
            cost = model.get("cost") or {}
            cost.update({name: figure * FACTOR for name, figure in cost.items() if isinstance(figure, (int, float))})
    return json.dumps(document).encode()


def _bases(base: str) -> dict[str, str]:
    return {source_id: f"{base}/{source_id}/" for source_id in (DOWN, FROZEN, SLOW, LYING)}


def served(server: PublisherServer, real: Mapping[str, bytes]) -> dict[str, str]:
    """Everybody answers; the variables that send the sources there."""
    for source_id, content in real.items():
        server.serve(f"/{source_id}/", content)
    return {f"RACKHOUR_BASE_{source_id.upper()}": base for source_id, base in _bases(server.base).items()}


def play(home: Path, shared: Path) -> list[Said]:
    """Four good days, then the bad one; the offline refresh before them, the bad day's refresh, and what is told."""
    real = payloads(shared)
    server = PublisherServer()
    variables = served(server, real)
    said = [run(home, "refresh", RACKHOUR_TODAY=GOOD_DAYS[0])]
    for day in GOOD_DAYS:
        good_day(home, {**variables, "RACKHOUR_TODAY": day})
    server.serve(f"/{DOWN}/", b"Bad Gateway", status=502)
    server.slow(f"/{SLOW}/", 0.1, real[SLOW], drip=True)
    server.serve(f"/{LYING}/", lied(real[LYING]))
    now = {**variables, "RACKHOUR_TODAY": BAD_DAY, "RACKHOUR_HTTP_TIMEOUT_SECONDS": "0.4"}
    only = [word for source_id in real for word in ("--only", source_id)]
    said.append(run(home, "refresh", "--live", *only, **now))
    server.close()
    said.append(run(home, "doctor", **now))
    said.append(run(home, "sql", ASKED + LATEST, "--format", "csv", **now))
    said.append(run(home, "sql", LIES, "--format", "csv", **now))
    return said


def good_day(home: Path, variables: Mapping[str, str]) -> None:
    """What a live run lands on a day on which everybody answers."""
    kept = dict(os.environ)
    os.environ.update(variables)
    try:
        for source_id in _bases(""):
            outcome = intake.ingest(all_sources()[source_id], Home(home), "live")
            if outcome.status not in ("ok", "unchanged", "frozen"):
                raise SystemExit(f"{source_id} on {variables['RACKHOUR_TODAY']}: {outcome}")
    finally:
        os.environ.clear()
        os.environ.update(kept)


def page(said: list[Said], home: Path) -> str:
    """The transcript as a page: the lines about the four, and the doctor's."""
    _, refresh, doctor, asked, lies = said
    told = [line for line in refresh.progress.splitlines() if re.search(rf"\b({DOWN}|{FROZEN}|{SLOW}|{LYING})\b", line)]
    checks = [line for line in doctor.output.splitlines() if line.strip()]
    parts = [
        "# When publishers fail\n",
        "Made by `python -m bench.four_bad_days`; a test checks the same. Real payloads were served as if on four days",
        f"from {GOOD_DAYS[0]} to {GOOD_DAYS[-1]}. On {BAD_DAY} four things go wrong. LiteLLM's server answers 502.",
        "RunPod sends for the fifth time what it sent on the first day. Vast sends ten bytes a second and exceeds",
        f"every time-out. models.dev shows every price of its provider `{LIAR}` {FACTOR:,} times too high.",
        "Ports and the home's path are shortened.\n",
        f"## The run\n\n`{refresh.command}`, exit {refresh.exit_code}. What it says of the four:\n",
        _block(told, home),
        f"## The doctor\n\n`rackhour doctor`, exit {doctor.exit_code}:\n",
        _block(checks, home),
        "## ops.source_health\n",
        _block(asked.output.splitlines(), home),
        "## What became of the lies\n",
        f"Prices of `{LIAR}` as {LYING} shows them on {BAD_DAY}, USD per million tokens:\n",
        _block(lies.output.splitlines(), home),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _block(lines: list[str], home: Path) -> str:
    text = "\n".join(lines).replace(str(home), "HOME").replace(str(ROOT), ".")
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)
    wrapped = [
        textwrap.fill(line, 118, subsequent_indent="    ", break_on_hyphens=False, break_long_words=False)
        for line in text.splitlines()
    ]
    return "```\n" + "\n".join(wrapped) + "\n```\n"


def main() -> None:
    """Play the days in a fresh home and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="where the real payloads lie")
    parser.add_argument("--home", type=Path, help="keep the home here")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = asked.home or Path(scratch)
        said = play(home, asked.shared)
        TARGET.write_text(page(said, home), encoding="utf-8")
    print(TARGET.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
