"""Live rental lists in the facts, built by dbt as the product builds them.

Real payloads one after another, the hand-over from the recorded history, marketplaces reduced to prices, cents, and
what is counted as unmapped.

Synthetic days and answers say so where they are made.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import statistics
from collections import Counter
from pathlib import Path

import duckdb
import jinja2
import pytest

from pipelines.home.build import Build
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.warehouse import build_database
from sources.registry import all_sources
from tests.dbt.building import PROJECT, copy_of
from tests.dbt.test_gpu_rental import build, one
from tests.server import PublisherServer
from tests.sources.gpu_rental.live import TRACKER_DAYS, look, sample, tracker_file

pytestmark = pytest.mark.shared
TODAY = dt.date(2026, 11, 10)
HAND_OVER = "2026-10-12"
NODES = (2.0, 2.0, 2.2, 2.4, 2.6, 3.0)


def later_file(body: bytes, day: str) -> bytes:
    """Synthetic: the tracker's file of another day, in which Lambda asks 5.55 for a b200, Koyeb's page is gone and six
    nodes of a marketplace are listed, two of them of one host.
    """
    found = json.loads(body)
    kept = [offer for offer in found["offers"] if offer["provider"] != "koyeb"]
    for offer in kept:
        offer["fetched_at"] = f"{day}T06:00:00Z"
        if (offer["provider"], offer["gpu"]) == ("lambda", "b200"):
            offer["usd_hr"] = 5.55
    node = {
        "provider": "lium",
        "gpu": "h100-sxm",
        "vram_gb": 80,
        "kind": "marketplace",
        "source_url": "https://lium.io/api/public/v1/nodes",
        "fetched_at": f"{day}T06:00:00Z",
        "min_gpus": 8,
        "region": "Denver, United States",
    }
    nodes = [
        node | {"usd_hr": price, "instance": f"Marketplace node {at}; 8 GPUs on host"} for at, price in enumerate(NODES)
    ]
    return json.dumps({"date": day, "offers": [*kept, *nodes]}).encode()


def ccir_days(shared: Path) -> dict[str, list[dict[str, str]]]:
    """Real US offers on Vast by day, as a third party recorded them; memory in MiB, price with its default disk."""
    text = gzip.decompress((shared / "data" / "gpu_rates" / "ccir_vast_us_offers.csv.gz").read_bytes()).decode()
    days: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        days.setdefault(row["as_of"], []).append(row)
    return days


def bundles(rows: list[dict[str, str]]) -> dict[str, object]:
    """Those offers in the shape of Vast's answer; the record names neither host nor machine nor bid."""
    return {
        "offers": [
            {
                "id": int(row["listing_id"]),
                "gpu_name": row["gpu_name"],
                "gpu_ram": int(row["gpu_ram_gb"]),
                "num_gpus": int(row["num_gpus"]),
                "dph_base": float(row["dph_total"]),
                "min_bid": None,
                "geolocation": row["geolocation"],
            }
            for row in rows
        ]
    }


def lambda_types(cents: int) -> dict[str, object]:
    """Synthetic: one instance type of eight H100 in Lambda's documented shape."""
    machine = {
        "name": "gpu_8x_h100_sxm5",
        "gpu_description": "H100 (80 GB SXM5)",
        "description": "8x H100 (80 GB SXM5)",
        "price_cents_per_hour": cents,
        "specs": {"gpus": 8},
    }
    return {"data": {machine["name"]: {"instance_type": machine, "regions_with_capacity_available": []}}}


def shadeform_types(cents: int) -> dict[str, object]:
    """Synthetic: eight H100 of a known and of an unknown cloud in Shadeform's documented shape."""
    machine = {"num_gpus": 8, "gpu_type": "H100", "interconnect": "sxm5", "vram_per_gpu_in_gb": 80}
    item = {
        "shade_instance_type": "H100x8",
        "cloud_instance_type": "x8",
        "configuration": machine,
        "hourly_price": cents,
        "availability": [{"region": "somewhere-1", "available": True}],
    }
    return {"instance_types": [item | {"cloud": "hyperstack"}, item | {"cloud": "synthetic-unknown"}]}


def hosted_offers() -> dict[str, object]:
    """Synthetic: five hosts with a whole H100 each, the first with twenty more at a cent; halves of one; and one with
    the memory of a seventh (a MIG slice under the whole GPU's name).
    """
    offer = {
        "machine_id": 1,
        "gpu_name": "H100 SXM",
        "gpu_ram": 81559,
        "num_gpus": 1,
        "min_bid": 0,
        "geolocation": "Texas, US",
    }
    whole = [
        offer | {"id": host, "host_id": host, "dph_base": price} for host, price in enumerate((1.6, 2, 2.2, 2.4, 3))
    ]
    farm = [offer | {"id": 100 + place, "host_id": 0, "dph_base": 0.01} for place in range(20)]
    half = [offer | {"id": 200 + host, "host_id": host, "num_gpus": 0.5, "dph_base": 1.0} for host in range(5)]
    slices = [offer | {"id": 300 + host, "host_id": host, "gpu_ram": 10240, "dph_base": 0.3} for host in range(5)]
    return {"offers": [*whole, *farm, *half, *slices]}


@pytest.fixture(scope="module")
def landed(tmp_path_factory, shared):
    """Every rental source landed, the live ones from the server."""
    folder = tmp_path_factory.mktemp("live")
    home = Home(folder / "home")
    home.ensure()
    for spec in all_sources().values():
        if spec.family == "gpu_rental" and spec.offline:
            intake.ingest(spec, home, "offline")
    server = PublisherServer()
    with pytest.MonkeyPatch.context() as patch:

        def ask(source_id: str, body: object, day: str) -> None:
            assert look(source_id, body, server, home, patch, day).status in ("ok", "unchanged")

        for day in TRACKER_DAYS:
            ask("gpurentalprices_live", tracker_file(shared, day), day)
        ask("gpurentalprices_live", later_file(tracker_file(shared, "2026-08-22"), HAND_OVER), HAND_OVER)
        for day, rows in sorted(ccir_days(shared).items()):
            ask("vast", bundles(rows), day)
        ask("vast", sample(shared, "vast_bundles_response_sample.json"), "2026-07-18")
        ask("vast", hosted_offers(), "2026-07-19")
        ask("runpod", sample(shared, "runpod_gputypes_response_sample.json"), "2026-07-18")
        ask("lambda_cloud", lambda_types(2392), "2026-09-01")
        ask("lambda_cloud", lambda_types(24), "2026-09-02")  # the same price in dollars, in the field of cents
        ask("lambda_cloud", lambda_types(2392), "2026-09-03")
        ask("shadeform", shadeform_types(2400), "2026-09-01")
        ask("shadeform", shadeform_types(240000), "2026-09-02")  # the same price, multiplied by 100 once too often
    server.close()
    build_database.prepare(Build(home=home, as_of=TODAY))
    return folder, home.build_db


@pytest.fixture(scope="module")
def live(landed):
    """The rental models on all that landed, as of TODAY."""
    with duckdb.connect(str(build(*landed, TODAY)), read_only=True) as connection:
        yield connection


def folded(as_of: dt.date = TODAY) -> str:
    """The tracker's live runs by the product's own fold, before the hand-over cuts them; SQL."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals.update(ref=lambda name: f"staging.{name}", as_of=lambda: f"date '{as_of}'")
    macro = environment.from_string((PROJECT / "macros" / "snapshots_as_of.sql").read_text()).make_module()
    item = ", ".join(f"{c} := {c}" for c in ("provider_label", "gpu_label", "gpu_memory_gb", "gpu_count", "commitment"))
    rows = f"select * replace (struct_pack({item}) as item, struct_pack(price := price) as figure)"
    return str(macro.snapshots_as_of(f"({rows} from landing.gpurentalprices_live)"))


def standing(rows: str, day: str) -> str:
    """Prices that held on a day, of the providers the record covers on it."""
    return f"""
        select provider_label, gpu_label, gpu_memory_gb, gpu_count, commitment, price from {rows}
        where valid_from <= date '{day}' and (valid_to is null or valid_to > date '{day}') and provider_label in (
            select capture_group from landing.gpu_rates_gpurentalprices_captures where capture_date = date '{day}'
        )"""


@pytest.mark.parametrize(
    ("day", "equal", "second_prices"), zip(TRACKER_DAYS, (54, 292, 294, 290, 293), (4, 0, 0, 0, 0), strict=True)
)
def test_the_folded_days_agree_with_the_recorded_history(live, day, equal, second_prices):
    """Two routes from the tracker to a day's prices: its daily file folded here, and the record made of its history.

    They agree in all 1,223 prices. On the first day four keys stand twice with two prices; the record keeps the dearer
    one as the end of a range, here it stands as a row of its own.
    """
    here = Counter(live.sql(standing(folded(), day)).fetchall())
    recorded = Counter(live.sql(standing("landing.gpu_rates_gpurentalprices", day)).fetchall())
    assert sum(recorded.values()) == sum((here & recorded).values()) == equal
    assert sum((here - recorded).values()) == second_prices
    ranges = "select provider_label, gpu_label, gpu_memory_gb, gpu_count, commitment, price_high"
    dearer = set(live.sql(f"{ranges} from landing.gpu_rates_gpurentalprices where price_high > price").fetchall())
    assert set(here - recorded) <= dearer


def test_a_provider_is_told_by_the_record_or_by_the_live_list_never_by_both(live):
    """On every day of both calendars; the live list takes over on the first day after the last recorded one."""
    both = """
        select days.day, old.provider_label from (
            select unnest(generate_series(date '2026-07-05', date '2026-10-20', interval 1 day))::date as day
        ) as days
        join staging.stg_gpu_rental__gpu_rates_gpurentalprices as old
            on old.valid_from <= day and coalesce(old.valid_to, date '9999-12-31') > day
        join staging.stg_gpu_rental__gpurentalprices_live as new
            on new.provider_label = old.provider_label
            and new.valid_from <= day and coalesce(new.valid_to, date '9999-12-31') > day and new.left_out is null"""
    # These were not in the hand-over's file: nobody looked, so the record still speaks for them.
    assert live.sql(both).fetchall() == []
    open_ends = live.sql(
        "select distinct provider_label from staging.stg_gpu_rental__gpu_rates_gpurentalprices where valid_to is null"
    ).fetchall()
    assert {name for (name,) in open_ends} == {"daytona", "impossiblecloud", "koyeb", "synteq"}
    looks = one(
        live,
        "select count(*), count(distinct (capture_group, capture_date)) from staging.stg_gpu_rental__captures "
        "where source_id in ('gpurentalprices_live', 'gpu_rates_gpurentalprices')",
    )
    assert looks[0] == looks[1]


def test_a_price_goes_on_or_changes_across_the_hand_over(live):
    prices = """select source_id, price, valid_from, valid_to, observation_count from staging.stg_gpu_rental__labelled
        where left_out is null and provider = 'lambda' and gpu_label = '{}' and source_id like 'gp%rentalprices%'
        order by valid_from"""
    hand_over = dt.date.fromisoformat(HAND_OVER)
    *_, before, after = live.sql(prices.format("b200")).fetchall()
    assert (before[0], before[3]) == ("gpu_rates_gpurentalprices", hand_over)
    assert after == ("gpurentalprices_live", 5.55, hand_over, None, 1)
    assert before[1] != 5.55
    *_, before, after = live.sql(prices.format("a10")).fetchall()
    assert (before[3], after[2]) == (hand_over, hand_over)
    assert before[1] == after[1]


def test_the_record_covers_every_provider_of_the_trackers_files(live):
    found = live.sql(
        "select provider_label from staging.stg_gpu_rental__gpurentalprices_live "
        f"where valid_from < date '{HAND_OVER}' and left_out is null"
    ).fetchall()
    assert found == []


def quartiles(shared: Path) -> dict[tuple[str, str, int], tuple[float, float, int]]:
    """By day, GPU and memory: the lower quartile over hosts of each host's median offer per GPU, the lowest offer, and
    the number of hosts. The record names none: offers of a place at one price to the cent stand for one.
    """
    found = {}
    for day, rows in ccir_days(shared).items():
        offers: dict[tuple[str, int], dict[tuple[str, float], list[float]]] = {}
        for row in rows:
            hosts = offers.setdefault((row["gpu_name"], round(int(row["gpu_ram_gb"]) / 1024)), {})
            price = float(row["dph_total"]) / int(row["num_gpus"])
            hosts.setdefault((row["geolocation"], round(price, 2)), []).append(price)
        for (gpu, memory), hosts in offers.items():
            medians = sorted(statistics.median(prices) for prices in hosts.values())
            lower = statistics.quantiles(medians, n=4, method="inclusive")[0] if len(medians) > 1 else medians[0]
            found[(day, gpu, memory)] = (lower, min(min(prices) for prices in hosts.values()), len(medians))
    return found


def test_the_offers_of_vast_become_one_price_a_host_cannot_set_alone(live, shared):
    expected = quartiles(shared)
    assert len(expected) == 76
    for (day, gpu, memory), (price, lowest, hosts) in expected.items():
        [(found, low, sellers, rejection)] = live.execute(
            """select judged.price, judged.price_low, judged.seller_count, judged.rejection
            from staging.stg_gpu_rental__judged as judged
            where source_id = 'vast' and gpu_label = ? and gpu_memory_gb = ? and commitment = 'on_demand'
            and valid_from <= ? and (valid_to is null or valid_to > ?)""",
            [gpu, memory, day, day],
        ).fetchall()
        assert found == pytest.approx(price)
        assert low == pytest.approx(lowest)
        assert sellers == hosts
        assert (rejection == "too_few_hosts") == (hosts < 5)
        if hosts >= 5:
            assert found > low
    assert sum(hosts >= 5 for _, _, hosts in expected.values()) == 35
    # One farm's 21 of 39 offers at 0.02 do not make the price; nor does the one L40S at 0.20.
    assert expected[("2026-03-04", "Tesla V100", 32)] == (
        pytest.approx(0.102, abs=5e-4),
        pytest.approx(0.018, abs=5e-4),
        10,
    )
    assert expected[("2026-03-04", "L40S", 45)] == (pytest.approx(0.939, abs=5e-4), pytest.approx(0.202, abs=5e-4), 5)


def test_vast_stands_below_the_rate_cards_of_the_same_day_and_within_reach_of_them(live, shared):
    """The rate cards a third party read on 2026-03-03: what RunPod asks for the same GPU in its own data centres."""
    cards = csv.DictReader(
        (shared / "data" / "gpu_rates" / "ccir_reference_rates_2026-03-03.csv").read_text().splitlines()
    )
    asked = {row["source_id"]: float(row["price_per_gpu_hr"]) for row in cards}
    for gpu, card in (("H100 SXM", "runpod-h100-sxm-secure"), ("H200", "runpod-h200-sxm-secure")):
        [(price,)] = live.execute(
            "select price from staging.stg_gpu_rental__labelled where source_id = 'vast' and gpu = ? "
            "and valid_from <= date '2026-03-03' and (valid_to is null or valid_to > date '2026-03-03')",
            [gpu],
        ).fetchall()
        assert 0.4 < price / asked[card] < 1


def test_a_farm_counts_once_and_parts_of_a_gpu_are_no_gpus(live):
    found = live.sql(
        """select gpu_memory_gb, gpu_count, form_factor, price, price_low, seller_count, rejection
        from staging.stg_gpu_rental__judged
        where source_id = 'vast' and valid_from = date '2026-07-19' order by gpu_memory_gb, gpu_count"""
    ).fetchall()
    assert found == [
        (10.0, None, None, 0.3, 0.3, 5, "gpu_memory_contradicts_label"),
        (80.0, 0.5, "partial", 2.0, 2.0, 5, None),
        (80.0, None, "SXM", 2.0, 0.01, 5, None),
    ]
    headline = "select count(*) from core.fct_gpu_rental_rate where provider = 'vast' and form_factor = 'partial'"
    assert one(live, headline) == (1,)


def test_the_nodes_of_the_trackers_marketplace_become_one_price(live):
    """Of five hosts at 2.0, 2.2, 2.4, 2.6 and 3.0 the lower quartile is the second."""
    price = "price_usd_per_gpu_hour"
    found = live.sql(
        f"select provider, gpu, sku, region, commitment, {price}::double, {price}_low::double, {price}_high::double, "
        "valid_from from core.fct_gpu_rental_rate where source_id = 'gpurentalprices_live' and provider = 'lium'"
    ).fetchall()
    day = dt.date.fromisoformat(HAND_OVER)
    place = ("lium", "H100 SXM", "lower quartile of hosts", "United States", "on_demand")
    assert found == [(*place, 2.2, 2.0, 3.0, day)]
    nodes = (
        "select sum(landed_rows) from staging.stg_gpu_rental__labelled where provider_label = 'lium' and source_id = "
    )
    assert one(live, f"{nodes} 'gpurentalprices_live'") == (len(NODES),)


def test_no_offer_is_lost_on_the_way_to_a_price(live, shared):
    offers = sum(len(rows) for rows in ccir_days(shared).values())
    made_up = len(hosted_offers()["offers"])
    assert one(live, "select count(*) from landing.vast") == (offers + 4 + made_up,)
    offers_told = "sum(regexp_extract(note, '([0-9]+) offers', 1)::int)"
    told = f"select {offers_told} from staging.stg_gpu_rental__market where source_id = 'vast'"
    assert one(live, told) == (offers + 4 + made_up,)


def test_cents_become_dollars_and_a_mix_up_of_the_two_reaches_no_fact(live):
    judged = """select price_per_gpu, valid_from, rejection from staging.stg_gpu_rental__judged
        where source_id = '{}' order by valid_from"""
    assert live.sql(judged.format("lambda_cloud")).fetchall() == [
        (pytest.approx(2.99), dt.date(2026, 9, 1), None),
        (pytest.approx(0.03), dt.date(2026, 9, 2), "far_from_peers"),
        (pytest.approx(2.99), dt.date(2026, 9, 3), None),
    ]
    assert live.sql(judged.format("shadeform")).fetchall() == [
        (pytest.approx(3.0), dt.date(2026, 9, 1), None),
        (pytest.approx(300.0), dt.date(2026, 9, 2), "far_from_peers"),
    ]
    facts = "select min(price_usd_per_gpu_hour), max(price_usd_per_gpu_hour) from core.fct_gpu_rental_rate "
    found = one(live, facts + "where source_id in ('lambda_cloud', 'shadeform')")
    assert [float(price) for price in found] == [2.99, 3.0]


def test_the_same_answer_come_back_is_a_row_of_its_own_under_its_own_name(live):
    ids = live.sql(
        "select observation_id from staging.stg_gpu_rental__snapshots where source_id = 'lambda_cloud' "
        "order by valid_from"
    ).fetchall()
    first, _, third = (name for (name,) in ids)
    assert third == f"{first}@2026-09-03"


def test_labels_without_a_crosswalk_row_are_listed_by_what_they_ask(live):
    """Of real rows two labels are unclear; one synthetic cloud is unknown."""
    unmapped = (
        "select kind, label, row_count, price_weight from staging.stg_gpu_rental__unmapped order by price_weight desc"
    )
    found = live.sql(unmapped).fetchall()
    assert found[0] == ("provider", "synthetic-unknown", 2, pytest.approx(303.0))
    assert {label for _, label, _, _ in found[1:]} == {"NVIDIA B200 NVL", "NVIDIA RTX PRO-A6000 SE"}


@pytest.mark.parametrize(
    ("source_id", "label", "memory", "expected"),
    [
        ("vast", "H100 SXM", 80, ("H100 SXM", "SXM")),
        ("vast", "H100 PCIE", 80, ("H100 PCIe", "PCIe")),
        ("vast", "H200", 140, ("H200", "unspecified")),
        ("vast", "H200 NVL", 140, ("H200 NVL", "NVL")),
        ("vast", "A100 PCIE", 40, ("A100 40GB", "PCIe")),
        ("vast", "A100 PCIE", 80, ("A100 80GB", "PCIe")),
        ("vast", "Tesla V100", 16, ("V100 16GB", "unspecified")),
        ("vast", "Tesla V100", 32, ("V100 32GB", "unspecified")),
        ("vast", "RTX 4090", 24, ("RTX 4090", "PCIe")),
        ("vast", "RTX 4090", 48, ("RTX 4090 48GB", "PCIe")),
        ("vast", "L40S", 45, ("L40S", "PCIe")),
        ("runpod", "NVIDIA A100-SXM4-40GB", 40, ("A100 40GB", "SXM")),
        ("runpod", "NVIDIA A100-SXM4-80GB", 80, ("A100 80GB", "SXM")),
        ("runpod", "NVIDIA A100 80GB PCIe", 80, ("A100 80GB", "PCIe")),
        ("runpod", "AMD Instinct MI300X OAM", 192, ("MI300X", "OAM")),
        ("gpurentalprices_live", "h100", 80, ("H100 (unspecified)", "unspecified")),
        ("gpurentalprices_live", "h100-sxm", 80, ("H100 SXM", "SXM")),
        ("gpurentalprices_live", "a100-pcie-40", 40, ("A100 40GB", "PCIe")),
        ("lambda_cloud", "H100 (80 GB SXM5)", 80, ("H100 SXM", "SXM")),
        ("shadeform", "H100", 80, ("H100 SXM", "SXM")),
    ],
)
def test_forms_and_memories_of_live_labels_are_kept_apart(live, source_id, label, memory, expected):
    query = """select distinct gpu, form_factor from staging.stg_gpu_rental__labelled
        where source_id = ? and gpu_label = ? and gpu_memory_gb = ? and form_factor <> 'partial'"""
    assert live.execute(query, [source_id, label, memory]).fetchall() == [expected]


@pytest.mark.parametrize("day", [dt.date(2026, 3, 4), dt.date(2026, 8, 5), dt.date(2026, 9, 2)], ids=str)
def test_what_was_known_on_a_day_is_built_again_from_all_that_landed_since(landed, live, day):
    """Facts as of a day hold nothing learned later, and today's build still tells the same of the days before it."""
    del live
    then = build(*landed, day)
    with duckdb.connect() as both:
        both.execute(f"attach '{copy_of(*landed, TODAY)}' as now (read_only); attach '{then}' as past (read_only)")
        newest = "select max(known_from), max(last_observed), max(valid_to) from past.core.fct_gpu_rental_rate"
        assert max(both.sql(newest).fetchone()) <= day
        now, past = (f"from {name}.core.headline_rate where as_of_date < date '{day}'" for name in ("now", "past"))
        assert both.sql(past).fetchall()
        assert both.sql(f"({now} except {past}) union all ({past} except {now})").fetchall() == []
