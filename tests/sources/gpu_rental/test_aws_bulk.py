"""Amazon's bulk list through a local server: a synthetic file in the documented shape, streamed and sieved."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest

from sources.gpu_rental import aws_bulk
from tests.sources.gpu_rental.cloud_lists import fetched, rows, validated

# Five rows and a header as documented and as the files bear them; skus and prices are synthetic.
BEFORE = [
    ("FormatVersion", "v1.0"),
    ("Disclaimer", 'This list is synthetic. "Quoted", with a comma'),
    ("Publication Date", "2026-11-20T18:00:00Z"),
    ("Version", "20261120180000"),
    ("OfferCode", "AmazonEC2"),
]
LINE = {
    "SKU": "SYNTHETIC",
    "TermType": "OnDemand",
    "PriceDescription": "$55.04 per On Demand Linux p5.48xlarge Instance Hour",
    "EffectiveDate": "2026-11-01",
    "StartingRange": "0",
    "EndingRange": "Inf",
    "Unit": "Hrs",
    "PricePerUnit": "55.0400000000",
    "Currency": "USD",
    "Product Family": "Compute Instance",
    "Location": "US East (N. Virginia)",
    "Instance Type": "p5.48xlarge",
    "vCPU": "192",
    "Tenancy": "Shared",
    "Operating System": "Linux",
    "License Model": "No License required",
    "CapacityStatus": "Used",
    "Pre Installed S/W": "NA",
    "GPU": "8",
    "GPU Memory": "640 GB HBM3",
    "Region Code": "us-east-1",
    "MarketOption": "OnDemand",
}


UNKNOWN = "a type instances.csv does not know"
MONTH = "effective 2026-11-01"


def line(**changes: str) -> dict[str, str]:
    named = {name.replace("_", " "): value for name, value in changes.items()}
    return LINE | named | ({"Pre Installed S/W": changes["software"]} if "software" in changes else {})


ORDINARY = [
    line(Instance_Type=name, GPU="") for name in ("m5.large", "i4i.large", "hpc7g.4xlarge", "x2gd.metal", "", "t3.g5.x")
]
RENTALS = [
    line(),
    line(Instance_Type="g6f.large", GPU="0", PricePerUnit="0.2020000000"),
    line(Instance_Type="trn2.48xlarge", GPU="", PricePerUnit="44.7"),
    line(Instance_Type="p9-x1000.48xlarge", GPU="8", PricePerUnit="99.0"),
    line(Instance_Type="g99f.large", GPU="0", PricePerUnit="0.5"),
    line(Instance_Type="g4dn.xlarge", GPU="1", PricePerUnit="0.526"),
    line(Instance_Type="g4dn.xlarge", GPU="1", PricePerUnit="0.710", Region_Code="us-east-1-bos-1"),
    line(Instance_Type="p5e.48xlarge", GPU="8", PricePerUnit="0.0000000000"),
]
OTHERS = [
    line(TermType="Reserved", PricePerUnit="30.0"),
    line(TermType="Reserved", Unit="Quantity", PricePerUnit="250000"),
    line(Operating_System="Windows", PricePerUnit="70.0"),
    line(Tenancy="Dedicated"),
    line(CapacityStatus="UnusedCapacityReservation"),
    line(software="SQL Web"),
    line(MarketOption="CapacityBlock", PricePerUnit="0.0"),
    line(Tenancy="Host", Unit="Hrs"),
]


def price_list(lines: list[dict[str, str]], before=BEFORE, header=None) -> bytes:
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows(before)
    names = header or list(LINE)
    writer.writerow(names)
    writer.writerows([entry.get(name, "") for name in names] for entry in lines)
    return written.getvalue().encode()


@pytest.fixture
def published(publisher_server, monkeypatch):
    """One region's list."""
    monkeypatch.setenv("RACKHOUR_BASE_AWS_BULK", f"{publisher_server.base}/current")
    monkeypatch.setattr(aws_bulk, "REGIONS", ("us-east-1",))
    publisher_server.serve("/current/us-east-1/index.csv", price_list([*ORDINARY, *RENTALS, *OTHERS]))
    return publisher_server


def test_of_a_list_the_lines_of_accelerators_are_kept_and_all_are_counted(published):
    [payload], errors = fetched("aws_bulk")
    assert errors == []
    whole = price_list([*ORDINARY, *RENTALS, *OTHERS])
    kept = price_list([*RENTALS, *OTHERS])
    assert payload.content == kept
    stated = {name: payload.metadata[name] for name in ("lines_received", "bytes_received", "lines_kept", "bytes_kept")}
    assert stated == {
        "lines_received": str(whole.count(b"\n")),
        "bytes_received": str(len(whole)),
        "lines_kept": str(kept.count(b"\n")),
        "bytes_kept": str(len(kept)),
    }


def test_rentals_come_with_what_their_types_hold(published):
    [payload], _ = fetched("aws_bulk")
    outcome = validated(payload)
    assert rows(outcome.accepted, "sku_label", "gpu_label", "gpu_count", "region_label", "price", "note") == [
        ("g4dn.xlarge", "T4", 1.0, "us-east-1", 0.526, MONTH),
        ("g4dn.xlarge", "T4", 1.0, "us-east-1-bos-1", 0.71, MONTH),
        ("g6f.large", "L4", 0.125, "us-east-1", 0.202, f"{MONTH}; the list counts 0 GPUs"),
        ("g99f.large", "g99f.large", None, "us-east-1", 0.5, f"{MONTH}; {UNKNOWN}; the list counts 0 GPUs"),
        ("p5.48xlarge", "H100", 8.0, "us-east-1", 55.04, MONTH),
        ("p9-x1000.48xlarge", "p9-x1000.48xlarge", 8.0, "us-east-1", 99.0, f"{MONTH}; {UNKNOWN}"),
        ("trn2.48xlarge", "Trainium2", 16.0, "us-east-1", 44.7, MONTH),
    ]
    assert outcome.rejected.select("row_number", "field").rows() == [(8, "price")]
    assert {str(day) for day in outcome.accepted["valid_from"]} == {payload.observed_on}
    assert set(outcome.accepted["known_basis"]) == {"first_seen"}
    assert set(outcome.accepted["citation"].str.ends_with("/us-east-1/index.csv version 20261120180000")) == {True}


def test_what_is_no_rental_of_this_family_is_counted_by_what_sets_it_apart(published):
    [payload], _ = fetched("aws_bulk")
    counts = aws_bulk.census(payload)
    assert counts == {
        "rows": len(RENTALS) + len(OTHERS),
        "gpu_rows": len(RENTALS),
        "rows_other_termtype": 2,
        "rows_other_operating_system": 1,
        "rows_other_tenancy": 2,
        "rows_other_capacitystatus": 1,
        "rows_other_pre_installed_sw": 1,
        "rows_other_marketoption": 1,
    }
    assert payload.metadata["rows_other_tenancy"] == "2"


def test_a_list_from_before_market_options_is_read(published):
    older = [name for name in LINE if name != "MarketOption"]
    published.serve("/current/us-east-1/index.csv", price_list([line()], header=older))
    [payload], _ = fetched("aws_bulk")
    assert validated(payload).accepted.height == 1


def test_yuan_are_refused(published):
    chinese = line(Currency="CNY", Region_Code="cn-north-1", PricePerUnit="410.0")
    published.serve("/current/us-east-1/index.csv", price_list([chinese, line()]))
    [payload], _ = fetched("aws_bulk")
    outcome = validated(payload)
    assert outcome.rejected.select("field", "value").rows() == [("currency", "CNY")]
    assert outcome.accepted["currency"].to_list() == ["USD"]


def failure(published) -> str:
    payloads, [error] = fetched("aws_bulk")
    assert payloads == []
    return str(error)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (price_list(ORDINARY), "no line of an accelerator family among 12"),
        (price_list([line()], before=BEFORE[1:]), "not with its format"),
        (price_list([line()], header=["SKU", "Instance Type"]), "has no column TermType"),
        (b"<html>busy</html>", "not with its format"),
        (b"", "no line of an accelerator family among 0"),
    ],
    ids=["none", "four rows before", "columns", "a page", "nothing"],
)
def test_a_file_that_is_no_price_list_fails_its_region(body, said, published):
    published.serve("/current/us-east-1/index.csv", body)
    assert said in failure(published)


def test_a_list_that_breaks_off_fails_its_region(published):
    published.drop("/current/us-east-1/index.csv", price_list([*RENTALS] * 50))
    assert "/current/us-east-1/index.csv" in failure(published)


def test_a_list_beyond_the_limit_fails_its_region(published, monkeypatch):
    given = aws_bulk_spec_of(1)
    monkeypatch.setattr("tests.sources.gpu_rental.cloud_lists.spec", lambda _: given)
    published.serve("/current/us-east-1/index.csv", price_list([*ORDINARY, *RENTALS] * 400))
    assert "sent more than 1 MB" in failure(published)


def aws_bulk_spec_of(megabytes: int):
    from sources.registry import all_sources

    return all_sources()["aws_bulk"].model_copy(update={"max_mb": megabytes})


def test_one_region_that_fails_leaves_the_others(published, monkeypatch):
    monkeypatch.setattr(aws_bulk, "REGIONS", ("us-mars-1", "us-east-1"))
    payloads, errors = fetched("aws_bulk")
    assert [payload.metadata["region"] for payload in payloads] == ["us-east-1"]
    assert len(errors) == 1


def test_what_is_kept_is_what_another_reader_would_keep(published):
    """Independent: csv.DictReader over the whole synthetic file, families by the part before the point."""
    families = {"p5", "g6f", "trn2", "p9-x1000", "g99f", "g4dn", "p5e"}
    text = price_list([*ORDINARY, *RENTALS, *OTHERS]).decode()
    records = list(csv.DictReader(io.StringIO(text.split("\n", 5)[5])))
    wanted = Counter(record["Instance Type"].split(".")[0] in families for record in records)
    [payload], _ = fetched("aws_bulk")
    assert aws_bulk.census(payload)["rows"] == wanted[True]
