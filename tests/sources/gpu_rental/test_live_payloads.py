"""The live rental lists on real answers, through a real server: what came, what was taken, what was refused and why.

Counts are taken here from the JSON itself, by other code than the connectors'.
"""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.sources.gpu_rental.live import TRACKER_DAYS, look, rows, sample, tracker_file

pytestmark = pytest.mark.shared


@pytest.fixture
def five_days(shared, publisher_server, home, monkeypatch):
    runs = {}
    for day in TRACKER_DAYS:
        body = tracker_file(shared, day)
        runs[day] = look("gpurentalprices_live", body, publisher_server, home, monkeypatch, day)
    return runs


def test_every_offer_of_the_tracker_is_received_and_none_is_lost(shared, five_days, home):
    counts = {day: len(json.loads(tracker_file(shared, day))["offers"]) for day in TRACKER_DAYS}
    assert counts == {"2026-07-05": 60, "2026-07-20": 292, "2026-08-01": 294, "2026-08-15": 295, "2026-08-22": 293}
    last = five_days["2026-08-22"]
    assert (last.status, last.payloads) == ("ok", 5)
    assert (last.received, last.accepted, last.rejected) == (1234, 1234, 0)
    assert sum(counts.values()) == 1234
    assert rows("gpurentalprices_live", home)["price"].sum() == pytest.approx(
        sum(offer["usd_hr"] for day in TRACKER_DAYS for offer in json.loads(tracker_file(shared, day))["offers"])
    )


def test_a_row_the_tracker_carried_counts_for_the_day_its_page_was_read(shared, five_days, home):
    offers = json.loads(tracker_file(shared, "2026-08-15"))["offers"]
    carried = [offer for offer in offers if not offer["fetched_at"].startswith("2026-08-15")]
    assert Counter((offer["provider"], offer["fetched_at"][:10]) for offer in carried) == {
        ("fireworks", "2026-08-12"): 5
    }
    found = rows("gpurentalprices_live", home).filter(provider_label="fireworks")
    days = Counter(day.isoformat() for day in found["last_observed"])
    assert days["2026-08-12"] == 5
    assert days["2026-08-15"] == 0


def test_the_kinds_of_the_tracker_keep_their_counts(shared, five_days, home):
    kinds = Counter(offer["kind"] for day in TRACKER_DAYS for offer in json.loads(tracker_file(shared, day))["offers"])
    found = Counter(rows("gpurentalprices_live", home)["commitment"])
    assert found == {
        "on_demand": kinds["on-demand"] + kinds["secure"],
        "community": kinds["community"],
        "serverless": kinds["serverless"],
        "spot": kinds["spot"],
    }


def test_an_offer_on_vast_is_priced_without_its_disk_and_named_by_its_host(shared, publisher_server, home, monkeypatch):
    body = sample(shared, "vast_bundles_response_sample.json")
    run = look("vast", body, publisher_server, home, monkeypatch, "2026-07-18")
    assert (run.received, run.accepted, run.rejected) == (4, 4, 0)
    found = rows("vast", home).sort("sku_label", "commitment")
    offers = {str(offer["id"]): offer for offer in json.loads(body)["offers"]}
    for row in found.iter_rows(named=True):
        offer = offers[row["sku_label"].rpartition("offer ")[2]]
        expected = {
            "on_demand": offer["dph_total"] - offer["storage_total_cost"],
            "spot": offer["min_bid"],
        }[row["commitment"]]
        assert row["price"] == pytest.approx(expected)
        assert row["gpu_memory_gb"] == pytest.approx(offer["gpu_ram"] / 1024)
        assert f"host {offer['host_id']}, machine {offer['machine_id']}," in row["sku_label"]
    # One of a machine's four GPUs is a whole GPU: the cores an offer gets are the same share as its gpu_frac.
    assert all(o["gpu_frac"] == o["cpu_cores_effective"] / o["cpu_cores"] == 0.25 for o in offers.values())
    assert found["gpu_count"].to_list() == [1.0] * 4


def test_runpod_offers_are_those_whose_cloud_has_the_gpu(shared, publisher_server, home, monkeypatch):
    body = sample(shared, "runpod_gputypes_response_sample.json")
    run = look("runpod", body, publisher_server, home, monkeypatch, "2026-07-18")
    types = json.loads(body)["data"]["gpuTypes"]
    offered = [
        (gpu["id"], cloud, gpu[f"{cloud}Price"])
        for gpu in types
        for cloud in ("secure", "community")
        if gpu[f"{cloud}Cloud"] and gpu[f"{cloud}Price"]
    ]
    assert (run.received, run.accepted, run.rejected) == (11, 9, 2)
    found = rows("runpod", home)
    assert sorted(found.select("gpu_label", "sku_label", "price").rows()) == sorted(offered)
    # A whole pod's 11.12 stands beside 1.39 for one GPU and is never read; MI300X at 0.50 is in no community cloud.
    assert found["price"].max() == 5.98
    reasons = rows("runpod", home, "rejected")["rule"].to_list()
    assert reasons == [
        "communityPrice 0.5 beside communityCloud false: not offered",
        "communityPrice 0.35 beside communityCloud false: not offered",
    ]
    assert b"lowestPrice" not in publisher_server.bodies[0]
