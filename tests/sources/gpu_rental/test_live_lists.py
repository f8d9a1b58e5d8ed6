"""The live rental lists on synthetic answers in their documented shapes, good and bad, through a real server."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from sources.client import open_client
from sources.errors import SourceError
from sources.gpu_rental import gpurentalprices, vast
from sources.registry import all_sources
from tests.sources.gpu_rental.live import look, rows

DAY = "2026-10-01"
LAMBDA = {
    "data": {
        "gpu_8x_h100_sxm5": {
            "instance_type": {
                "name": "gpu_8x_h100_sxm5",
                "description": "8x H100 (80 GB SXM5)",
                "gpu_description": "H100 (80 GB SXM5)",
                "price_cents_per_hour": 2392,
                "specs": {"vcpus": 208, "memory_gib": 1800, "storage_gib": 22528, "gpus": 8},
            },
            "regions_with_capacity_available": [{"name": "us-west-1", "description": "California, USA"}],
        },
        "cpu_4x_general": {
            "instance_type": {
                "name": "cpu_4x_general",
                "description": "4x CPU",
                "gpu_description": "N/A",
                "price_cents_per_hour": 16,
                "specs": {"vcpus": 4, "memory_gib": 16, "storage_gib": 512, "gpus": 0},
            },
            "regions_with_capacity_available": [],
        },
    }
}
SHADEFORM = {
    "instance_types": [
        {
            "cloud": "hyperstack",
            "shade_instance_type": "A6000",
            "cloud_instance_type": "n3-RTX-A6000x2",
            "configuration": {"num_gpus": 2, "gpu_type": "A6000", "interconnect": "pcie", "vram_per_gpu_in_gb": 48},
            "hourly_price": 100,
            "deployment_type": "vm",
            "availability": [{"region": "norway-1", "available": True}, {"region": "canada-1", "available": False}],
        }
    ]
}
OFFER = {
    "id": 7,
    "host_id": 1,
    "machine_id": 2,
    "gpu_name": "RTX 4090",
    "gpu_ram": 24564,
    "num_gpus": 8,
    "gpu_frac": 1.0,
    "dph_base": 3.2,
    "dph_total": 3.25,
    "min_bid": 1.6,
    "geolocation": "Texas, US",
}
TRACKED = {
    "provider": "synthetic",
    "gpu": "h100-sxm",
    "vram_gb": 80,
    "usd_hr": 2.5,
    "kind": "on-demand",
    "source_url": "https://prices.example",
    "fetched_at": f"{DAY}T06:00:00Z",
}


@pytest.fixture
def ask(publisher_server, home, monkeypatch):
    def asked(source_id: str, body: object, day: str = DAY):
        return look(source_id, body, publisher_server, home, monkeypatch, day)

    return asked


def test_cents_stay_cents_until_staging(ask, home, publisher_server):
    run = ask("lambda_cloud", LAMBDA)
    assert (run.accepted, run.rejected) == (1, 1)
    row = rows("lambda_cloud", home).row(0, named=True)
    assert (row["price"], row["price_unit"], row["gpu_count"]) == (2392.0, "usc_per_instance_hour", 8.0)
    assert (row["gpu_label"], row["gpu_memory_gb"]) == ("H100 (80 GB SXM5)", 80.0)
    assert rows("lambda_cloud", home, "rejected")["field"].to_list() == ["gpu_count"]
    assert publisher_server.requests[0].header("authorization") == "Bearer synthetic-key-0123456789"


def test_a_key_never_reaches_landing(ask, home, publisher_server):
    for source_id, body in (("lambda_cloud", LAMBDA), ("shadeform", SHADEFORM)):
        ask(source_id, body)
    assert publisher_server.requests[-1].header("x-api-key") == "synthetic-key-0123456789"
    landed = [path for path in home.landing.rglob("*") if path.is_file()]
    assert landed
    assert not any(b"synthetic-key" in path.read_bytes() for path in landed)


@pytest.mark.parametrize("source_id", ["lambda_cloud", "shadeform"])
def test_without_a_key_the_variable_is_named(source_id, monkeypatch):
    spec = all_sources()[source_id]
    monkeypatch.delenv(spec.secrets[0], raising=False)
    with open_client(spec) as client, pytest.raises(SourceError, match=spec.secrets[0]):
        list(spec.load_connector().fetch_live(spec, client))


def test_shadeform_names_the_cloud_that_sells_and_every_region(ask, home):
    assert ask("shadeform", SHADEFORM).accepted == 2
    found = rows("shadeform", home)
    assert set(found["provider_label"]) == {"hyperstack"}
    assert sorted(found["region_label"]) == ["canada-1", "norway-1"]
    assert set(found["price_unit"]) == {"usc_per_instance_hour"}
    assert set(found["sku_label"]) == {"A6000 / n3-RTX-A6000x2 / pcie"}


def test_shadeforms_containers_are_offers_of_their_own(ask, home):
    container = SHADEFORM["instance_types"][0] | {"deployment_type": "container", "hourly_price": 90}
    ask("shadeform", {"instance_types": [*SHADEFORM["instance_types"], container]})
    found = rows("shadeform", home).filter(region_label="norway-1").select("sku_label", "price").rows()
    name = "A6000 / n3-RTX-A6000x2 / pcie"
    assert sorted(found) == [(name, 100.0), (f"{name} / container", 90.0)]


def test_vast_sends_a_key_only_where_one_is_set(ask, publisher_server, monkeypatch):
    monkeypatch.delenv(vast.KEY, raising=False)
    ask("vast", {"offers": [OFFER]})
    monkeypatch.setenv(vast.KEY, "synthetic-vast-key")
    ask("vast", {"offers": [OFFER]})
    assert [asked.header("authorization") for asked in publisher_server.requests] == [None, "Bearer synthetic-vast-key"]
    assert json.loads(publisher_server.bodies[0])["limit"] == vast.MOST_OFFERS


def test_as_many_offers_as_asked_for_may_be_a_part_of_them(ask, monkeypatch):
    monkeypatch.setattr(vast, "MOST_OFFERS", 2)
    assert ask("vast", {"offers": [OFFER]}).status == "ok"
    run = ask("vast", {"offers": [OFFER, OFFER | {"id": 8}]})
    assert run.status == "failed"
    assert "there may be more" in run.message


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"num_gpus": 0}, "gpu_count"),
        ({"dph_base": 0}, "price"),
        ({"dph_base": -1, "min_bid": None}, "price"),
        ({"dph_base": "three"}, "price"),
        ({"dph_base": [3.2]}, "price"),
        ({"gpu_ram": 0}, "gpu_memory_gb"),
        ({"gpu_ram": "much"}, "gpu_memory_gb"),
        ({"gpu_name": None}, "gpu_label"),
        ({"gpu_name": ""}, "gpu_label"),
    ],
    ids=str,
)
def test_a_broken_offer_is_turned_away_with_its_reason_and_the_others_stay(ask, home, change, rule):
    run = ask("vast", {"offers": [OFFER | {"id": 9}, OFFER | change]})
    assert run.received == run.accepted + run.rejected
    assert run.rejected >= 1
    assert set(rows("vast", home, "rejected")["field"]) == {rule}
    assert rows("vast", home)["sku_label"].str.ends_with("offer 9").any()


def test_a_renamed_price_is_told_row_by_row(ask, home):
    renamed = {name: value for name, value in OFFER.items() if name != "dph_base"}
    ask("vast", {"offers": [OFFER, renamed]})
    assert rows("vast", home, "rejected")["rule"].to_list() == ["no field dph_base"]
    gpu = {"id": "NVIDIA H100 80GB HBM3", "memoryInGb": 80, "secureCloud": True}
    run = ask("runpod", {"data": {"gpuTypes": [gpu | {"price": 2.69}, gpu | {"securePrice": 2.69}]}})
    assert (run.accepted, run.rejected) == (1, 1)
    assert rows("runpod", home, "rejected")["rule"].to_list() == ["no price field that is known"]


def test_runpod_keeps_spot_cluster_and_community_apart(ask, home):
    gpu = {
        "id": "NVIDIA H100 80GB HBM3",
        "memoryInGb": 80,
        "secureCloud": True,
        "communityCloud": True,
        "securePrice": 2.99,
        "communityPrice": 2.69,
        "clusterPrice": 3.29,
        "secureSpotPrice": 1.75,
        "communitySpotPrice": 0,
    }
    ask("runpod", {"data": {"gpuTypes": [gpu]}})
    assert rows("runpod", home).select("sku_label", "commitment", "price").rows() == [
        ("secure", "on_demand", 2.99),
        ("community", "community", 2.69),
        ("cluster", "on_demand", 3.29),
        ("secure", "spot", 1.75),
    ]


@pytest.mark.parametrize(
    ("source_id", "body"),
    [
        ("runpod", {"errors": [{"message": "Cannot query field"}], "data": None}),
        ("runpod", {"data": {"gpuTypes": []}}),
        ("vast", {"success": True, "offers": []}),
        ("vast", {"error": "rate limited"}),
        ("gpurentalprices_live", {"date": DAY, "offers": []}),
        ("gpurentalprices_live", {"offers": [TRACKED]}),
        ("gpurentalprices_live", [TRACKED]),
        ("lambda_cloud", {"data": {}}),
        ("lambda_cloud", {"error": {"code": "global/invalid-api-key"}}),
        ("shadeform", {"instance_types": []}),
        ("vast", b'{"offers": [{"id": 1, "id": 2}]}'),
        ("vast", b"<html>Sign in</html>"),
        ("vast", b'{"offers": ['),
        ("vast", b"[" * 100_000),
    ],
    ids=str,
)
def test_an_answer_without_prices_is_a_failure_that_keeps_what_is_there(ask, home, source_id, body):
    good = {
        "runpod": {"data": {"gpuTypes": [{"id": "H", "memoryInGb": 80, "secureCloud": True, "securePrice": 2.0}]}},
        "vast": {"offers": [OFFER]},
        "gpurentalprices_live": {"date": DAY, "offers": [TRACKED]},
        "lambda_cloud": LAMBDA,
        "shadeform": SHADEFORM,
    }[source_id]
    before = ask(source_id, good)
    after = ask(source_id, body)
    assert before.status == "ok"
    assert (after.status, after.accepted) == ("failed", before.accepted)


def test_a_tracker_row_from_the_future_or_without_a_day_is_turned_away(ask, home):
    bad = [TRACKED | {"fetched_at": stamp} for stamp in ("2026-10-02T00:00:00Z", "soon", None)]
    run = ask("gpurentalprices_live", {"date": DAY, "offers": [TRACKED, *bad, TRACKED | {"kind": "auction"}, 7]})
    assert (run.accepted, run.rejected) == (1, 5)


NODE = TRACKED | {
    "provider": "lium",
    "gpu": "h100",
    "usd_hr": 2.15,
    "kind": "marketplace",
    "availability": "in-stock",
    "instance": "Marketplace node 0a1b-2c; 8 GPUs on host",
    "min_gpus": 4,
    "gpu_count_reported": True,
    "region": "Denver, United States",
    "source_quote": "{}",
}
RESERVED = TRACKED | {"kind": "reserved", "instance": "h100-small", "rate_basis": "starting-at"}


def test_the_trackers_newer_offers_say_what_they_are(ask, home):
    """Synthetic: the shape of 2026-10 with its nodes, terms and stock, beside an offer of the older one."""
    quoted = {"type": "quote", "label": "36-60 months"}
    offers = [
        TRACKED,
        NODE,
        NODE | {"kind": "spot", "usd_hr": 0.9},
        RESERVED | {"usd_hr": 2.1, "commitment": {"type": "term", "months": 12, "payment": "annual plan"}},
        RESERVED | {"usd_hr": 1.9, "commitment": {"type": "term", "months": 36}},
        RESERVED | {"usd_hr": 1.8, "commitment": {"type": "term", "months": 60}},
        RESERVED | {"usd_hr": 1.7, "commitment": quoted},
        TRACKED | {"provider": "gcp", "usd_hr": 9.8},
    ]
    assert ask("gpurentalprices_live", {"date": DAY, "offers": offers}).accepted == 8
    found = rows("gpurentalprices_live", home).select(
        "sku_label", "region_label", "gpu_count", "commitment", "term_months", "price", "price_unit"
    )
    per_gpu, alone = "usd_per_gpu_hour", "usd_per_gpus_without_machine_hour"
    assert found.rows() == [
        (None, None, None, "on_demand", None, 2.5, per_gpu),
        ("node 0a1b-2c", "Denver, United States", 4.0, "on_demand", None, 2.15, per_gpu),
        ("node 0a1b-2c", "Denver, United States", 4.0, "spot", None, 0.9, per_gpu),
        ("h100-small", None, None, "reserved_1y", 12.0, 2.1, per_gpu),
        ("h100-small", None, None, "reserved_3y", 36.0, 1.9, per_gpu),
        ("h100-small", None, None, "reserved", 60.0, 1.8, per_gpu),
        ("h100-small", None, None, "reserved", None, 1.7, per_gpu),
        (None, None, None, "on_demand", None, 9.8, alone),
    ]
    notes = rows("gpurentalprices_live", home)["note"].to_list()
    assert notes[1].endswith("availability in-stock")
    assert notes[3].endswith("rate basis starting-at; term: annual plan")
    assert notes[6].endswith("term: 36-60 months")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"commitment": {"type": "term"}}, "a commitment of an unknown form: {'type': 'term'}"),
        ({"commitment": {"type": "term", "months": "12"}}, "a commitment of an unknown form"),
        ({"commitment": {"type": "deposit", "usd": 9}}, "a commitment of an unknown form"),
        ({"commitment": "12 months"}, "a commitment beside kind reserved"),
        ({"kind": "on-demand", "commitment": {"type": "term", "months": 12}}, "a commitment beside kind on-demand"),
        ({"kind": "flex"}, "isin("),
        ({"kind": "spot", "source_url": f"{gpurentalprices.STANDS_STILL}spot.js"}, "which stands still"),
    ],
    ids=str,
)
def test_an_offer_of_the_tracker_that_is_not_understood_is_refused_by_name(ask, home, change, reason):
    run = ask("gpurentalprices_live", {"date": DAY, "offers": [TRACKED, RESERVED | change]})
    assert (run.accepted, run.rejected) == (1, 1)
    assert reason in rows("gpurentalprices_live", home, "rejected")["all_failures"].item()


def test_past_days_of_the_tracker_are_read_one_by_one(publisher_server, monkeypatch):
    """A day the tracker skipped is left out, one that cannot be read is told, and a range without any file fails."""
    spec = all_sources()["gpurentalprices_live"]
    monkeypatch.setenv("RACKHOUR_BASE_GPURENTALPRICES_LIVE", publisher_server.base)
    for day in ("2026-09-29", "2026-10-02"):
        publisher_server.serve(f"/snapshots/{day}.json", json.dumps({"date": day, "offers": [TRACKED]}).encode())
    publisher_server.serve("/snapshots/2026-10-01.json", b"<html>Too many requests</html>")
    days = [dt.date(2026, 9, 29), dt.date(2026, 10, 2)]
    with open_client(spec) as client:
        found = list(gpurentalprices.fetch_range(spec, client, *days))
        assert [isinstance(item, SourceError) for item in found] == [False, True, False]
        assert found[-1].origin.endswith("/snapshots/2026-10-02.json")
        with pytest.raises(SourceError, match="no file between"):
            list(gpurentalprices.fetch_range(spec, client, dt.date(2026, 11, 1), dt.date(2026, 11, 2)))
