"""The one way to the network: time-outs, bounded retries, limits, and answers that only look like data refused.

Not here: what is fetched or what it means (each publisher's module), remembered answers (sources/remembered.py).
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, quote_plus, urljoin, urlsplit

import httpx
import stamina
import stamina.instrumentation

from sources import clock, refusals
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import SourceSpec
from sources.remembered import Remembered

TRANSIENT = {408, 425, 429, 500, 502, 503, 504}
REDIRECTS = {301, 302, 303, 307, 308}
MOST_REDIRECTS = 5
LONGEST_WAIT_SECONDS = 30.0  # a publisher that asks for more patience than this is asked again on the next night
ATTEMPTS = 4
RETRY_SECONDS = 60.0
GIVE_UP_AFTER = 2  # a publisher of twenty files that is down must not cost twenty times the patience
TIMEOUT_SECONDS = 30.0  # without a byte; the whole answer may take ten times as long
KEPT_HEADERS = ("content-type", "etag", "last-modified", "date", "content-length")
Kind = Literal["json", "csv", "zip", "xml", "any"]

# What the first bytes of an answer of a kind must be; a page of a web site is none of them.
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {"json": (b"{", b"["), "zip": (b"PK",), "xml": (b"<",)}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SECRET_HEADER = re.compile("authorization|key|token|cookie", re.IGNORECASE)

# Retries are told by the step that waits for them (pipelines/defs), not printed raw on a terminal.
stamina.instrumentation.set_on_retry_hooks([])
# httpx tells every address whole, its keys included, to whoever listens to the logs.
for _talker in ("httpx", "httpcore"):
    logging.getLogger(_talker).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Response:
    """A whole answer: its address without secrets, its headers without any that carry secrets, its decoded body.

    `fetched_on` is the day it was asked for (ISO, UTC); `is_remembered` says that the publisher stated it had not
    changed since the last answer, whose body this is.
    """

    address: str
    headers: dict[str, str]
    content: bytes
    fetched_on: str
    is_remembered: bool = False

    def payload(self, source_id: str, media_type: str = "application/json") -> Payload:
        """The answer as a payload of the day it was asked for."""
        return Payload(source_id, self.address, self.content, media_type, self.fetched_on, self.headers)


class Transient(Exception):
    """Worth another try: a broken connection, a busy server. `wait`: seconds, where the server names them."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        self.wait = wait
        super().__init__(reason)


class Client:
    """Asks a source's addresses below its base address.

    The base address is `live` of source.yml, or `RACKHOUR_BASE_<SOURCE_ID>` where set (mirrors, tests).
    """

    def __init__(self, spec: SourceSpec, http: httpx.Client, memory: Remembered | None = None) -> None:
        self.spec = spec
        self.base = os.environ.get(f"RACKHOUR_BASE_{spec.source_id.upper()}") or spec.live or ""
        self._http = http
        self._memory = memory
        self._secrets: set[str] = set()
        self._last_request = float("-inf")
        self._given_up = 0  # requests in a row that failed after all their tries

    @property
    def today(self) -> dt.date:
        """The day an answer counts as given."""
        return clock.today()

    def secret(self, name: str) -> str:
        """A key from the environment. Raises SourceError naming the variable where it is not set."""
        value = os.environ.get(name, "").strip()
        if not value:
            raise SourceError(self.spec.source_id, f"needs a key in {name}.", f"Set {name}, or leave this source out.")
        self._secrets.add(value)
        return value

    def get(
        self,
        path: str = "",
        params: Mapping[str, str] | None = None,
        secret_params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        kind: Kind = "any",
    ) -> Response:
        """The answer to a GET of `path` below the base address, or of an absolute address on an allowed host.

        Values of `secret_params`, and of headers that carry a key or a token, never reach a log, an error or a
        payload. Raises SourceError after bounded retries, on a refusal, a redirect to another host, an answer too
        large, empty, cut, or not of `kind`.
        """
        query = {**(params or {})}
        self._secrets.update(secret_params.values() if secret_params else ())
        self._note_secrets(headers)
        request = self._http.build_request(
            "GET",
            self._address(path),
            params={**dict(httpx.QueryParams(urlsplit(self._address(path)).query)), **query, **(secret_params or {})}
            or None,
            headers=dict(headers or {}),
        )
        shown = self._shown(path, query)
        return self._judged(self._retried(request, shown, remember=True), shown, kind)

    def post(
        self, path: str = "", *, json: Any, headers: Mapping[str, str] | None = None, kind: Kind = "json"
    ) -> Response:
        """The answer to a POST of a JSON body (GraphQL). Raises as `get` does."""
        self._note_secrets(headers)
        request = self._http.build_request("POST", self._address(path), json=json, headers=dict(headers or {}))
        shown = self._shown(path, {})
        return self._judged(self._retried(request, shown, remember=False), shown, kind)

    def stream_lines(self, path: str = "") -> Iterator[bytes]:
        """The lines of a file too large to hold, without their ends. Raises SourceError as `get` does, and where the
        stream breaks: what came before is then no whole file, and a caller must not keep it.
        """
        shown = self._shown(path, {})
        request = self._http.build_request("GET", self._address(path))
        rest = b""
        try:
            with self._sent(request, shown) as response:
                for chunk in self._chunks(response, shown):
                    *lines, rest = (rest + chunk).split(b"\n")
                    yield from (line.removesuffix(b"\r") for line in lines)
        except (httpx.HTTPError, Transient) as error:
            raise self._failed(shown, self.hidden(str(error) or type(error).__name__)) from error
        if rest:
            yield rest.removesuffix(b"\r")

    def leaks(self, text: str) -> bool:
        """Whether a text holds a secret this client was given."""
        return any(secret in text for secret in self._secrets)

    def _retried(self, request: httpx.Request, shown: str, remember: bool) -> Response:
        if self._given_up >= GIVE_UP_AFTER:
            raise self._failed(shown, f"was not asked: the last {GIVE_UP_AFTER} requests to its publisher failed")

        def worth_it(error: Exception) -> bool | float:
            if not isinstance(error, Transient):
                return False
            return True if error.wait is None else error.wait

        try:
            retries = stamina.retry_context(
                on=worth_it, attempts=ATTEMPTS, timeout=RETRY_SECONDS, wait_initial=0.5, wait_max=8
            )
            for attempt in retries:
                with attempt:
                    response = self._once(request, shown, remember)
                    self._given_up = 0
                    return response
        except Transient as error:
            self._given_up += 1
            raise self._failed(shown, str(error)) from error
        raise AssertionError("retry_context either returns or raises")

    def _once(self, request: httpx.Request, shown: str, remember: bool) -> Response:
        known = self._memory.known(shown) if self._memory and remember else None
        for name, value in (known.validators if known else {}).items():
            request.headers[name] = value
        try:
            with self._sent(request, shown) as response:
                day = self.today.isoformat()
                if response.status_code == 304 and known:
                    return Response(shown, known.headers, known.body(), day, is_remembered=True)
                body = b"".join(self._chunks(response, shown))
                kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        except httpx.HTTPError as error:
            raise Transient(self.hidden(f"{type(error).__name__}: {error}")) from error
        if self._memory and remember:
            self._memory.keep(shown, kept, body)
        return Response(shown, kept, body, day)

    @contextmanager
    def _sent(self, request: httpx.Request, shown: str) -> Iterator[httpx.Response]:
        """The response to a request, redirects followed on allowed hosts, refusals raised."""
        for _ in range(MOST_REDIRECTS + 1):
            self._wait_my_turn()
            response = self._http.send(request, stream=True)
            try:
                if response.status_code in REDIRECTS:
                    request = self._redirected(request, response, shown)
                    continue
                if response.status_code in TRANSIENT:
                    raise Transient(f"answered {response.status_code}", _asked_wait(response))
                if response.status_code not in (200, 304):
                    raise self._failed(shown, f"answered {response.status_code}{self._said(response)}")
                yield response
                return
            finally:
                response.close()
        raise self._failed(shown, f"redirects more than {MOST_REDIRECTS} times")

    def _said(self, response: httpx.Response) -> str:
        """What a refusal says, for its error; nothing where its body breaks off or is a page for people."""
        try:
            said = self.hidden(refusals.reason(response.iter_bytes()))[: refusals.LONGEST_REASON]
        except httpx.HTTPError:
            return ""
        return f" and says: {said}" if said else ""

    def _redirected(self, request: httpx.Request, response: httpx.Response, shown: str) -> httpx.Request:
        target = urljoin(str(request.url), response.headers.get("location", ""))
        here, there = urlsplit(str(request.url)), urlsplit(target)
        if there.netloc not in {here.netloc, *self.spec.redirect_hosts} or there.scheme not in ("https", here.scheme):
            raise self._failed(shown, f"redirects to another host ({self.hidden(there.netloc or target)})")
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in ("host", "content-length")
            and (there.netloc == here.netloc or not _SECRET_HEADER.search(name))
        }
        return self._http.build_request(request.method, target, headers=headers, content=request.content or None)

    def _chunks(self, response: httpx.Response, shown: str) -> Iterator[bytes]:
        """The decoded body in parts, within its size and time."""
        limit = self.spec.max_mb * 1024**2
        received = 0
        deadline = time.monotonic() + 10 * _timeout()
        for chunk in response.iter_bytes():
            received += len(chunk)
            if received > limit:
                raise self._failed(shown, f"sent more than {self.spec.max_mb} MB")
            if time.monotonic() > deadline:
                raise self._failed(shown, f"took longer than {10 * _timeout():.0f} s")
            yield chunk

    def _judged(self, response: Response, shown: str, kind: Kind) -> Response:
        """A 200 that holds no data is a failure: an empty body, or a page for people in place of a file."""
        start = response.content.removeprefix(_BYTE_ORDER_MARK).lstrip(b" \t\r\n")
        if not start:
            raise self._failed(shown, "answered 200 with an empty body")
        if refusals.is_web_page(start):
            raise self._failed(shown, "answered 200 with a web page in place of data")
        wanted = _BEGINNINGS.get(kind)
        if wanted and not start.startswith(wanted):
            raise self._failed(shown, f"answered 200 with something else than {kind} ({start[:40]!r})")
        return response

    def _wait_my_turn(self) -> None:
        pause = self._last_request + 1 / self.spec.requests_per_second - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        self._last_request = time.monotonic()

    def _address(self, path: str) -> str:
        if not path.startswith(("http://", "https://")):
            return self.base + path
        base, there = urlsplit(self.base), urlsplit(path)
        if there.netloc not in {base.netloc, *self.spec.redirect_hosts} or there.scheme not in ("https", base.scheme):
            raise self._failed(self.base, f"points to another host ({there.netloc})")
        return path

    def _shown(self, path: str, query: Mapping[str, str]) -> str:
        """The address a person may see: every parameter but the secret ones."""
        address = httpx.URL(self._address(path))
        return self.hidden(str(address.copy_merge_params(query) if query else address))

    def _note_secrets(self, headers: Mapping[str, str] | None) -> None:
        for name, value in (headers or {}).items():
            if _SECRET_HEADER.search(name):
                self._secrets.update((value, value.removeprefix("Bearer ")))

    def hidden(self, text: str) -> str:
        """A text with every secret this client was given blotted out, as it is or as an address spells it."""
        for secret in self._secrets:
            for spelt in (secret, quote(secret, safe=""), quote_plus(secret)):
                text = text.replace(spelt, "***")
        return text

    def _failed(self, address: str, reason: str) -> SourceError:
        return SourceError(
            self.spec.source_id,
            f"{address} {reason}.",
            "Try again later, run offline, or set another base address in "
            f"RACKHOUR_BASE_{self.spec.source_id.upper()}.",
        )


@contextmanager
def open_client(spec: SourceSpec, memory: Path | None = None) -> Iterator[Client]:
    """A client for one source; connections close when the block ends.

    `memory`: a folder for answers that can be asked for again with "only if changed"; none means nothing is remembered.
    """
    seconds = _timeout()
    headers = {"User-Agent": f"rackhour/{version('rackhour')}", "Accept-Encoding": "gzip"}
    with httpx.Client(timeout=httpx.Timeout(seconds, connect=min(10.0, seconds)), headers=headers) as http:
        yield Client(spec, http, Remembered(memory) if memory else None)


def _timeout() -> float:
    return float(os.environ.get("RACKHOUR_HTTP_TIMEOUT_SECONDS") or TIMEOUT_SECONDS)


def _asked_wait(response: httpx.Response) -> float | None:
    """Seconds a server asks to wait, at most LONGEST_WAIT_SECONDS; none where it names none in seconds."""
    stated = response.headers.get("retry-after", "")
    return min(float(stated), LONGEST_WAIT_SECONDS) if stated.isdigit() else None
