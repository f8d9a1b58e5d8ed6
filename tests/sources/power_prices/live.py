"""A source asked over the local server, and its rows checked by its contract. Not here: tests."""

from __future__ import annotations

import datetime as dt

from sources.client import open_client
from sources.contract import Validation
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import all_sources


def ask(source_id: str, monkeypatch, base: str, first: dt.date | None = None, last: dt.date | None = None):
    """What a look yields, payloads and errors; with `first` and `last`, what asking for those days yields."""
    spec = all_sources()[source_id]
    monkeypatch.setenv(f"RACKHOUR_BASE_{source_id.upper()}", base)
    connector = spec.load_connector()
    with open_client(spec) as client:
        if first and last:
            return list(connector.fetch_range(spec, client, first, last))
        return list(connector.fetch_live(spec, client))


def payloads(answers: list[Payload | SourceError]) -> list[Payload]:
    return [answer for answer in answers if isinstance(answer, Payload)]


def errors(answers: list[Payload | SourceError]) -> list[str]:
    return [str(answer) for answer in answers if isinstance(answer, SourceError)]


def checked(payload: Payload) -> Validation:
    spec = all_sources()[payload.source_id]
    outcome = spec.load_contract().validate(spec.load_connector().parse(payload), spec.source_id)
    assert outcome.received == outcome.accepted.height + outcome.rejected.height
    return outcome


def made(source_id: str, content: bytes, media_type: str, observed_on: str = "2026-11-20") -> Payload:
    """A payload of this test's own."""
    return Payload(source_id, "synthetic", content, media_type, observed_on)
