"""The real payloads beside the repository, as the sources that would have fetched them see them.

Not here: synthetic payloads (tests), what is measured on these (bench/sources.py, bench/fuzz.py).
"""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sources.payload import Payload


@dataclass(frozen=True)
class RealPayload:
    """A file others kept, and how its publisher would have served it: its day and its type.

    `history`: the days to ask for, where this shape is the one of the publisher's history.
    """

    source_id: str
    path: Path
    observed_on: str
    media_type: str = "application/json"
    metadata: dict[str, str] = field(default_factory=dict)
    history: tuple[dt.date, dt.date] | None = None

    def content(self) -> bytes:
        raw = self.path.read_bytes()
        return gzip.decompress(raw) if self.path.suffix == ".gz" else raw

    def payload(self) -> Payload:
        """As `parse` gets it."""
        return Payload(
            source_id=self.source_id,
            origin=self.path.name,
            content=self.content(),
            media_type=self.media_type,
            observed_on=self.observed_on,
            metadata=self.metadata,
        )


def real_payloads(shared: Path) -> list[RealPayload]:
    """Every real payload that a source reads in its publisher's own shape."""
    data = shared / "data"
    return [*_token_prices(data / "token_prices"), *_gpu_rental(data / "gpu_rates"), *_power_prices(data / "power")]


def _token_prices(folder: Path) -> Iterator[RealPayload]:
    sources = {"litellm": "litellm_wheel", "models_dev": "models_dev", "genai_prices": "genai_prices_v2"}
    for source_id, start in sources.items():
        for path in sorted((folder / "payloads").glob(f"{start}_*.json.gz"), key=_day):
            yield RealPayload(source_id, path, _day(path))


def _gpu_rental(folder: Path) -> Iterator[RealPayload]:
    for path in sorted((folder / "gpurentalprices_daily_json").glob("*.json.gz")):
        yield RealPayload("gpurentalprices_live", path, path.name[:10])
    yield RealPayload("vast", folder / "vast_bundles_response_sample.json", "2026-07-18")
    yield RealPayload("runpod", folder / "runpod_gputypes_response_sample.json", "2026-07-18")


def _power_prices(folder: Path) -> Iterator[RealPayload]:
    for path in sorted(folder.glob("ember_wholesale_daily_*.csv.gz")):
        yield RealPayload("ember_daily", path, path.name[-17:-7], "text/csv")
    for path in sorted(folder.glob("smard_dayahead_*.csv.gz")):
        year = int(path.name[15:19])
        days = dt.date(year, 1, 1), dt.date(year, 12, 31)
        yield RealPayload("smard", path, "2026-11-20", "text/csv", history=days)
    for path in sorted((folder / "entsoe_samples").glob("*.xml")):
        yield RealPayload("entsoe", path, "2026-11-20", "application/xml")


def _day(path: Path) -> str:
    """The day a payload's name says it is of."""
    return path.name.rpartition("asof_")[2][:10]
