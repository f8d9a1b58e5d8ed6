"""`rackhour try`: one publisher alone, from its server, a saved answer, or what is embedded; nothing is written."""

from __future__ import annotations

import json

import pytest

from tests.conftest import rackhour

# Synthetic: three models of one seller nobody has named, one of them at a price that no contract takes.
ANSWER = {
    "updated_at": "2026-11-20",
    "prices": [
        {"id": "m-1", "vendor": "synthetic-lab", "name": "M 1", "input": 1.25, "output": 10, "input_cached": None},
        {"id": "m-2", "vendor": "openai", "name": "M 2", "input": 2, "output": 8, "input_cached": None},
        {"id": "m-3", "vendor": "openai", "name": "M 3", "input": -3, "output": 8, "input_cached": None},
    ],
}
SOURCE = "llm_prices_current"
BASE = "RACKHOUR_BASE_LLM_PRICES_CURRENT"


@pytest.fixture
def asked(publisher_server, tmp_path):
    """Ask a publisher on this machine, by the real command; the home must stay empty."""
    home = tmp_path / "home"

    def ask(*arguments: str):
        env = {BASE: publisher_server.base, "RACKHOUR_TODAY": "2026-11-20"}
        outcome = rackhour("try", SOURCE, "--live", *arguments, home=home, env=env)
        assert not home.exists(), "a trial writes nothing"
        return outcome

    return ask


def test_a_live_answer_is_shown_counted_and_its_unknown_names_have_a_file(asked, publisher_server):
    publisher_server.serve("*", json.dumps(ANSWER).encode())
    outcome = asked()
    assert outcome.returncode == 0, outcome.stderr
    assert "6 rows received, 5 accepted, 1 rejected" in outcome.stdout
    assert "'synthetic-lab' (2 rows)" in outcome.stdout
    assert "'openai'" not in outcome.stdout.split("no crosswalk")[1]
    assert "dbt_project/seeds/xwalk_token_provider.csv" in outcome.stdout
    assert len(publisher_server.requests) == 1


def test_a_rejection_has_its_field_rule_and_value(asked, publisher_server):
    publisher_server.serve("*", json.dumps(ANSWER).encode())
    told = json.loads(asked("--format", "json", "--rows", "1").stdout)
    [payload] = told["payloads"]
    [refused] = payload["rejections"]
    assert (refused["field"], refused["value"]) == ("price", "-3.0")
    assert "0" in refused["rule"]
    assert len(payload["rows"]) == 1
    assert told["unmapped"] == [
        {
            "column": "provider_label",
            "label": "synthetic-lab",
            "rows": 2,
            "file": "dbt_project/seeds/xwalk_token_provider.csv",
        }
    ]


def test_all_accepted_rows_come_as_csv(asked, publisher_server):
    publisher_server.serve("*", json.dumps(ANSWER).encode())
    lines = asked("--format", "csv").stdout.splitlines()
    assert len(lines) == 6
    assert "price" in lines[0].split(",")


def test_a_publisher_that_is_gone_ends_with_code_one(asked, publisher_server):
    publisher_server.serve("*", b"gone", status=410)
    outcome = asked()
    assert outcome.returncode == 1
    assert "410" in outcome.stderr
    assert "No row was accepted" in outcome.stdout
    assert "Traceback" not in outcome.stderr


def test_no_accepted_row_ends_with_code_one(asked, publisher_server):
    publisher_server.serve("*", json.dumps({"prices": ANSWER["prices"][2:] * 1}).replace("8", "-8").encode())
    outcome = asked()
    assert outcome.returncode == 1
    assert "2 rows received, 0 accepted, 2 rejected" in outcome.stdout


def test_a_saved_answer_is_read_as_if_it_came_today(tmp_path):
    saved = tmp_path / "answer.json"
    saved.write_text(json.dumps(ANSWER))
    outcome = rackhour(
        "try", SOURCE, "--file", str(saved), home=tmp_path / "home", env={"RACKHOUR_TODAY": "2026-11-20"}
    )
    assert outcome.returncode == 0, outcome.stderr
    assert "6 rows received, 5 accepted, 1 rejected" in outcome.stdout
    assert "2026-11-20" in outcome.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["answer.json"]


def test_a_kept_payload_gives_the_rows_that_landed(released_home, tmp_path):
    [folder] = [path.parent for path in (released_home / "landing/colo_rates/colo_market_facts").glob("*/landed.json")]
    landed = json.loads((folder / "landed.json").read_text())
    tried = rackhour(
        "try", "colo_market_facts", "--file", str(folder / "payload.gz"), "--format", "json", home=tmp_path
    )
    [payload] = json.loads(tried.stdout)["payloads"]
    assert payload["sha256"] == landed["payload_sha256"]
    assert [payload[name] for name in ("received", "accepted", "rejected")] == [
        landed[name] for name in ("received", "accepted", "rejected")
    ]


def test_a_connector_that_breaks_is_told_with_its_line(tmp_path):
    saved = tmp_path / "gcp.csv"
    saved.write_text("InstanceType,vCPUs\nx,1\n")
    outcome = rackhour("try", "skypilot", "--file", str(saved), home=tmp_path / "home")
    assert outcome.returncode == 1
    assert "KeyError('cloud')" in outcome.stderr
    assert "In sources/gpu_rental/skypilot.py:" in outcome.stderr
    assert "last-error.txt" not in outcome.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("no_such_source",), "rackhour sources"),
        (("runpodd", "--live"), "Did you mean: runpod"),
        (("runpod",), "rackhour try runpod --live"),
        (("colo_market_facts", "--live"), "Leave --live out"),
        (("lambda_cloud", "--live"), "LAMBDA_API_KEY"),
        (("runpod", "--live", "--file", "x"), "Give one of them"),
        (("runpod", "--file", "no-such-file"), "no-such-file cannot be read"),
        (("skypilot", "--file", "x", "--meta", "cloud"), "provider=runpod"),
    ],
)
def test_what_cannot_be_tried_is_told_with_what_can(tmp_path, arguments, told):
    outcome = rackhour("try", *arguments, home=tmp_path / "home", env={"LAMBDA_API_KEY": ""})
    assert outcome.returncode == 1
    assert told in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert not (tmp_path / "home").exists()


def test_embedded_observations_are_read_without_a_home(tmp_path):
    outcome = rackhour("try", "gpu_rates_documents", "--rows", "2", home=tmp_path / "home")
    assert outcome.returncode == 0, outcome.stderr
    assert "accepted rows, 2 of 14" in outcome.stdout
    assert not (tmp_path / "home").exists()
