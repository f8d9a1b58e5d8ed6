"""The one way to the network: time-outs, bounded retries, limits. Not here: what is fetched or what it means."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version

import httpx
import stamina
import stamina.instrumentation

from sources.errors import SourceError
from sources.registry import SourceSpec

MAX_BYTES = 64 * 1024 * 1024  # the largest price list of a connector here is 2 MB; beyond this something is wrong
TRANSIENT = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Response:
    """A whole answer: the final address, its headers without any that carry secrets, its decoded body."""

    address: str
    headers: dict[str, str]
    content: bytes


KEPT_HEADERS = ("content-type", "etag", "last-modified", "date", "content-length")


# Retries are told by the step that waits for them (pipelines/defs), not printed raw on a terminal.
stamina.instrumentation.set_on_retry_hooks([])


class Transient(Exception):
    """Worth another try: a connection that broke, a server that is busy."""


class Client:
    """Gets a source's addresses below its base address.

    The base address is `live` of source.yml, or `RACKHOUR_BASE_<SOURCE_ID>` where set (mirrors, tests).
    """

    def __init__(self, spec: SourceSpec, http: httpx.Client) -> None:
        self.spec = spec
        self.base = os.environ.get(f"RACKHOUR_BASE_{spec.source_id.upper()}") or spec.live or ""
        self._http = http

    def get(self, path: str = "") -> Response:
        """The response to a GET. Raises SourceError after bounded retries, on a refusal, or on an oversized body."""
        address = self.base + path
        try:
            for attempt in stamina.retry_context(on=Transient, attempts=4, timeout=60, wait_initial=0.5, wait_max=8):
                with attempt:
                    return self._once(address)
        except Transient as error:
            raise self._failed(address, str(error)) from error
        raise AssertionError("retry_context either returns or raises")

    def _once(self, address: str) -> Response:
        try:
            with self._http.stream("GET", address) as response:
                if response.status_code in TRANSIENT:
                    raise Transient(f"answered {response.status_code}")
                if response.status_code != 200:
                    raise self._failed(address, f"answered {response.status_code}")
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > MAX_BYTES:
                        raise self._failed(address, f"sent more than {MAX_BYTES // 1024**2} MB")
                kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
                return Response(str(response.url), kept, bytes(body))
        except httpx.HTTPError as error:
            raise Transient(f"{type(error).__name__}: {error}") from error

    def _failed(self, address: str, reason: str) -> SourceError:
        return SourceError(
            self.spec.source_id,
            f"{address} {reason}.",
            "Try again later, run offline, or set another base address in "
            f"RACKHOUR_BASE_{self.spec.source_id.upper()}.",
        )


@contextmanager
def open_client(spec: SourceSpec) -> Iterator[Client]:
    """A client for one source; connections close when the block ends."""
    timeout = httpx.Timeout(30, connect=10)
    headers = {"User-Agent": f"rackhour/{version('rackhour')}"}
    with httpx.Client(timeout=timeout, headers=headers, follow_redirects=False) as http:
        yield Client(spec, http)
