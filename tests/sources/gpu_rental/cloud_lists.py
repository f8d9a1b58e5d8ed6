"""How a connector is run here: its fetch against the publisher's stand-in, its rows through the contract."""

from __future__ import annotations

import polars as pl

from sources.client import open_client
from sources.contract import Validation
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec, all_sources


def spec(source_id: str) -> SourceSpec:
    return all_sources()[source_id]


def fetched(source_id: str) -> tuple[list[Payload], list[SourceError]]:
    """What a live fetch yields: payloads and the errors of groups that failed."""
    given = spec(source_id)
    with open_client(given) as client:
        found = list(given.load_connector().fetch_live(given, client))
    payloads = [item for item in found if isinstance(item, Payload)]
    return payloads, [item for item in found if isinstance(item, SourceError)]


def validated(payload: Payload) -> Validation:
    given = spec(payload.source_id)
    outcome = given.load_contract().validate(given.load_connector().parse(payload), payload.source_id)
    assert outcome.received == outcome.accepted.height + outcome.rejected.height
    return outcome


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple]:
    return sorted(frame.select(columns).rows(), key=str)
