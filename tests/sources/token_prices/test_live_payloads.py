"""Every stored payload of the public lists, through a server on this machine, the client and landing, on its own day.

What must come out is counted by plain code from the JSON itself, not by the parsers. `pytest -s` shows the table.
"""

from __future__ import annotations

import collections
import gzip
import json
import re
import time
from pathlib import Path

import polars as pl
import pytest

from pipelines.landing import intake
from sources.registry import all_sources

PAYLOADS = "data/token_prices/payloads"
BOUNDS = {"in": 375, "out": 1500}
LITELLM = [
    "litellm_wheel_0.14.1__asof_2023-10-20",
    "litellm_wheel_1.53.1__asof_2024-12-03",
    "litellm_wheel_1.77.7__asof_2025-10-05",
    "litellm_wheel_1.99.0__asof_2026-08-25",
    "litellm_wheel_1.109.1__asof_2026-11-03",
]
MODELS_DEV = [
    "models_dev_c575fcfef__asof_2025-06-29",
    "models_dev_3a7a4e965__asof_2025-12-31",
    "models_dev_d20915daa__asof_2026-06-30",
]


def read(shared: Path, name: str) -> bytes:
    return gzip.decompress((shared / PAYLOADS / f"{name}.json.gz").read_bytes())


@pytest.fixture
def land(publisher_server, monkeypatch, home):
    """Ingest a payload live, as if it were its day; the run, its accepted and its rejected rows."""

    def landed(source_id: str, name: str, body: bytes):
        day = name.rpartition("_")[2]
        monkeypatch.setenv(f"RACKHOUR_BASE_{source_id.upper()}", f"{publisher_server.base}/{name}.json")
        monkeypatch.setenv("RACKHOUR_TODAY", day)
        publisher_server.serve(f"/{name}.json", body)
        spec = all_sources()[source_id]
        started = time.perf_counter()
        run = intake.ingest(spec, home, "live")
        seconds = time.perf_counter() - started
        folder = intake.good_payloads(spec, home)[-1]
        accepted, rejected = (pl.read_parquet(folder / f"{part}.parquet") for part in ("accepted", "rejected"))
        rules = collections.Counter(map(rule, rejected.iter_rows(named=True)))
        print(f"\n{name:45}{accepted.height:7}{rejected.height:6} {seconds:5.2f} s  {dict(rules)}")
        assert {str(known) for known in accepted["known_from"]} == {day}
        return run, accepted, rejected, rules

    return landed


def rule(row: dict) -> str:
    """A rejection's first reason in a word."""
    if "unknown kind" in row["rule"]:
        return "unknown kind"
    return row["field"] if row["field"] != "row" else row["rule"].split("_")[0]


def token_prices(entry: dict) -> list[tuple[str, str, float]]:
    """Place, key and figure of everything in a LiteLLM entry that is a price of tokens in dollars."""
    found = []
    places = [("", entry), ("off peak", entry.get("off_peak_pricing") or {})]
    for step in entry.get("tiered_pricing") or []:
        lowest = int((step.get("range") or [-1])[0])
        places.append(("" if lowest == 0 else f"from {lowest}", step))
    for place, prices in places:
        for key, value in prices.items():
            if re.search(r"per_((audio|image|video|reasoning)_)?token|token_cost", key) and not re.search(
                "_dbu?_", key
            ):
                found.append(
                    (place, key.replace("input_cost_per_token_cache_hit", "cache_read_input_token_cost"), value)
                )
    return found


def possible(key: str, value: float) -> bool:
    way = "out" if key.startswith(("output", "citation")) else "in"
    return 0 <= value * 1e6 <= BOUNDS[way]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "received", "rules"),
    [
        (LITELLM[0], 178, {"provider_label": 10}),
        (LITELLM[1], 1662, {"price_unit": 317, "currency": 19, "model_label": 2, "unknown kind": 1}),
        (
            LITELLM[2],
            4415,
            {"price_unit": 732, "price": 30, "currency": 20, "model_label": 11, "unknown kind": 4},
        ),
        (
            LITELLM[3],
            9823,
            {"price_unit": 1588, "currency": 84, "price": 32, "model_label": 11, "unknown kind": 2},
        ),
        (
            LITELLM[4],
            18523,
            {"price_unit": 2575, "currency": 155, "model_label": 11, "price": 4, "unknown kind": 2},
        ),
        ("tokencost_226b332__asof_2025-01-13", 1898, {"price_unit": 348, "currency": 21, "unknown kind": 1}),
    ],
)
def test_litellm(shared, land, name, received, rules):
    body = read(shared, name)
    run, accepted, rejected, found = land("litellm", name, body)
    assert (run.received, run.status) == (received, "ok")
    assert run.received == accepted.height + rejected.height
    assert found == rules
    expected = {
        (key, place, price)
        for key, entry in json.loads(body).items()
        if key != "sample_spec" and entry.get("litellm_provider")
        for place, price, value in token_prices(entry)
        if possible(price, value)
    }
    assert accepted.height == len(expected)
    # Figure for figure, in the publisher's own unit.
    for key, entry in json.loads(body).items():
        if key == "sample_spec" or not isinstance(entry.get("output_cost_per_token"), int | float):
            continue
        if entry.get("litellm_provider") and possible("output", entry["output_cost_per_token"]):
            stated = accepted.filter(pl.col("model_label") == key, pl.col("token_kind") == "output")
            base = stated.filter(pl.col("tier") == "base", pl.col("processing") == "standard")
            assert base["price"].to_list() == [entry["output_cost_per_token"]]
            break
    assert set(accepted["price_unit"]) == {"usd_per_token"}


@pytest.mark.shared
def test_a_copy_that_names_no_seller_is_refused_whole(shared, publisher_server, monkeypatch, home):
    """Who charges is not guessed from a model's name: of 487 prices none can be taken, and the source says so."""
    monkeypatch.setenv("RACKHOUR_BASE_LITELLM", f"{publisher_server.base}/map.json")
    publisher_server.serve("/map.json", read(shared, "tokencost_f38877f__asof_2024-01-30"))
    run = intake.ingest(all_sources()["litellm"], home, "live")
    assert (run.status, run.accepted) == ("failed", 0)
    assert "was accepted (first: provider_label: not_nullable" in run.message


@pytest.mark.shared
def test_keys_that_stand_twice_in_a_real_map_are_seen(shared, land):
    body = read(shared, LITELLM[2])
    twice = collections.Counter(key for key, _ in json.loads(body, object_pairs_hook=list))
    keys = {key for key, times in twice.items() if times > 1}
    assert len(keys) == 3
    _, accepted, _, _ = land("litellm", LITELLM[2], body)
    noted = accepted.filter(pl.col("note").str.contains("stands 2 times, alike"), pl.col("model_label").is_in(keys))
    assert set(noted["model_label"]) == keys
    assert noted.height == accepted.filter(pl.col("model_label").is_in(keys)).height


@pytest.mark.shared
def test_three_vintages_in_order_are_kept_side_by_side(shared, land, home):
    for name in LITELLM[2:]:
        run, *_ = land("litellm", name, read(shared, name))
    assert run.payloads == 3
    assert run.received == 4415 + 9823 + 18523
    days = [pl.read_parquet(folder / "accepted.parquet")["known_from"][0].isoformat() for folder in folders(home)]
    assert days == ["2025-10-05", "2026-08-25", "2026-11-03"]


def folders(home) -> list[Path]:
    return intake.good_payloads(all_sources()["litellm"], home)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rules"),
    [
        (MODELS_DEV[0], {}),
        (MODELS_DEV[1], {"price_unit": 2}),
        (MODELS_DEV[2], {"price_unit": 3, "unknown kind": 9}),
    ],
)
def test_models_dev(shared, land, name, rules):
    """As the repository's captures keep it, and again re-set in the nested form of api.json: the same rows."""
    body = read(shared, name)
    flat = json.loads(body)
    run, accepted, rejected, found = land("models_dev", name, body)
    assert run.received == accepted.height + rejected.height
    assert found == rules
    costs = [entry["cost"] for entry in flat.values()]
    stated = sum(not isinstance(value, dict | list) for cost in costs for value in cost.values())
    longer = sum(len(cost.get("context_over_200k", {})) for cost in costs)
    tiers = sum(len(tier) - 1 for cost in costs for tier in cost.get("tiers", []))
    assert run.received == stated + longer + tiers
    zeros = sum(value == 0 for cost in costs for value in cost.values() if not isinstance(value, dict | list))
    assert accepted.filter(pl.col("price") == 0, pl.col("tier") == "base").height >= zeros - sum(rules.values())
    nested: dict[str, dict] = {}
    for key, entry in flat.items():
        seller, _, label = key.partition("/")
        nested.setdefault(seller, {"id": seller, "models": {}})["models"][label] = entry
    again = land("models_dev", name, json.dumps(nested).encode())[1]
    ignored = ["observation_id", "payload_sha256", "row_number"]
    assert again.drop(ignored).sort(pl.all()).equals(accepted.drop(ignored).sort(pl.all()))


@pytest.mark.shared
def test_a_price_in_another_unit_that_could_be_one_is_passed_and_left_to_staging(shared, land):
    """Cloudflare's prices per step and per second stand among those per Mtok: possible figures, judged in staging."""
    _, accepted, _, _ = land("models_dev", MODELS_DEV[1], read(shared, MODELS_DEV[1]))
    low = accepted.filter(pl.col("price") > 0, pl.col("price") < 0.0005)
    assert set(low["model_label"]) == {"flux-1-schnell", "melotts", "resnet-50", "whisper"}


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "providers"),
    [("genai_prices_c56491a9__asof_2025-06-23", 16), ("genai_prices_v2_14590c4f__asof_2026-08-19", 36)],
)
def test_genai_prices(shared, land, name, providers):
    """Both layouts: the first has one set of prices a model, the second dated records and variants."""
    body = read(shared, name)
    run, accepted, rejected, rules = land("genai_prices", name, body)
    assert run.received == accepted.height + rejected.height
    assert set(rules) <= {"price_unit"}
    assert accepted["provider_label"].n_unique() == providers
    priced = {
        (provider["id"], model["id"])
        for provider in json.loads(body)
        for model in provider["models"]
        if any(key.endswith("_mtok") for key in re.findall(r'"(\w+)": (?!null)', json.dumps(model["prices"])))
    }
    assert set(accepted.select("provider_label", "model_label").rows()) == priced
