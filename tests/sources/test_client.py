"""The client against a real server: what it asks, how long it tries, and what it does not take for data."""

from __future__ import annotations

import gzip
import json
import re
import time
import zlib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import stamina

from sources.client import Client, open_client
from sources.errors import SourceError
from sources.registry import SourceSpec

ROWS = b'{"rows": [1, 2, 3]}'
SECRET = "s3cret-key-of-nobody"
SYNTHETIC = {
    "source_id": "synthetic_prices",
    "family": "token_prices",
    "title": "Synthetic",
    "publisher": "tests",
    "licence": "none",
    "cadence_days": 1,
    "grade": "C",
    "unit": "USD",
    "known_basis": "first_seen",
    "payloads": "append",
    "shape": "snapshots",
}


@pytest.fixture(autouse=True)
def _no_waits() -> Iterator[None]:
    """As many attempts as in a real run, without the waits between them; a test of the waits turns this off."""
    stamina.set_testing(True, attempts=4)
    yield
    stamina.set_testing(False)


@pytest.fixture
def client_with(publisher_server, monkeypatch):
    """Opens clients of a synthetic source whose base is the server on this machine."""
    opened = []

    def make(memory: Path | None = None, **spec) -> Client:
        entry = {"live": publisher_server.base + "/list", "requests_per_second": 1000, **spec}
        context = open_client(SourceSpec(**{**SYNTHETIC, **entry}), memory)
        opened.append(context)
        return context.__enter__()

    yield make
    for context in opened:
        context.__exit__(None, None, None)


@pytest.fixture
def client(client_with) -> Client:
    return client_with()


def refused(client: Client, *arguments, **kwargs) -> str:
    with pytest.raises(SourceError) as caught:
        client.get(*arguments, **kwargs)
    assert caught.value.source_id == "synthetic_prices"
    assert "RACKHOUR_BASE_SYNTHETIC_PRICES" in caught.value.remedy
    return str(caught.value)


def test_an_answer_comes_whole_with_its_address_and_day(client, publisher_server, monkeypatch):
    monkeypatch.setenv("RACKHOUR_TODAY", "2026-03-04")
    publisher_server.serve("/list/prices?zone=DE-LU", ROWS, {"Content-Type": "application/json", "Set-Cookie": "a=b"})
    response = client.get("/prices", {"zone": "DE-LU"}, kind="json")
    assert response.content == ROWS
    assert response.address == publisher_server.base + "/list/prices?zone=DE-LU"
    assert response.fetched_on == "2026-03-04"
    assert response.headers["content-type"] == "application/json"
    assert "set-cookie" not in response.headers
    assert not response.is_remembered


def test_it_says_who_it_is(client, publisher_server):
    publisher_server.serve("/list", ROWS)
    client.get()
    assert publisher_server.requests[0].header("User-Agent") == f"rackhour/{version('rackhour')}"


def test_the_environment_sets_another_base(client_with, publisher_server, monkeypatch):
    monkeypatch.setenv("RACKHOUR_BASE_SYNTHETIC_PRICES", publisher_server.base + "/mirror")
    publisher_server.serve("/mirror/a", ROWS)
    assert client_with(live="http://nowhere.invalid").get("/a").content == ROWS


def test_parameters_of_the_path_and_of_the_call_are_both_sent(client, publisher_server):
    publisher_server.serve("/list/a?data[]=price&start=2026-01&length=5000", ROWS)
    assert client.get("/a?data[]=price", {"start": "2026-01", "length": "5000"}).content == ROWS


def test_a_posted_query_arrives_and_is_answered(client, publisher_server):
    publisher_server.serve("/list/graphql", ROWS)
    assert client.post("/graphql", json={"query": "{ gpuTypes { id } }"}).content == ROWS
    assert json.loads(publisher_server.bodies[0]) == {"query": "{ gpuTypes { id } }"}
    assert publisher_server.requests[0].method == "POST"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(client, publisher_server, status):
    publisher_server.serve("/list", b"busy", status=status, times=3)
    publisher_server.serve("/list", ROWS)
    assert client.get().content == ROWS
    assert len(publisher_server.requests) == 4


def test_the_tries_are_bounded(client, publisher_server):
    publisher_server.serve("/list", b"busy", status=503)
    assert "answered 503" in refused(client)
    assert len(publisher_server.requests) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 204])
def test_a_refusal_is_final(client, publisher_server, status):
    publisher_server.serve("/list", b"", status=status)
    assert f"answered {status}" in refused(client)
    assert len(publisher_server.requests) == 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<Reason><code>999</code><text>At most 100 days</text></Reason>", "999 At most 100 days"),
        (b'{"error": "no such zone"}', '{"error": "no such zone"}'),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", None),
        (b"   ", None),
        (b"word " * 5_000, "word word"),
    ],
    ids=["xml", "json", "page", "blank", "long"],
)
def test_a_refusal_says_why_where_its_publisher_does(client, publisher_server, body, said):
    publisher_server.serve("/list", body, status=400)
    text = refused(client)
    assert (f"answered 400 and says: {said}" in text) if said else ("answered 400." in text)
    assert len(text) < 800


def test_a_refusal_whose_reason_breaks_off_is_a_refusal_all_the_same(client, publisher_server):
    publisher_server.serve("/list", b"half a rea", status=400, headers={"Content-Length": "100"})
    assert "answered 400" in refused(client)
    assert len(publisher_server.requests) == 1


def test_the_waits_between_tries_grow_and_are_not_the_same_twice(client, publisher_server, monkeypatch):
    stamina.set_testing(False)
    monkeypatch.setattr("sources.client.ATTEMPTS", 3)
    waits = []
    for path in ("/list/a", "/list/b"):
        publisher_server.serve(path, b"busy", status=500)
        started = time.monotonic()
        refused(client, path.removeprefix("/list"))
        waits.append(time.monotonic() - started)
        assert 0.5 + 1.0 - 0.01 <= waits[-1] <= 0.5 + 1.0 + 2 * 1.0 + 1.0  # two waits, a jitter of up to 1 s in each
    assert abs(waits[0] - waits[1]) > 0.001


def test_a_wait_the_server_asks_for_is_kept(client, publisher_server):
    stamina.set_testing(False)
    publisher_server.serve("/list", b"", {"Retry-After": "2"}, status=429, times=1)
    publisher_server.serve("/list", ROWS)
    started = time.monotonic()
    assert client.get().content == ROWS
    assert 2.0 <= time.monotonic() - started < 4.0


def test_a_wait_of_an_hour_is_cut_and_does_not_hold_the_run(client, publisher_server, monkeypatch):
    stamina.set_testing(False)
    monkeypatch.setattr("sources.client.LONGEST_WAIT_SECONDS", 0.2)
    publisher_server.serve("/list", b"", {"Retry-After": "3600"}, status=503)
    started = time.monotonic()
    assert "answered 503" in refused(client)
    assert time.monotonic() - started < 3.0
    assert len(publisher_server.requests) == 4


def test_a_server_that_says_nothing_is_given_up(client_with, publisher_server, monkeypatch):
    monkeypatch.setenv("RACKHOUR_HTTP_TIMEOUT_SECONDS", "0.2")
    publisher_server.slow("/list", 30)
    started = time.monotonic()
    assert "ReadTimeout" in refused(client_with())
    assert time.monotonic() - started < 5
    assert len(publisher_server.requests) == 4


def test_a_server_that_drips_is_given_up_though_it_never_falls_silent(client_with, publisher_server, monkeypatch):
    monkeypatch.setenv("RACKHOUR_HTTP_TIMEOUT_SECONDS", "0.1")
    publisher_server.slow("/list", 0.05, b" " * 1000, drip=True)
    started = time.monotonic()
    assert "took longer than 1 s" in refused(client_with())
    assert time.monotonic() - started < 3


def test_a_port_where_nobody_listens_is_told(client_with, publisher_server):
    client = client_with()
    publisher_server.close()
    assert "ConnectError" in refused(client)


@pytest.mark.parametrize("cut", ["the connection closes", "the length is longer"])
def test_a_cut_body_is_never_taken(client, publisher_server, cut):
    if cut == "the connection closes":
        publisher_server.drop("/list", ROWS)
    else:
        publisher_server.serve("/list", ROWS, {"Content-Length": str(len(ROWS) + 1)})
    assert "RemoteProtocolError" in refused(client)
    assert len(publisher_server.requests) == 4


def test_a_body_cut_once_is_asked_for_again(client, publisher_server):
    publisher_server.drop("/list", ROWS, times=1)
    publisher_server.serve("/list", ROWS)
    assert client.get(kind="json").content == ROWS


def test_a_body_in_chunks_or_packed_is_the_same_body(client, publisher_server):
    body = json.dumps(list(range(5000))).encode()
    publisher_server.serve("/list/chunks", body, chunked=True)
    publisher_server.serve("/list/gzip", body, gzip=True)
    publisher_server.serve("/list/both", body, gzip=True, chunked=True)
    assert {client.get(path, kind="json").content for path in ("/chunks", "/gzip", "/both")} == {body}


def test_a_body_that_says_it_is_packed_and_is_not_is_refused(client, publisher_server):
    publisher_server.serve("/list", ROWS, {"Content-Encoding": "gzip"})
    assert "DecodingError" in refused(client)


def test_a_body_above_its_limit_is_refused_while_it_comes(client_with, publisher_server):
    publisher_server.serve("/list", b"[" + b"1," * 2**20, chunked=True)
    assert "sent more than 1 MB" in refused(client_with(max_mb=1))


def test_a_bomb_is_refused_before_it_is_unpacked(client_with, publisher_server):
    """A gibibyte of zeros in a megabyte: what is held at once stays near the limit, not near the gibibyte."""
    import tracemalloc

    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(2**24)) for _ in range(64)) + packer.flush()
    assert len(bomb) < 2**20 + 2**16
    publisher_server.serve("/list", bomb, {"Content-Encoding": "gzip"}, chunked=True)
    client = client_with(max_mb=4)
    tracemalloc.start()
    try:
        assert "sent more than 4 MB" in refused(client)
        assert tracemalloc.get_traced_memory()[1] < 64 * 2**20
    finally:
        tracemalloc.stop()


def test_a_redirect_on_the_same_host_is_followed(client, publisher_server):
    publisher_server.redirect("/list", "/moved?page=1")
    publisher_server.serve("/moved?page=1", ROWS)
    assert client.get().content == ROWS
    assert [request.path for request in publisher_server.requests] == ["/list", "/moved?page=1"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_refused_and_the_host_never_asked(client, publisher_server, status):
    other = publisher_server.base.replace("127.0.0.1", "localhost")
    publisher_server.redirect("/list", other + "/prices", status)
    publisher_server.serve("/prices", ROWS)
    assert "redirects to another host (localhost:" in refused(client)
    assert [request.path for request in publisher_server.requests] == ["/list"]


def test_a_redirect_to_a_host_that_the_source_names_is_followed(client_with, publisher_server):
    other = publisher_server.host.replace("127.0.0.1", "localhost")
    publisher_server.redirect("/list", f"http://{other}/prices")
    publisher_server.serve("/prices", ROWS)
    assert client_with(redirect_hosts=(other,)).get().content == ROWS


@pytest.mark.parametrize("target", ["file:///etc/hostname", "ftp://127.0.0.1/x", "//elsewhere.invalid/x"])
def test_a_redirect_out_of_the_web_or_the_host_is_refused(client, publisher_server, target):
    publisher_server.redirect("/list", target)
    assert "redirects to another host" in refused(client)


def test_a_redirect_in_a_circle_ends(client, publisher_server):
    publisher_server.redirect("/list", "/other")
    publisher_server.redirect("/other", "/list")
    assert "redirects more than 5 times" in refused(client)
    assert len(publisher_server.requests) == 6


def test_an_absolute_address_on_another_host_is_not_asked(client):
    assert "points to another host (elsewhere.invalid)" in refused(client, "http://elsewhere.invalid/next")


def test_the_next_page_of_the_same_host_is_asked(client, publisher_server):
    publisher_server.serve("/next?skip=100", ROWS)
    assert client.get(publisher_server.base + "/next?skip=100").content == ROWS


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"<!DOCTYPE html><title>busy</title>", "any", "a web page"),
        (b"\xef\xbb\xbf\n <HTML><body>", "csv", "a web page"),
        (b"", "any", "an empty body"),
        (b" \r\n\t", "csv", "an empty body"),
        (b"\xef\xbb\xbf", "json", "an empty body"),
        (b"Too many requests", "json", "something else than json"),
        (b"error: none", "zip", "something else than zip"),
        (b"a,b\n1,2\n", "xml", "something else than xml"),
    ],
    ids=str,
)
def test_a_200_that_holds_no_data_is_refused(client, publisher_server, body, kind, said):
    publisher_server.serve("/list", body)
    assert f"answered 200 with {said}" in refused(client, kind=kind)


@pytest.mark.parametrize(
    ("sent", "asked_with"),
    [
        ({"etag": '"v1"'}, {"If-None-Match": '"v1"'}),
        ({"last_modified": "Sat, 21 Nov 2026 00:00:00 GMT"}, {"If-Modified-Since": "Sat, 21 Nov 2026 00:00:00 GMT"}),
    ],
    ids=["ETag", "Last-Modified"],
)
def test_an_unchanged_answer_is_not_sent_again(client_with, publisher_server, tmp_path, sent, asked_with):
    publisher_server.serve("/list", ROWS, **sent)
    first = client_with(tmp_path).get(kind="json")
    again = client_with(tmp_path).get(kind="json")
    assert (first.content, first.is_remembered) == (ROWS, False)
    assert (again.content, again.is_remembered) == (ROWS, True)
    for name, value in asked_with.items():
        assert publisher_server.requests[0].header(name) is None
        assert publisher_server.requests[1].header(name) == value


def test_a_changed_answer_replaces_the_remembered_one(client_with, publisher_server, tmp_path):
    for etag, body in (('"v1"', b"[1]"), ('"v2"', b"[2]"), ('"v2"', b"[2]")):
        publisher_server.serve("/list", body, etag=etag)
        assert client_with(tmp_path).get().content == body
    assert client_with(tmp_path).get().is_remembered


def test_a_damaged_memory_is_not_believed(client_with, publisher_server, tmp_path):
    publisher_server.serve("/list", ROWS, etag='"v1"')
    client_with(tmp_path).get()
    [body] = tmp_path.glob("*.gz")
    body.write_bytes(gzip.compress(b"[999]"))
    again = client_with(tmp_path).get()
    assert (again.content, again.is_remembered) == (ROWS, False)


def test_a_304_that_nobody_asked_for_is_no_answer(client, publisher_server):
    publisher_server.serve("/list", b"", status=304)
    assert "304" in refused(client) or "empty" in refused(client)


def test_a_page_for_people_is_not_remembered_as_data(client_with, publisher_server, tmp_path):
    """A portal that answers with its own page and an ETag must not come back as a list on the next day."""
    publisher_server.serve("/list", b"<html>log in</html>", etag='"portal"')
    refused(client_with(tmp_path))
    assert "web page" in refused(client_with(tmp_path))


def test_requests_keep_their_distance(client_with, publisher_server):
    publisher_server.serve("/list", ROWS)
    client = client_with(requests_per_second=10)
    started = time.monotonic()
    for _ in range(4):
        client.get()
    assert time.monotonic() - started >= 0.295


def test_redirects_and_tries_keep_their_distance_too(client_with, publisher_server):
    publisher_server.serve("/list", b"", status=503, times=2)
    publisher_server.redirect("/list", "/moved")
    publisher_server.serve("/moved", ROWS)
    started = time.monotonic()
    client_with(requests_per_second=10).get()
    assert len(publisher_server.requests) == 4
    assert time.monotonic() - started >= 0.295


def test_a_missing_key_is_named(client, monkeypatch):
    monkeypatch.delenv("SYNTHETIC_KEY", raising=False)
    with pytest.raises(SourceError, match="SYNTHETIC_KEY"):
        client.secret("SYNTHETIC_KEY")
    monkeypatch.setenv("SYNTHETIC_KEY", "  ")
    with pytest.raises(SourceError, match="SYNTHETIC_KEY"):
        client.secret("SYNTHETIC_KEY")


def ask_with(client: Client, way: str):
    key = client.secret("SYNTHETIC_KEY")
    if way == "parameter":
        return client.get("/a", {"zone": "TX"}, secret_params={"api_key": key})
    if way == "header":
        return client.get("/a", {"zone": "TX"}, headers={"Authorization": f"Bearer {key}"})
    return client.get(f"/a?zone=TX&api_key={key}")


WAYS = ["parameter", "header", "path"]


@pytest.mark.parametrize("way", WAYS)
def test_a_key_arrives_and_is_told_to_nobody_else(client_with, publisher_server, monkeypatch, tmp_path, caplog, way):
    caplog.set_level("DEBUG")
    monkeypatch.setenv("SYNTHETIC_KEY", SECRET)
    publisher_server.serve("/list/a", ROWS, {"Date": "Sat, 21 Nov 2026 00:00:00 GMT"}, etag='"v1"')
    client = client_with(tmp_path)
    response = ask_with(client, way)
    asked = publisher_server.requests[0]
    assert SECRET in asked.path + str(asked.headers)
    assert "zone=TX" in response.address
    assert SECRET not in repr(response)
    kept = b"".join(
        gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in tmp_path.iterdir()
    )
    assert kept
    assert SECRET.encode() not in kept
    assert SECRET not in caplog.text
    assert client.leaks(f"... {SECRET} ...")
    assert not client.leaks(response.address)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", ["403", "503", "html", "redirect", "loop", "cut", "silent"])
def test_no_error_tells_a_key(client_with, publisher_server, monkeypatch, capfd, caplog, fault, way):
    caplog.set_level("DEBUG")
    monkeypatch.setenv("SYNTHETIC_KEY", SECRET)
    monkeypatch.setenv("RACKHOUR_HTTP_TIMEOUT_SECONDS", "0.1")
    match fault:
        case "403" | "503":
            publisher_server.serve("/list/a", SECRET.encode(), status=int(fault))
        case "html":
            publisher_server.serve("/list/a", b"<html>" + SECRET.encode())
        case "redirect":
            publisher_server.redirect("/list/a", f"http://elsewhere.invalid/{SECRET}?api_key={SECRET}")
        case "loop":
            publisher_server.redirect("/list/a", f"/list/a?api_key={SECRET}")
        case "cut":
            publisher_server.drop("/list/a")
        case "silent":
            publisher_server.slow("/list/a", 30)
    with pytest.raises(SourceError) as caught:
        ask_with(client_with(), way)
    chain: BaseException | None = caught.value
    while chain:
        assert SECRET not in f"{chain} {chain!r}"
        chain = chain.__cause__
    out, err = capfd.readouterr()
    assert SECRET not in out + err + caplog.text


def test_a_key_of_odd_characters_is_hidden_in_its_encoded_form_too(client, publisher_server, monkeypatch):
    odd = "pa ss/w+rd=&%"
    monkeypatch.setenv("SYNTHETIC_KEY", odd)
    echo = f"no such key: {odd} {quote(odd, safe='')} {quote_plus(odd)}"
    publisher_server.serve("/list/a", echo.encode(), status=403)
    text = refused(client, "/a", secret_params={"api_key": client.secret("SYNTHETIC_KEY")})
    assert "api_key" not in text
    assert not re.search("pa[ +%]", text)


def test_lines_of_a_file_too_large_to_hold_come_one_by_one(client, publisher_server):
    publisher_server.serve("/list", b"a,b\r\n1,2\n\n3,4", chunked=True)
    assert list(client.stream_lines()) == [b"a,b", b"1,2", b"", b"3,4"]


def test_a_stream_that_breaks_says_so_after_its_last_line(client, publisher_server):
    body = b"".join(b"%d,x\n" % n for n in range(1000))
    publisher_server.drop("/list", body)
    read: list[bytes] = []

    def read_all() -> None:
        for line in client.stream_lines():
            read.append(line)

    with pytest.raises(SourceError, match="without sending complete message body"):
        read_all()
    assert read
    assert read == body.split(b"\n")[: len(read)]


def test_a_key_does_not_travel_to_another_host_even_an_allowed_one(client_with, publisher_server, monkeypatch):
    monkeypatch.setenv("SYNTHETIC_KEY", SECRET)
    other = publisher_server.host.replace("127.0.0.1", "localhost")
    publisher_server.redirect("/list/a", f"http://{other}/b")
    publisher_server.serve("/b", ROWS)
    ask_with(client_with(redirect_hosts=(other,)), "header")
    first, second = publisher_server.requests
    assert SECRET in str(first.headers)
    assert SECRET not in second.path + str(second.headers)


def test_a_publisher_that_is_down_is_not_asked_for_every_file(client_with, publisher_server):
    """Two requests are tried to their end; the third is not sent."""
    client = client_with(live=publisher_server.base)
    for path in ("/a", "/b"):
        publisher_server.serve(path, status=503)
        assert "answered 503" in refused(client, path)
    publisher_server.serve("/c", ROWS)
    assert "was not asked" in refused(client, "/c")
    assert not publisher_server.asked("/c")
