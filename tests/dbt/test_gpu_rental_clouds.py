"""Clouds' price lists in the facts, built by dbt as the product builds them: what was landed from synthetic lists
through a real server becomes prices per GPU-hour, is set aside with its reason, or is counted as unmapped.

Every price here is synthetic.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import duckdb
import pytest

from pipelines.home.build import Build
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.warehouse import build_database
from sources.gpu_rental import aws_bulk, azure_retail, gpuhunt, skypilot
from sources.registry import all_sources
from tests.dbt.test_gpu_rental import build
from tests.server import PublisherServer
from tests.sources.gpu_rental import test_aws_bulk, test_azure_retail, test_gpuhunt, test_skypilot

TODAY = dt.date(2026, 11, 10)
FIRST, SECOND = "2026-09-20", "2026-09-23"
CLOUDS = ("gpuhunt", "skypilot", "azure_retail", "aws_bulk")
# What the lists of the other test modules do not hold: labels without memory, and an A100 cut in sevenths.
MORE_OF_SKYPILOT = """\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,Generation
Standard_ND96asr_v4,A100,8.0,96.0,900.0,A100,27.2,,eastus,V2
Standard_NC24ads_A100_v4,A100-80GB,1.0,24.0,220.0,A100-80GB,3.67,,eastus,V2
Standard_unheard_of,A100,1.0,24.0,220.0,A100,3.5,,eastus,V2
Standard_unheard_of_part,A100 MIG 1g.5gb,1.0,4.0,20.0,A100,0.6,,eastus,V2
"""


@pytest.fixture(scope="module")
def facts(tmp_path_factory):
    """Two looks at four clouds' lists, and the rental models built on them and the embedded record."""
    folder = tmp_path_factory.mktemp("clouds")
    home = Home(folder / "home")
    home.ensure()
    for spec in all_sources().values():
        if spec.family == "gpu_rental" and spec.offline:
            intake.ingest(spec, home, "offline")
    server = PublisherServer()
    with pytest.MonkeyPatch.context() as patch:
        for source_id in CLOUDS:
            patch.setenv(f"RACKHOUR_BASE_{source_id.upper()}", f"{server.base}/{source_id}")
        patch.setattr(gpuhunt, "PROVIDERS", tuple(test_gpuhunt.SYNTHETIC))
        patch.setattr(skypilot, "CLOUDS", (*test_skypilot.SYNTHETIC, "azure"))
        patch.setattr(azure_retail, "REGIONS", ("eastus",))
        patch.setattr(aws_bulk, "REGIONS", ("us-east-1",))
        for day in (FIRST, SECOND):
            patch.setenv("RACKHOUR_TODAY", day)
            serve(server, day)
            for source_id in CLOUDS:
                assert intake.ingest(all_sources()[source_id], home, "live").status in ("ok", "frozen")
    server.close()
    build_database.prepare(Build(home=home, as_of=TODAY))
    with duckdb.connect(str(build(folder, home.build_db, TODAY)), read_only=True) as connection:
        yield connection


def serve(server: PublisherServer, day: str) -> None:
    """The day's lists: on the second Verda asks more for its H100 and no longer offers them as spot."""
    version = day.replace("-", "")
    for provider, text in test_gpuhunt.SYNTHETIC.items():
        if day == SECOND:
            text = (
                text.replace("18.32", "19.92")
                .replace("8H100.80S.176V,FIN-02,6.412", "CPU,FIN-02,6.4")
                .replace("CPU,FIN-02,6.4,176,1480.0,8,H100,80.0,True", "CPU,FIN-02,6.4,176,1480.0,0,,,True")
            )
        server.serve(f"/gpuhunt/{provider}/version", version.encode())
        server.serve(f"/gpuhunt/{provider}/{version}/catalog.zip", test_gpuhunt.archive(provider, text))
    for cloud, text in test_skypilot.SYNTHETIC.items():
        server.serve(f"/skypilot/{cloud}/vms.csv", f"{text}\n".encode() if day == SECOND else text.encode())
    server.serve("/skypilot/azure/vms.csv", (MORE_OF_SKYPILOT + ("\n" if day == SECOND else "")).encode())
    items = [entry for page in test_azure_retail.PAGES for entry in page]
    if day == SECOND:  # the price announced for 2027 is gone again
        items = [entry for entry in items if entry == "not an item" or entry["retailPrice"] != 7.5]
    server.serve("/azure_retail", test_azure_retail.page(items, None))
    lines = [*test_aws_bulk.RENTALS, *test_aws_bulk.OTHERS, *(test_aws_bulk.OTHERS[:1] if day == SECOND else [])]
    server.serve("/aws_bulk/us-east-1/index.csv", test_aws_bulk.price_list(lines))


def fact(facts, source_id: str, sku: str | None, *columns: str) -> list[tuple]:
    query = f"select {', '.join(columns)} from core.fct_gpu_rental_rate where source_id = ? and sku = ? order by all"
    return facts.execute(query, [source_id, sku or "unspecified"]).fetchall()


def test_a_reservation_for_its_whole_term_comes_out_per_hour(facts):
    found = fact(facts, "azure_retail", "Standard_NC40ads_H100_v5", "commitment", "price_usd_per_gpu_hour", "gpu")
    assert found == [
        ("on_demand", Decimal("6.980000000"), "H100 NVL"),
        ("reserved_1y", Decimal("4.885045662"), "H100 NVL"),  # 42,793 / 8,760
        ("reserved_3y", Decimal("3.310502283"), "H100 NVL"),  # 87,000 / 26,280
        ("spot", Decimal("2.491162000"), "H100 NVL"),
    ]


def test_a_price_announced_and_taken_back_is_in_no_fact(facts):
    assert facts.sql(
        "select count(*) from core.fct_gpu_rental_rate where valid_from > date '2026-12-31'"
    ).fetchone() == (0,)
    [landed] = facts.sql("select count(*) from landing.azure_retail where price = 7.5").fetchone()
    assert landed == 1


def test_a_part_of_a_gpu_is_priced_per_whole_gpu_and_in_no_headline(facts):
    columns = ("gpu", "form_factor", "gpu_count", "price_usd_per_gpu_hour")
    # 0.454 for a sixth; 0.202 for an eighth, once as Amazon's own list has it and once as SkyPilot does (0.2).
    assert fact(facts, "azure_retail", "Standard_NV6ads_A10_v5", *columns) == [
        ("A10", "partial", "0.166667", Decimal("2.724000000"))
    ]
    assert fact(facts, "aws_bulk", "g6f.large", *columns) == [("L4", "partial", "0.125", Decimal("1.616000000"))]
    assert fact(facts, "skypilot", "g6f.large", *columns) == [("L4", "partial", "0.125", Decimal("1.600000000"))]
    # gpuhunt counts that sixth as one GPU.
    assert fact(facts, "gpuhunt", "Standard_NV6ads_A10_v5", *columns) == [
        ("A10", "partial", "0.166667", Decimal("2.724000000"))
    ]
    [part] = fact(facts, "skypilot", "Standard_unheard_of_part", *columns)
    assert part == ("A100 (unspecified)", "partial", "0.142857", Decimal("4.200000000"))


@pytest.mark.parametrize(
    ("source_id", "sku", "expected"),
    [
        ("gpuhunt", "8H100.80S.176V", ("H100 SXM", "SXM")),
        ("gpuhunt", "NVIDIA H100 80GB HBM3", ("H100 (unspecified)", "unspecified")),
        ("skypilot", "p5.48xlarge", ("H100 SXM", "SXM")),
        ("skypilot", "2x-H100_NVL-32-65536", ("H100 NVL", "NVL")),
        ("skypilot", "1x_A100-80GB_SECURE", ("A100 80GB", "PCIe")),
        ("skypilot", "Standard_ND96asr_v4", ("A100 40GB", "SXM")),  # no memory stated, the size says it
        ("skypilot", "Standard_NC24ads_A100_v4", ("A100 80GB", "PCIe")),
        ("skypilot", "Standard_unheard_of", ("A100 (unspecified)", "unspecified")),  # and here it does not
        ("aws_bulk", "p5.48xlarge", ("H100 SXM", "SXM")),
    ],
)
def test_form_and_memory_come_from_what_is_stated_or_stay_open(facts, source_id, sku, expected):
    assert set(fact(facts, source_id, sku, "gpu", "form_factor")) == {expected}


@pytest.mark.parametrize(
    ("rejection", "where"),
    [
        ("machine_not_in_price", "source_id = 'skypilot' and sku_label is null and gpu_label = 'H100'"),
        ("gpu_memory_contradicts_label", "source_id = 'skypilot' and gpu_label = 'RTX4090'"),
    ],
)
def test_what_cannot_be_brought_to_one_gpu_is_set_aside_with_its_reason(facts, rejection, where):
    found = f"select distinct rejection from quarantine.gpu_rental_rate where {where}"
    assert facts.sql(found).fetchall() == [(rejection,)]


def test_what_no_crosswalk_knows_is_counted(facts):
    counted = dict(facts.sql("select label, row_count from staging.stg_gpu_rental__unmapped").fetchall())
    ours = {label: counted[label] for label in counted if label in NOT_KNOWN}
    assert ours == NOT_KNOWN
    no_gpus = facts.sql("select gpu_label from staging.stg_gpu_rental__labelled where left_out = 'is_no_gpu'")
    assert {label for (label,) in no_gpus.fetchall()} >= {"Trainium2"}
    assert not set(NOT_KNOWN) & {
        row[0] for row in facts.sql("select distinct gpu from core.fct_gpu_rental_rate").fetchall()
    }


NOT_KNOWN = {
    "Standard_NC9999_future_v9": 1,
    "p9-x1000.48xlarge": 1,
    "g99f.large": 1,
    "tpu-v5p-8": 1,
}


def test_a_change_ends_a_price_and_what_vanished_is_closed(facts):
    columns = ("commitment", "price_usd_per_gpu_hour", "valid_from", "valid_to", "observation_count")
    first, second = dt.date.fromisoformat(FIRST), dt.date.fromisoformat(SECOND)
    assert fact(facts, "gpuhunt", "8H100.80S.176V", *columns) == [
        ("on_demand", Decimal("2.290000000"), first, second, 1),
        ("on_demand", Decimal("2.490000000"), second, None, 1),
        ("spot", Decimal("0.801500000"), first, second, 1),
    ]


def test_looks_count_for_their_provider_or_region_alone(facts):
    looks = facts.sql(
        f"""select source_id, count(distinct capture_group), count(distinct capture_date)
        from staging.stg_gpu_rental__captures where source_id in {CLOUDS} group by source_id order by 1"""
    ).fetchall()
    # Amazon's list names a local zone as a region of its own.
    assert looks == [("aws_bulk", 2, 2), ("azure_retail", 1, 2), ("gpuhunt", 3, 2), ("skypilot", 7, 2)]


def test_every_row_is_a_fact_set_aside_or_counted_as_unmapped(facts):
    labelled, taken, aside, unmapped = facts.sql(
        """select
            (select count(*) from staging.stg_gpu_rental__labelled where left_out is null),
            (select count(*) from core.fct_gpu_rental_rate),
            (select count(*) from quarantine.gpu_rental_rate),
            (select sum(row_count) from staging.stg_gpu_rental__unmapped)"""
    ).fetchone()
    assert labelled == taken + aside + unmapped
