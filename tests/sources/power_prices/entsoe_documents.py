"""Synthetic documents of day-ahead prices in the transparency platform's shape. Not here: tests."""

from __future__ import annotations

import datetime as dt

DAY = dt.timedelta(days=1)
SPAIN = "10YES-REE------0"


def document(*series: str) -> bytes:
    return f"<Publication_MarketDocument><type>A44</type>{''.join(series)}</Publication_MarketDocument>".encode()


def hours(zone: str, day: dt.date, price: float, *, contract: str | None = "A01", auction: int | None = None) -> str:
    """A synthetic series of one UTC day, its hours at `price`, `price` + 1 and so on."""
    agreement = f"<contract_MarketAgreement.type>{contract}</contract_MarketAgreement.type>" if contract else ""
    place = "classificationSequence_AttributeInstanceComponent.position"
    points = "".join(
        f"<Point><position>{hour + 1}</position><price.amount>{price + hour}</price.amount></Point>"
        for hour in range(24)
    )
    return (
        f"<TimeSeries><in_Domain.mRID>{zone}</in_Domain.mRID>{agreement}<curveType>A01</curveType>"
        f"{f'<{place}>{auction}</{place}>' if auction else ''}"
        "<currency_Unit.name>EUR</currency_Unit.name><price_Measure_Unit.name>MWH</price_Measure_Unit.name>"
        f"<Period><timeInterval><start>{day}T00:00Z</start><end>{day + DAY}T00:00Z</end></timeInterval>"
        f"<resolution>PT60M</resolution>{points}</Period></TimeSeries>"
    )
