"""SkyPilot's catalogue through a local server: synthetic files, each in the column order of its cloud."""

from __future__ import annotations

import csv
import io

import pytest

from sources.gpu_rental import skypilot
from tests.sources.gpu_rental.cloud_lists import fetched, rows, validated


def gpu_info(name: str, count: int, mebibytes: int, total: int, json: bool = False) -> str:
    """GpuInfo as most clouds' files have it (a Python dictionary), or as JSON, quoted for a CSV."""
    text = (
        f"{{'Gpus': [{{'Name': '{name}', 'Count': {count}, 'MemoryInfo': {{'SizeInMiB': {mebibytes}}}}}], "
        f"'TotalGpuMemoryInMiB': {total}}}"
    )
    return '"' + (text.replace("'", '""') if json else text) + '"'


H100_OF_AWS = gpu_info("H100", 8, 81920, 655360)
H100_OF_PRIME = gpu_info("H100", 8, 655360, 5242880, json=True)

# Headers and the forms of GpuInfo are those of catalogs/v8 (public repository); machines and prices are synthetic.
SYNTHETIC = {
    "aws": f"""\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region,AvailabilityZone,Arch
m5.large,,,2.0,8.0,,0.096,0.04,us-east-1,use1-az1,x86_64
p5.48xlarge,H100,8.0,192.0,2048.0,{H100_OF_AWS},55.04,24.0,us-east-1,use1-az1,x86_64
p5.48xlarge,H100,8.0,192.0,2048.0,{H100_OF_AWS},55.04,20.5,us-east-1,use1-az2,x86_64
p5.48xlarge,H100,8.0,192.0,2048.0,{H100_OF_AWS},55.04,,us-east-1,use1-az4,x86_64
p5.48xlarge,H100,8.0,192.0,2048.0,{H100_OF_AWS},60.54,22.0,us-west-2,usw2-az1,x86_64
g6f.large,L4,0.125,2.0,8.0,{gpu_info("L4", 1, 2861, 0)},0.2,,us-east-1,use1-az1,x86_64
""",
    "gcp": """\
InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,Price,SpotPrice
a3-highgpu-8g,208.0,1872.0,,,,us-central1,us-central1-a,9.46,2.88
,,,H100,8.0,"{'Gpus': [{'MemoryInfo': {'SizeInMiB': 81920}}]}",us-central1,us-central1-a,78.9,22.0
,,,tpu-v5p-8,1.0,tpu-v5p-8,us-east5,us-east5-a,16.8,
""",
    "vast": f"""\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,GpuInfo,Price,SpotPrice,Region
2x-H100_NVL-32-65536,H100,2,32,64.0,{gpu_info("H100", 2, 191660, 191660)},4.53,0.00,"Australia, AU, OC"
2x-H100_NVL-32-65536,H100,2,32,64.0,{gpu_info("H100", 2, 191660, 191660)},4.53,0.00,", US, NA"
1x-RTX_4090-32-65536,RTX4090,1,32,64.0,{gpu_info("RTX4090", 1, 49140, 49140)},0.40,0.00,"Hong Kong, HK, AS"
""",
    "runpod": f"""\
InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Region,SpotPrice,Price,AvailabilityZone,GpuInfo
1x_A100-80GB_SECURE,A100-80GB,1.0,8.0,117.0,US,1.39,1.39,US-TX-1,{gpu_info("A100 PCIe", 1, 80, 80)}
1x_A100-80GB_SECURE,A100-80GB,1.0,8.0,117.0,US,1.39,1.39,US-TX-2,{gpu_info("A100 PCIe", 1, 80, 80)}
1x_A100-80GB_COMMUNITY,A100-80GB,1.0,8.0,117.0,US,,1.19,,{gpu_info("A100 PCIe", 1, 80, 80)}
""",
    "verda": f"""\
InstanceType,UpstreamCloudId,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,Price,SpotPrice
2B300.60V,2B300.60V,60.0,550.0,B300,2.0,{gpu_info("B300", 2, 268800, 537600, json=True)},FIN-03,,4.893
1V100.6V,1V100.6V,6.0,23.0,V100,1.0,,FIN-01,,
1V100.6V,1V100.6V,6.0,23.0,V100,1.0,"{{""Gpus"": []}}",FIN-02,0.14,
1V100.6V,1V100.6V,6.0
1A100.22V,1A100.22V,22.0,120.0,A100-80GB,0,,FIN-01,1.29,
""",
    "primeintellect": f"""\
InstanceType,UpstreamCloudId,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,Price,SpotPrice
nebius__8xH100_80GB__128__1600,gpu-h100-sxm,128.0,1600,H100,8.0,{H100_OF_PRIME},FI,eu-north1,16.944,
""",
}


@pytest.fixture
def published(publisher_server, monkeypatch):
    """Synthetic files of six clouds; a seventh has none."""
    monkeypatch.setenv("RACKHOUR_BASE_SKYPILOT", f"{publisher_server.base}/v8")
    monkeypatch.setattr(skypilot, "CLOUDS", (*SYNTHETIC, "lium"))
    for cloud, text in SYNTHETIC.items():
        publisher_server.serve(f"/v8/{cloud}/vms.csv", text.encode())
    return publisher_server


@pytest.fixture
def by_cloud(published):
    payloads, errors = fetched("skypilot")
    assert ["/v8/lium/vms.csv answered 404" in str(error) for error in errors] == [True]
    return {payload.metadata["cloud"]: payload for payload in payloads}


def test_zones_of_a_region_are_one_row_with_the_range_where_they_differ(by_cloud):
    accepted = validated(by_cloud["aws"]).accepted.filter(sku_label="p5.48xlarge")
    assert rows(accepted, "region_label", "commitment", "price", "price_low", "price_high", "note") == [
        ("us-east-1", "on_demand", 55.04, None, None, "3 rows of the region (zones), lowest price taken"),
        # The third zone has no spot price: an empty field is no offer, not an offer at nothing.
        ("us-east-1", "spot", 20.5, 20.5, 24.0, "2 rows of the region (zones), lowest price taken"),
        ("us-west-2", "on_demand", 60.54, None, None, None),
        ("us-west-2", "spot", 22.0, None, None, None),
    ]


def test_machines_without_an_accelerator_are_counted_and_have_no_row(by_cloud):
    for cloud, text in SYNTHETIC.items():
        records = list(csv.DictReader(io.StringIO(text)))
        without = sum(record["AcceleratorName"] == "" for record in records)
        counts = {"rows": len(records), "gpu_rows": len(records) - without, "rows_without_gpu": without}
        assert skypilot.census(by_cloud[cloud]) == counts
        assert by_cloud[cloud].metadata["rows_without_gpu"] == str(without)


def test_googles_gpus_without_a_machine_say_so(by_cloud):
    accepted = validated(by_cloud["gcp"]).accepted
    assert rows(accepted, "sku_label", "gpu_label", "gpu_count", "commitment", "price", "price_unit") == [
        (None, "H100", 8.0, "on_demand", 78.9, "usd_per_gpus_without_machine_hour"),
        (None, "H100", 8.0, "spot", 22.0, "usd_per_gpus_without_machine_hour"),
        (None, "tpu-v5p-8", 1.0, "on_demand", 16.8, "usd_per_gpus_without_machine_hour"),
    ]


def test_a_spot_price_of_nothing_on_every_row_of_vast_is_refused(by_cloud):
    outcome = validated(by_cloud["vast"])
    assert set(outcome.accepted["commitment"]) == {"on_demand"}
    assert outcome.accepted["region_label"].to_list() == ["Australia, AU, OC", ", US, NA", "Hong Kong, HK, AS"]
    assert outcome.rejected.select("row_number", "field", "value").rows() == [
        (1, "price", "0.0"),
        (2, "price", "0.0"),
        (3, "price", "0.0"),
    ]


@pytest.mark.parametrize(
    ("cloud", "sku", "gigabytes"),
    [
        ("aws", "p5.48xlarge", 80.0),  # MiB of one GPU
        ("aws", "g6f.large", 2861 / 1024),  # of the part
        ("vast", "2x-H100_NVL-32-65536", 191660 / 2 / 1024),  # MiB of all GPUs together
        ("vast", "1x-RTX_4090-32-65536", 49140 / 1024),  # twice what an RTX 4090 has: staging sets it aside
        ("runpod", "1x_A100-80GB_SECURE", 80.0),  # GB in a field named MiB
        ("primeintellect", "nebius__8xH100_80GB__128__1600", 80.0),  # of all, and a total that counts twice
        ("verda", "2B300.60V", 262.5),
    ],
)
def test_memory_is_read_as_each_cloud_means_it(cloud, sku, gigabytes, by_cloud):
    accepted = validated(by_cloud[cloud]).accepted.filter(sku_label=sku)
    assert accepted["gpu_memory_gb"].unique().to_list() == [pytest.approx(gigabytes)]


def test_a_cloud_without_spot_machines_need_not_have_the_column(published):
    lines = ["InstanceType,AcceleratorName,AcceleratorCount,Price,Region", "m,L4,1,0.7,r"]
    published.serve("/v8/verda/vms.csv", "\n".join(lines).encode())
    payloads, _ = fetched("skypilot")
    [payload] = [payload for payload in payloads if payload.metadata["cloud"] == "verda"]
    assert rows(validated(payload).accepted, "commitment", "price", "gpu_memory_gb") == [("on_demand", 0.7, None)]


@pytest.mark.parametrize(
    "written",
    [
        '"{""Gpus"": [{""Manufacturer"": null, ""Count"": 2, ""MemoryInfo"": {""SizeInMiB"": 81920}}]}"',
        "\"{'Gpus': [{'Manufacturer': null, 'Count': 2, 'MemoryInfo': {'SizeInMiB': 81920}}]}\"",
        "\"{'Gpus': [{'Manufacturer': None, 'Count': 2, 'MemoryInfo': {'SizeInMiB': 81920}}]}\"",
    ],
    ids=["JSON", "JSON with single quotes", "a Python dictionary"],
)
def test_gpu_info_is_read_in_each_of_its_spellings(written, published):
    header = "InstanceType,AcceleratorName,AcceleratorCount,GpuInfo,Price,Region,SpotPrice"
    published.serve("/v8/verda/vms.csv", f"{header}\nn3-H100x2,H100-80G-PCIe,2,{written},3.8,CANADA-1,\n".encode())
    payloads, _ = fetched("skypilot")
    [payload] = [payload for payload in payloads if payload.metadata["cloud"] == "verda"]
    assert validated(payload).accepted["gpu_memory_gb"].to_list() == [80.0]


def test_a_cloud_whose_gpu_info_nobody_read_keeps_its_rows_without_memory(published, monkeypatch):
    """DigitalOcean's file has its keys in lower case; what its sizes mean is not known."""
    monkeypatch.setattr(skypilot, "CLOUDS", ("do",))
    header = "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice"
    row = "gpu-h100x8-640gb,H100,8,160,1920.0,47.60,tor1,\"{'gpus': [{'memoryinfo': {'sizeinmib': 81559}}]}\","
    published.serve("/v8/do/vms.csv", f"{header}\n{row}\n".encode())
    [payload], _ = fetched("skypilot")
    assert rows(validated(payload).accepted, "gpu_label", "gpu_memory_gb", "price") == [("H100", None, 47.6)]


def test_parts_and_third_parties_are_told_apart(by_cloud):
    assert validated(by_cloud["aws"]).accepted.filter(sku_label="g6f.large")["gpu_count"].to_list() == [0.125]
    accepted = validated(by_cloud["runpod"]).accepted
    assert rows(accepted, "sku_label", "commitment", "price") == [
        ("1x_A100-80GB_COMMUNITY", "community", 1.19),
        ("1x_A100-80GB_SECURE", "on_demand", 1.39),
        ("1x_A100-80GB_SECURE", "spot", 1.39),
    ]


def test_the_count_of_a_machine_that_is_written_down_goes_before_the_lists(published, monkeypatch):
    """Synthetic prices. The first four machines are miscounted, one is written as 0.333, nobody knows the last."""
    monkeypatch.setattr(skypilot, "CLOUDS", ("azure",))
    machines = [
        ("Standard_NV12ads_A10_v5", "A10", "1", "0.9"),
        ("Standard_NV18ads_A10_v5", "A10", "1", "1.5"),
        ("Standard_ND96isr_H100_v5", "H100", "12", "80"),
        ("Standard_NC80adis_H100_v5", "H100-NVL", "0", "14"),
        ("Standard_NV8ads_V710_v5", "V710", "0.333", "0.5"),
        ("Standard_NC8ads_A10_v4", "A10", "0.333", "0.7"),
    ]
    lines = ["InstanceType,AcceleratorName,AcceleratorCount,GpuInfo,Price,SpotPrice,Region"]
    lines += [f"{sku},{gpu},{count},{gpu},{price},,eastus" for sku, gpu, count, price in machines]
    published.serve("/v8/azure/vms.csv", "\n".join(lines).encode())
    [payload], _ = fetched("skypilot")
    accepted = validated(payload).accepted.sort("row_number")
    assert accepted["gpu_count"].to_list() == [pytest.approx(n) for n in (1 / 3, 1 / 2, 8, 2, 1 / 3, 0.333)]
    assert accepted["gpu_memory_gb"].to_list() == [8, 12, 80, 94, 8, None]
    per_gpu = [row["price"] / row["gpu_count"] for row in accepted.iter_rows(named=True)]
    assert per_gpu[:4] == [pytest.approx(price) for price in (2.7, 3.0, 10.0, 7.0)]
    told = [note and note.split(",")[0] for note in accepted["note"]]
    assert told == [
        "the list counts 1 GPUs",
        "the list counts 1 GPUs",
        "the list counts 12 GPUs",
        "the list counts 0 GPUs",
        None,
        None,
    ]


def test_what_is_wrong_is_refused_by_name(by_cloud):
    outcome = validated(by_cloud["verda"])
    assert rows(outcome.accepted, "sku_label", "commitment", "price") == [("2B300.60V", "spot", 4.893)]
    assert outcome.rejected.sort("row_number").select("row_number", "field", "rule").rows() == [
        (2, "row", "an accelerator without any price"),
        (3, "row", "GpuInfo has an unknown form (IndexError: list index out of range)"),
        (4, "row", "3 fields where the header has 10"),
        (5, "gpu_count", "greater_than(0)"),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"InstanceType,Price\na,1\n", "no column AcceleratorName, AcceleratorCount, Region"),
        (SYNTHETIC["verda"].splitlines()[0].encode(), "a header and no rows"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"<!DOCTYPE html><html></html>", "a web page in place of data"),
    ],
    ids=["columns", "no rows", "encoding", "a page"],
)
def test_a_file_that_is_no_catalogue_fails_its_cloud_alone(body, said, published):
    published.serve("/v8/verda/vms.csv", body)
    payloads, errors = fetched("skypilot")
    assert {payload.metadata["cloud"] for payload in payloads} == {*SYNTHETIC} - {"verda"}
    assert any(said in str(error) for error in errors)
