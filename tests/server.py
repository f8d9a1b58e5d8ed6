"""A publisher on this machine: a real HTTP server whose answers a test sets, good and bad ones.

Not here: any publisher's data (each test's own), what a client makes of an answer (sources/client.py).
"""

from __future__ import annotations

import gzip as gzip_codec
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

Place = tuple[str, tuple[tuple[str, str], ...]]
CHUNK = 4096
EVERYWHERE = "*"


class Asked(NamedTuple):
    """One request as it came; header names as the client wrote them, found in any case by `header`."""

    method: str
    path: str
    headers: dict[str, str]

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)


@dataclass
class Answer:
    """What is said once, or `times` times, or for ever (None)."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    last_modified: str | None = None
    gzip: bool = False
    chunked: bool = False
    silent_seconds: float = 0.0  # before the first byte
    drip_seconds: float = 0.0  # between one byte and the next
    cut_at: int | None = None  # the connection closes after so many bytes of the body
    times: int | None = None


class PublisherServer:
    """Answers by path. A path with its query goes before the path alone; the order of parameters does not matter.

    Answers with `times` are given in the order they were set, then the lasting one; what nobody set is a 404, or the
    answer set for the path "*".
    """

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        self.bodies: list[bytes] = []  # what was posted with each request, in the order of `requests`
        self._answers: dict[Place, list[Answer]] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def base(self) -> str:
        return f"http://{self.host}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def serve(
        self,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        status: int = 200,
        times: int | None = None,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        gzip: bool = False,
        chunked: bool = False,
    ) -> None:
        """Say this to a GET or a POST of `path`.

        `etag` and `last_modified` answer 304 to one who knows them already; `gzip` sends the body gzip-encoded;
        `chunked` sends it in parts without its length. `headers` win over those that come of themselves
        (Content-Length).
        """
        answer = Answer(status, body, headers or {}, etag, last_modified, gzip, chunked, times=times)
        self._set(path, answer)

    def slow(
        self, path: str, seconds: float, body: bytes = b"{}", *, drip: bool = False, times: int | None = None
    ) -> None:
        """Say nothing for `seconds`, then the body; with `drip`, a byte each `seconds`."""
        silent, dripping = (0.0, seconds) if drip else (seconds, 0.0)
        self._set(path, Answer(body=body, silent_seconds=silent, drip_seconds=dripping, times=times))

    def drop(self, path: str, body: bytes = b'{"half": "a body"}', *, times: int | None = None) -> None:
        """Promise the whole body, send half of it and close the connection."""
        self._set(path, Answer(body=body, cut_at=len(body) // 2, times=times))

    def redirect(self, path: str, to: str, status: int = 302, *, times: int | None = None) -> None:
        """Send the reader to another address, absolute or on this server."""
        self._set(path, Answer(status, headers={"Location": to}, times=times))

    def forget(self) -> None:
        """No answers and no requests, as at the start."""
        with self._lock:
            self._answers.clear()
            self.requests.clear()
            self.bodies.clear()

    def asked(self, path: str) -> list[Asked]:
        """The requests of a path, whatever their query."""
        return [request for request in self.requests if urlsplit(request.path).path == path]

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def wait(self, seconds: float) -> None:
        """Sleep, unless the server closes."""
        self._over.wait(seconds)

    def answer_to(self, asked: Asked, body: bytes) -> Answer:
        path, query = _place(asked.path)
        with self._lock:
            self.requests.append(asked)
            self.bodies.append(body)
            for place in ((path, query), (path, ()), (EVERYWHERE, ())):
                answers = self._answers.get(place)
                if not answers:
                    continue
                first = answers[0]
                if first.times is not None:
                    first.times -= 1
                    if first.times == 0:
                        answers.pop(0)
                return first
        return Answer(404, b"nothing is served here")

    def _set(self, path: str, answer: Answer) -> None:
        with self._lock:
            answers = self._answers.setdefault(_place(path), [])
            lasting = [given for given in answers if given.times is None]
            counted = [given for given in answers if given.times is not None]
            if answer.times is None:
                lasting = [answer]
            else:
                counted.append(answer)
            answers[:] = counted + lasting


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request, client_address) -> None:
        """A client that hangs up on a slow answer is what some tests are about: nothing to print."""


def _place(path: str) -> Place:
    parts = urlsplit(path)
    return unquote(parts.path) or "/", tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))


def _handler_of(owner: PublisherServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._say(b"")

        def do_POST(self) -> None:
            self._say(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def log_message(self, *args: object) -> None:
            pass

        def _say(self, posted: bytes) -> None:
            asked = Asked(self.command, self.path, dict(self.headers.items()))
            answer = owner.answer_to(asked, posted)
            if answer.silent_seconds:
                owner.wait(answer.silent_seconds)
            validators = [
                ("ETag", answer.etag, "If-None-Match"),
                ("Last-Modified", answer.last_modified, "If-Modified-Since"),
            ]
            stated = {name: value for name, value, _ in validators if value}
            is_known = any(value and self.headers.get(asks) == value for _, value, asks in validators)
            if is_known:
                self._head(304, stated)
                return
            body = gzip_codec.compress(answer.body, mtime=0) if answer.gzip else answer.body
            length = {"Transfer-Encoding": "chunked"} if answer.chunked else {"Content-Length": str(len(body))}
            encoding = {"Content-Encoding": "gzip"} if answer.gzip else {}
            self._head(answer.status, {**length, **encoding, **stated, **answer.headers})
            self._send(answer, body)

        def _head(self, status: int, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def _send(self, answer: Answer, body: bytes) -> None:
            if answer.cut_at is not None:
                body = body[: answer.cut_at]
            step = 1 if answer.drip_seconds else CHUNK if answer.chunked else len(body) or 1
            for start in range(0, len(body), step):
                part = body[start : start + step]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part) if answer.chunked else part)
                self.wfile.flush()
                if answer.drip_seconds:
                    owner.wait(answer.drip_seconds)
            promised = answer.headers.get("Content-Length")
            if answer.cut_at is not None or (promised and int(promised) != len(body)):
                self.close_connection = True
            elif answer.chunked:
                self.wfile.write(b"0\r\n\r\n")

    return Handler
