"""As-of D gives the release of day D again, figure for figure, from looks made live on successive days."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from pathlib import Path

import pytest

from pipelines.home.places import Home
from pipelines.landing import intake
from sources.registry import all_sources
from tests.conftest import rackhour

LIVE = ("litellm", "gpurentalprices_live")
DAYS = ("2026-07-05", "2026-07-20", "2026-08-01")
# Three vintages of LiteLLM's map, served on the tracker's days: which day they stand for does not matter here.
LITELLM = ("1.77.7__asof_2025-10-05", "1.99.0__asof_2026-08-25", "1.109.1__asof_2026-11-03")


def tables(home: Path) -> dict[str, str]:
    """What the published release says, table by table, as hashes of its Parquet files."""
    folder = home / "current" / "parquet"
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for schema in ("core", "marts", "quarantine")
        for path in sorted((folder / schema).glob("*.parquet"))
    }


@pytest.mark.shared
def test_the_release_of_a_day_is_made_again_from_what_was_known_on_it(
    shared, released_home, tmp_path, publisher_server
):
    home = Path(shutil.copytree(released_home, tmp_path / "home", symlinks=True))
    tracker = shared / "data/gpu_rates/gpurentalprices_daily_json"
    lists = shared / "data/token_prices/payloads"
    made = {}
    for day, vintage in zip(DAYS, LITELLM, strict=True):
        publisher_server.forget()
        body = gzip.decompress((lists / f"litellm_wheel_{vintage}.json.gz").read_bytes())
        publisher_server.serve("/litellm.json", body)
        for name in ("latest.json", f"{day}.json"):
            publisher_server.serve(f"/tracker/{name}", gzip.decompress((tracker / f"{day}.json.gz").read_bytes()))
        environment = {
            "RACKHOUR_TODAY": day,
            "RACKHOUR_BASE_LITELLM": f"{publisher_server.base}/litellm.json",
            "RACKHOUR_BASE_GPURENTALPRICES_LIVE": f"{publisher_server.base}/tracker",
        }
        if day == DAYS[-1]:  # what later days must not let through has to be landed, not released
            with pytest.MonkeyPatch.context() as patch:
                for name, value in environment.items():
                    patch.setenv(name, value)
                for source_id in LIVE:
                    run = intake.ingest(all_sources()[source_id], Home(home), "live")
                    assert (run.status, run.accepted > 0) == ("ok", True), run.message
            break
        asked = [word for source_id in LIVE for word in ("--only", source_id)]
        outcome = rackhour("refresh", "--live", *asked, home=home, env=environment)
        assert outcome.returncode == 0, outcome.stderr[-3000:]
        made[day] = tables(home)
    for day in made:
        outcome = rackhour("refresh", "--as-of", day, home=home)
        assert outcome.returncode == 0, outcome.stderr[-3000:]
        again = tables(home)
        assert {name for name in made[day] if again.get(name) != made[day][name]} == set()
