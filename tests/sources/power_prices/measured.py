"""Every power connector on the payloads that exist for it: rows received, accepted, rejected by rule, seconds.

`python -m tests.sources.power_prices.measured --shared PATH` prints the table of docs/power_measured.md. Payloads go
through a local server, the client and landing into a home that is thrown away. Not here: tests.
"""

from __future__ import annotations

import datetime as dt
import gzip
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from pipelines.home.places import Home
from pipelines.landing import intake
from sources.registry import all_sources
from tests.dbt.power_looks import real
from tests.server import PublisherServer
from tests.sources.power_prices.eia_rows import api_page, workbook
from tests.sources.power_prices.live import ask, payloads

EIA = "data/power/eia861m_state_monthly_7vintages.csv.gz"


def api_pages(rows: pl.DataFrame, sector: str) -> list[bytes]:
    """A capture of the workbook as the API would print it (synthetic pages of real figures)."""
    printed = [
        {
            "period": f"{year}-{month:02}",
            "stateid": state,
            "sectorid": sector,
            "price": str(price),
            "price-units": "cents per kilowatt-hour",
            "sales": str(sales / 1000),
            "sales-units": "million kilowatt hours",
            "revenue": str(revenue / 1000),
            "revenue-units": "million dollars",
        }
        for year, month, state, price, sales, revenue in rows.select(
            "year", "month", "state", "price_cents_kwh", "sales_mwh", "revenue_kusd"
        ).iter_rows()
    ]
    return [api_page(printed[at : at + 5000], len(printed)) for at in range(0, len(printed), 5000)]


def line(name: str, source_id: str, home: Home, given: list) -> str:
    """One line of the table: the payloads landed, timed from parsing to the written files."""
    started = time.monotonic()
    for payload in given:
        intake.land_payloads(all_sources()[source_id], home, [payload])
    seconds = time.monotonic() - started
    spec = all_sources()[source_id]
    shas = {payload.sha256 for payload in given}
    places = [place for place in intake.good_payloads(spec, home) if place.name in shas]
    accepted = sum(pl.read_parquet(place / "accepted.parquet").height for place in places)
    refused = pl.concat([pl.read_parquet(place / "rejected.parquet") for place in places])
    rules = Counter(refused["rule"])
    told = "; ".join(f"{rule}: {count:,}" for rule, count in rules.most_common()) or "none"
    received = accepted + refused.height
    return f"| {source_id} | {name} | {received:,} | {accepted:,} | {refused.height:,} | {told} | {seconds:.1f} |"


def main(shared: Path) -> None:
    """Print the table."""
    power = shared / "data/power"
    print(
        "| source | payloads | received | accepted | rejected | by rule | seconds |\n|---|---|---:|---:|---:|---|---:|"
    )
    server = PublisherServer()
    raw = real(shared / EIA)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        home = Home(Path(folder) / "home")
        home.ensure()
        patch.setenv("EIA_API_KEY", "synthetic")
        patch.setenv("ENTSOE_TOKEN", "synthetic")

        def served(source_id: str, body: bytes, day: str, *span: dt.date) -> list:
            patch.setenv("RACKHOUR_TODAY", day)
            server.forget()
            for path in ("/it", "/nip-download-manager/nip/download/market-data"):
                server.serve(path, body)
            base = server.base + ("/" if source_id == "smard" else "/it")
            return payloads(ask(source_id, patch, base, *span))

        given = []
        for day in raw["vintage_date"].unique().sort():
            given += served("eia861m_workbook", workbook(raw.filter(pl.col("vintage_date") == day)), day)
        print(line("seven captures, written in the workbook's layout", "eia861m_workbook", home, given))

        newest = raw.filter((pl.col("vintage_date") == raw["vintage_date"].max()) & (pl.col("sector") == "commercial"))
        server.forget()
        patch.setenv("RACKHOUR_TODAY", "2025-07-24")
        for page in api_pages(newest, "COM"):
            server.serve("/it", page, times=1)
        given = payloads(ask("eia_api", patch, server.base + "/it"))[:1]
        print(line("newest capture, commercial, written as the API's pages", "eia_api", home, given))

        given = []
        for file in sorted(power.glob("ember_wholesale_daily_*.csv.gz")):
            given += served("ember_daily", gzip.decompress(file.read_bytes()), file.name[22:32])
        print(line("three daily files", "ember_daily", home, given))

        given = []
        for year in (2015, 2018):
            body = gzip.decompress((power / f"smard_dayahead_{year}.csv.gz").read_bytes())
            given += served("smard", body, "2026-11-01", dt.date(year, 1, 1), dt.date(year, 12, 31))
        print(line("tables of 2015 and 2018", "smard", home, given))

        given = []
        for file in sorted((power / "entsoe_samples").glob("*.xml")):
            given += served("entsoe", file.read_bytes(), "2025-03-01", dt.date(2025, 2, 25), dt.date(2025, 2, 25))[:1]
        print(line("nine documents", "entsoe", home, given))
    server.close()


if __name__ == "__main__":
    main(Path(sys.argv[sys.argv.index("--shared") + 1]))
