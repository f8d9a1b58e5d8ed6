"""How many publishers a live run reached, and what the command says and returns where it reached nobody."""

from __future__ import annotations

import pytest
import typer

from pipelines.cli import refresh
from pipelines.home.build import Build
from pipelines.landing import health, intake
from sources.registry import all_sources
from tests.sources.gpu_rental.live import look


@pytest.fixture
def away(monkeypatch):
    """Publishers whose servers nobody answers at."""
    for name in ("LITELLM", "VAST"):
        monkeypatch.setenv(f"RACKHOUR_BASE_{name}", "http://127.0.0.1:9/")


def run(home, *asked: str) -> str:
    """One run's health: these sources asked live, and one that needs a key and has none."""
    home.ensure()
    sources = all_sources()
    health.record(home, "r", [intake.ingest(sources[name], home, "live") for name in (*asked, "lambda_cloud")])
    return "r"


def test_failures_are_asked_and_a_missing_key_is_not(home, away, monkeypatch):
    monkeypatch.delenv("LAMBDA_API_KEY", raising=False)
    assert health.reached(home, run(home, "litellm", "vast")) == (0, 2)


def test_an_embedded_source_is_no_publisher_that_was_reached(home, away, monkeypatch):
    monkeypatch.delenv("LAMBDA_API_KEY", raising=False)
    assert health.reached(home, run(home, "litellm", "hardware_facts")) == (0, 1)


def test_a_run_that_reached_nobody_says_so_and_returns_3(home, away, monkeypatch, capsys):
    monkeypatch.delenv("LAMBDA_API_KEY", raising=False)
    build = Build(home=home, mode="live", run_id=run(home, "litellm", "vast"))
    with pytest.raises(typer.Exit) as ended:
        refresh._say_unreached(build)
    assert ended.value.exit_code == 3
    assert "No publisher answered (2 asked)" in capsys.readouterr().out


def test_one_answer_is_enough(home, away, shared, publisher_server, monkeypatch, capsys):
    home.ensure()
    sample = (shared / "data" / "gpu_rates" / "vast_bundles_response_sample.json").read_bytes()
    answered = look("vast", sample, publisher_server, home, monkeypatch, "2026-08-22")
    health.record(home, "r", [answered, intake.ingest(all_sources()["litellm"], home, "live")])
    assert health.reached(home, "r") == (1, 2)
    refresh._say_unreached(Build(home=home, mode="live", run_id="r"))
    assert capsys.readouterr().out == ""
