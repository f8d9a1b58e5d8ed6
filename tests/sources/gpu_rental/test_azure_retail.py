"""Azure Retail Prices through a local server: synthetic pages in the documented shape, followed by NextPageLink."""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from sources.gpu_rental import azure_retail
from tests.sources.gpu_rental.cloud_lists import fetched, rows, validated

# Fields of an item as Microsoft's documentation lists them; every price and id here is synthetic.
ITEM = {
    "currencyCode": "USD",
    "tierMinimumUnits": 0.0,
    "retailPrice": 6.98,
    "unitPrice": 6.98,
    "armRegionName": "eastus",
    "location": "US East",
    "effectiveStartDate": "2024-03-01T00:00:00Z",
    "meterId": "synthetic",
    "meterName": "NC40ads H100 v5",
    "productId": "synthetic",
    "skuId": "synthetic",
    "productName": "Virtual Machines NCads H100 v5 Series",
    "skuName": "NC40ads H100 v5",
    "serviceName": "Virtual Machines",
    "serviceId": "synthetic",
    "serviceFamily": "Compute",
    "unitOfMeasure": "1 Hour",
    "type": "Consumption",
    "isPrimaryMeterRegion": True,
    "armSkuName": "Standard_NC40ads_H100_v5",
}
RESERVED = {"type": "Reservation", "unitPrice": 1.0}


def item(**changes) -> dict:
    return ITEM | changes


FIRST_PAGE = [
    item(),
    item(skuName="NC40ads H100 v5 Spot", meterName="NC40ads H100 v5 Spot", retailPrice=2.491162),
    item(skuName="NC40ads H100 v5 Low Priority", meterName="NC40ads H100 v5 Low Priority", retailPrice=1.396),
    item(productName="Virtual Machines NCads H100 v5 Series Windows", retailPrice=8.82),
    item(productName="Virtual Machines NCCadsv5 Srs Win", retailPrice=8.82),
    item(type="DevTestConsumption", retailPrice=6.5),
]
SECOND_PAGE = [
    item(**RESERVED, reservationTerm="1 Year", retailPrice=42_793.0, effectiveStartDate="2024-04-01T00:00:00Z"),
    item(**RESERVED, reservationTerm="3 Years", retailPrice=87_000.0),
    item(armSkuName="Standard_NV6ads_A10_v5", skuName="NV6ads A10 v5", retailPrice=0.454),
    item(armSkuName="Standard_NP10s", skuName="NP10s", productName="Virtual Machines NP Series", retailPrice=1.65),
    item(armSkuName="Standard_NC9999_future_v9", skuName="NC9999 future v9", retailPrice=99.0),
]
THIRD_PAGE = [
    item(retailPrice=7.5, effectiveStartDate="2027-01-01T00:00:00Z"),
    item(productName="Cloud Services NC Series"),
    item(currencyCode="EUR", armSkuName="Standard_NC80adis_H100_v5"),
    item(unitOfMeasure="1 Month", armSkuName="Standard_NC80adis_H100_v5"),
    item(**RESERVED, reservationTerm="5 Years", armSkuName="Standard_NC80adis_H100_v5"),
    item(tierMinimumUnits=100.0, armSkuName="Standard_NC80adis_H100_v5"),
    item(type="Savings", armSkuName="Standard_NC80adis_H100_v5"),
    item(retailPrice=0.0, armSkuName="Standard_NC80adis_H100_v5"),
    {name: value for name, value in ITEM.items() if name != "skuName"},
    "not an item",
]
PAGES = [FIRST_PAGE, SECOND_PAGE, THIRD_PAGE]


def page(items: list, link: str | None, **changes) -> bytes:
    head = {"BillingCurrency": "USD", "CustomerEntityId": "Default", "CustomerEntityType": "Retail"}
    return json.dumps({**head, "Items": items, "NextPageLink": link, "Count": len(items), **changes}).encode()


@pytest.fixture
def published(publisher_server, monkeypatch):
    """One region in three pages; `links` maps a page to what it names as the next."""
    base = f"{publisher_server.base}/api/retail/prices"
    monkeypatch.setenv("RACKHOUR_BASE_AZURE_RETAIL", base)
    monkeypatch.setattr(azure_retail, "REGIONS", ("eastus",))
    publisher_server.serve("/api/retail/prices", page(PAGES[0], f"{base}?$skip=1000"))
    publisher_server.serve("/api/retail/prices?$skip=1000", page(PAGES[1], f"{base}?$skip=2000"))
    publisher_server.serve("/api/retail/prices?$skip=2000", page(PAGES[2], None))
    return publisher_server


@pytest.fixture
def outcome(published):
    [payload], [] = fetched("azure_retail")
    return validated(payload)


def test_the_pages_of_a_region_are_one_payload_as_they_came(published):
    [payload], errors = fetched("azure_retail")
    assert errors == []
    assert payload.content == b'{"pages": [' + b", ".join(_body(published, n) for n in range(3)) + b"]}"
    assert payload.metadata["pages"] == "3"
    asked = [parse_qs(urlsplit(request.path).query) for request in published.requests]
    assert asked[0]["$filter"] == [
        "serviceName eq 'Virtual Machines' and startswith(armSkuName, 'Standard_N') and armRegionName eq 'eastus'"
    ]
    assert [query.get("$skip") for query in asked] == [None, ["1000"], ["2000"]]


def _body(server, number: int) -> bytes:
    base = f"{server.base}/api/retail/prices"
    links = [f"{base}?$skip=1000", f"{base}?$skip=2000", None]
    return page(PAGES[number], links[number])


def test_prices_come_with_microsofts_own_day_and_the_unit_they_have(outcome):
    columns = ("commitment", "price", "price_unit", "valid_from", "known_basis")
    nc40 = outcome.accepted.filter(sku_label="Standard_NC40ads_H100_v5")
    assert [tuple(map(str, row)) for row in rows(nc40, *columns)] == [
        ("on_demand", "6.98", "usd_per_instance_hour", "2024-03-01", "published"),
        ("on_demand", "7.5", "usd_per_instance_hour", "2027-01-01", "published"),
        ("reserved_1y", "42793.0", "usd_per_instance_term", "2024-04-01", "published"),
        ("reserved_3y", "87000.0", "usd_per_instance_term", "2024-03-01", "published"),
        ("spot", "2.491162", "usd_per_instance_hour", "2024-03-01", "published"),
    ]
    assert nc40.select("gpu_label", "gpu_count", "gpu_memory_gb").unique().rows() == [("H100 NVL", 1.0, 94.0)]


def test_a_part_of_a_gpu_and_an_unknown_size(outcome):
    accepted = outcome.accepted
    [part] = accepted.filter(sku_label="Standard_NV6ads_A10_v5").to_dicts()
    assert (part["gpu_label"], part["gpu_count"], part["gpu_memory_gb"]) == ("A10", pytest.approx(1 / 6), 4.0)
    [unknown] = accepted.filter(sku_label="Standard_NC9999_future_v9").to_dicts()
    assert (unknown["gpu_label"], unknown["gpu_count"]) == ("Standard_NC9999_future_v9", None)
    assert "instances.csv does not know" in unknown["note"]


def test_what_is_no_rental_of_a_gpu_machine_is_counted_by_kind(published):
    [payload], _ = fetched("azure_retail")
    flat = [entry for items in PAGES for entry in items]
    # Independent: the words themselves, over the items the pages were made of.
    told = Counter()
    for entry in flat:
        text = json.dumps(entry)
        told["rows_windows"] += ' Win"' in text or "Windows" in text
        told["rows_low_priority"] += "Low Priority" in text
        told["rows_dev_test"] += "DevTest" in text
        told["rows_cloud_services"] += "Cloud Services" in text
        told["rows_fpga"] += "NP10s" in text
    counts = azure_retail.census(payload)
    assert counts == {**told, "rows": len(flat), "gpu_rows": len(flat) - told.total(), "gpu_rows_unmapped": 1}
    assert payload.metadata["rows_windows"] == "2"


def test_what_is_wrong_is_refused_by_name(outcome):
    assert rows(outcome.rejected, "row_number", "field", "rule") == [
        (14, "currency", "equal_to(USD)"),
        (15, "price_unit", outcome.rejected.filter(row_number=15)["rule"][0]),
        (16, "price_unit", outcome.rejected.filter(row_number=16)["rule"][0]),
        (17, "row", "a price from 100.0 units on"),
        (18, "row", "an item of an unknown form (ValueError: type 'Savings')"),
        (19, "price", "greater_than(0)"),
        (20, "row", "an item of an unknown form (KeyError: 'skuName')"),
        (21, "row", outcome.rejected.filter(row_number=21)["rule"][0]),
    ]
    assert "usd_per_1 Month" in outcome.rejected.filter(row_number=15)["all_failures"][0]


def failure(published) -> str:
    payloads, [error] = fetched("azure_retail")
    assert payloads == []
    return str(error)


def test_a_missing_page_fails_the_region(published):
    published.serve("/api/retail/prices?$skip=2000", b"gone", status=404)
    assert "answered 404" in failure(published)


def test_a_link_to_another_host_is_not_followed(published):
    published.serve("/api/retail/prices", page(FIRST_PAGE, "https://elsewhere.example/api?$skip=1000"))
    assert "another host (elsewhere.example)" in failure(published)


def test_pages_that_go_round_are_left(published):
    published.serve("/api/retail/prices?$skip=2000", page(THIRD_PAGE, f"{published.base}/api/retail/prices?$skip=1000"))
    assert "goes round in pages" in failure(published)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (page([], None), "lists nothing"),
        (page(FIRST_PAGE, None, Count=100), "100 items are announced, 6 are there"),
        (b'{"Items": []}', "is no page of prices (KeyError: 'NextPageLink')"),
        (b'{"error": "busy"}', "is no page of prices"),
        (b"[]", "is no page of prices"),
        (b'{"Items": [', "is no page of prices"),
        (b"<html>busy</html>", "a web page in place of data"),
    ],
    ids=["empty", "fewer than counted", "no link", "an error", "a list", "cut", "a page"],
)
def test_an_answer_that_is_no_page_fails_the_region(body, said, published):
    published.serve("/api/retail/prices", body)
    assert said in failure(published)


def test_one_region_that_fails_leaves_the_others(published, monkeypatch):
    monkeypatch.setattr(azure_retail, "REGIONS", ("nowhere", "eastus"))
    query = f"{azure_retail.WANTED} and armRegionName eq 'nowhere'"
    published.serve(f"/api/retail/prices?$filter={query}", page([], None))
    payloads, errors = fetched("azure_retail")
    assert [payload.metadata["region"] for payload in payloads] == ["eastus"]
    assert len(errors) == 1
