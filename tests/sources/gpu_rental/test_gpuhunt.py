"""gpuhunt through a local server: synthetic catalogues in the shape its 0.1.34 writes, good and bad."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest

from sources.errors import SourceError
from sources.gpu_rental import gpuhunt
from tests.sources.gpu_rental.cloud_lists import fetched, rows, validated

# The header gpuhunt 0.1.34 writes (gpuhunt/_internal/storage.py); machines and prices are synthetic.
HEADER = (
    "instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags,cpu_arch,"
    "provider_data"
)
SYNTHETIC = {
    "verda": """\
8H100.80S.176V,FIN-02,18.32,176,1480.0,8,H100,80.0,False,,nvidia,,x86,{}
8H100.80S.176V,FIN-02,6.412,176,1480.0,8,H100,80.0,True,,nvidia,,x86,{}
CPU.4V.16G,FIN-01,0.0279,4,16.0,0,,,False,,,,x86,{}
CPU.8V.32G,FIN-01,0.0558,8,32.0,0,,,False,,,,x86,{}
""",
    "runpod": """\
NVIDIA H100 80GB HBM3,US-TX-1,21.52,128,1000.0,8,H100,80.0,False,,nvidia,,x86,{}
NVIDIA H100 80GB HBM3,US,17.44,128,1000.0,8,H100,80.0,False,,nvidia,,x86,{}
NVIDIA H100 80GB HBM3,US-TX-1,25.60,128,1000.0,8,H100,80.0,False,,nvidia,runpod-cluster,x86,"{""pod_counts"": [2, 3]}"
NVIDIA B300 MIG,US-TX-1,1.5,16,100.0,2,B300 MIG 1g.34gb,270.0,False,,nvidia,,x86,{}
""",
    "azure": """\
Standard_NV6ads_A10_v5,eastus,0.454,6,55.0,1,A10,4.0,False,,nvidia,,x86,{}
Standard_NC24ads_A100_v4,eastus,3.673,24,220.0,1,A100,80.0,False,,nvidia,,x86,{}
Standard_NC24ads_A100_v4,eastus,3.9,24,220.0,1,A100,80.0,False,,nvidia,,x86,{}
Standard_ND96asr_v4,eastus,0.00,96,900.0,8,A100,40.0,False,,nvidia,,x86,{}
Standard_ND96is,eastus,9.9,96,900.0,0,A100,40.0,False,,nvidia,,x86,{}
Standard_NC4as_T4_v3,eastus,cheap,4,28.0,1,T4,16.0,False,,nvidia,,x86,{}
Standard_NC4as_T4_v3,westus,0.526,4,28.0,1,T4,16.0,perhaps,,nvidia,,x86,{}
Standard_NC4as_T4_v3,northeurope,0.526,4
""",
}


def archive(provider: str, text: str) -> bytes:
    """A catalogue as it is published: one CSV named after its provider."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(f"{provider}.csv", f"{HEADER}\n{text}")
    return written.getvalue()


@pytest.fixture
def published(publisher_server, monkeypatch):
    """Three providers' synthetic catalogues; a fourth has none, the others are not asked (to be quick)."""
    monkeypatch.setattr(gpuhunt, "PROVIDERS", ("aws", *SYNTHETIC))
    monkeypatch.setenv("RACKHOUR_BASE_GPUHUNT", f"{publisher_server.base}/v3")
    for provider, text in SYNTHETIC.items():
        publisher_server.serve(f"/v3/{provider}/version", b"20261120\n")
        publisher_server.serve(f"/v3/{provider}/20261120/catalog.zip", archive(provider, text))
    return publisher_server


def by_provider():
    payloads, _ = fetched("gpuhunt")
    return {payload.metadata["provider"]: payload for payload in payloads}


def test_each_provider_is_one_payload_dated_by_its_collection_and_the_missing_are_told(published):
    payloads, errors = fetched("gpuhunt")
    assert [payload.metadata["provider"] for payload in payloads] == ["verda", "runpod", "azure"]
    assert {payload.observed_on for payload in payloads} == {"2026-11-20"}
    assert [str(error).split(" ")[1] for error in errors] == [f"{published.base}/v3/aws/version"]
    assert "answered 404" in str(errors[0])


def test_machines_are_rows_with_their_labels_as_published(published):
    outcome = validated(by_provider()["verda"])
    assert rows(outcome.accepted, "sku_label", "gpu_label", "gpu_count", "commitment", "price", "price_unit") == [
        ("8H100.80S.176V", "H100", 8.0, "on_demand", 18.32, "usd_per_instance_hour"),
        ("8H100.80S.176V", "H100", 8.0, "spot", 6.412, "usd_per_instance_hour"),
    ]
    assert set(outcome.accepted["citation"].str.ends_with("/v3/verda/20261120/catalog.zip verda.csv")) == {True}


def test_machines_without_a_gpu_are_counted_and_have_no_row(published):
    payload = by_provider()["verda"]
    without = sum(line.split(",")[5] == "0" for line in SYNTHETIC["verda"].splitlines())
    assert without == 2
    assert payload.metadata["rows_without_gpu"] == str(without)
    assert gpuhunt.census(payload) == {"rows": 4, "gpu_rows": 2, "rows_without_gpu": 2}


def test_runpods_clusters_and_community_machines_are_offers_of_their_own(published):
    accepted = validated(by_provider()["runpod"]).accepted
    assert rows(accepted.filter(gpu_label="H100"), "sku_label", "region_label", "commitment", "price") == [
        ("NVIDIA H100 80GB HBM3 (cluster)", "US-TX-1", "on_demand", 25.6),
        ("NVIDIA H100 80GB HBM3", "US", "community", 17.44),
        ("NVIDIA H100 80GB HBM3", "US-TX-1", "on_demand", 21.52),
    ]


def test_a_mig_slice_is_a_part_of_a_gpu(published):
    accepted = validated(by_provider()["runpod"]).accepted.filter(gpu_label="B300")
    assert accepted.select("gpu_count", "gpu_memory_gb", "note").rows() == [
        (pytest.approx(2 / 7), 34.0, "MIG profile MIG 1g.34gb")
    ]


def test_what_is_wrong_is_refused_by_name_and_an_offer_quoted_twice_is_a_range(published):
    outcome = validated(by_provider()["azure"])
    assert rows(outcome.accepted, "sku_label", "gpu_count", "price", "price_low", "price_high") == [
        ("Standard_NC24ads_A100_v4", 1.0, 3.673, 3.673, 3.9),
        # A sixth of a GPU that gpuhunt counts as one.
        ("Standard_NV6ads_A10_v5", pytest.approx(1 / 6), 0.454, None, None),
    ]
    assert rows(outcome.rejected, "row_number", "field") == [
        (4, "price"),
        (5, "gpu_count"),
        (6, "price"),
        (7, "row"),
        (8, "row"),
    ]


@pytest.mark.parametrize("version", [b"latest", b"20261345", b"20991231", b"<Error><Code>AccessDenied</Code></Error>"])
def test_a_version_that_is_no_day_past_fails_its_provider_alone(version, published):
    published.serve("/v3/verda/version", version)
    payloads, errors = fetched("gpuhunt")
    assert {payload.metadata["provider"] for payload in payloads} == {"azure", "runpod"}
    assert sum("404" not in str(error) for error in errors) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"PK not at all", "cannot be read"),
        (archive("other", ""), "not verda.csv"),
        (archive("verda", ""), "a header and no rows"),
        (archive("verda", "").replace(b"PK\x03\x04", b"", 1), "else than zip"),
    ],
    ids=["damaged", "another provider's", "empty", "no zip"],
)
def test_an_archive_that_is_none_fails_its_provider_alone(body, said, published):
    published.serve("/v3/verda/20261120/catalog.zip", body)
    payloads, errors = fetched("gpuhunt")
    assert {payload.metadata["provider"] for payload in payloads} == {"azure", "runpod"}
    assert any(said in str(error) for error in errors)


def test_a_catalogue_without_its_columns_is_refused(published):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("verda.csv", "instance_name,price\na,1\n")
    published.serve("/v3/verda/20261120/catalog.zip", written.getvalue())
    _, errors = fetched("gpuhunt")
    assert any("no column location, gpu_count, gpu_name, gpu_memory, spot" in str(error) for error in errors)


def test_every_row_read_is_a_row_another_reader_sees(published):
    """Independent: csv.DictReader over the same bytes, GPU rows counted by its own rule."""
    for provider, payload in by_provider().items():
        with zipfile.ZipFile(io.BytesIO(payload.content)) as file:
            records = list(csv.DictReader(io.TextIOWrapper(file.open(f"{provider}.csv"), "utf-8")))
        with_gpu = [record for record in records if record["gpu_name"] or record["gpu_count"] not in ("0", "")]
        assert payload.metadata["rows"] == str(len(records))
        # A row cut short is passed on too, so that the contract can say what is wrong with it.
        assert gpuhunt.census(payload)["gpu_rows"] == len(with_gpu)


def test_a_payload_without_a_day_is_refused(published):
    payload = by_provider()["verda"]
    with pytest.raises(SourceError, match="has no date"):
        gpuhunt.parse(type(payload)(**{**_fields(payload), "observed_on": None}))


def _fields(payload) -> dict:
    return {name: getattr(payload, name) for name in ("source_id", "origin", "content", "media_type", "metadata")}
