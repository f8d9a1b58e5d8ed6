"""Every source that needs a key sends it to its publisher and leaves it nowhere in the home. Payloads are synthetic."""

from __future__ import annotations

import gzip

import pytest
import stamina

from bench.seeds import synthetic
from pipelines.landing import intake
from sources.registry import all_sources

KEY = "synthetic-key-0123456789abcdef"
KEYED = sorted(spec.source_id for spec in all_sources().values() if spec.secrets)


@pytest.mark.parametrize("answer", ["good", "403", "503", "web page", "other shape"])
@pytest.mark.parametrize("source_id", KEYED)
def test_a_key_is_sent_and_kept_nowhere(source_id, answer, publisher_server, home, monkeypatch, capfd, caplog):
    caplog.set_level("DEBUG")
    spec = all_sources()[source_id].model_copy(update={"requests_per_second": 10_000})
    monkeypatch.setenv(f"RACKHOUR_BASE_{source_id.upper()}", publisher_server.base + "/")
    for name in spec.secrets:
        monkeypatch.setenv(name, KEY)
    good = synthetic(spec)
    body = {"good": good[0].content if good else b"<a/>", "web page": b"<html></html>", "other shape": b'{"a": 1}'}
    publisher_server.serve("*", body.get(answer, b"no"), status=int(answer) if answer.isdigit() else 200, etag='"1"')
    stamina.set_testing(True, attempts=2)
    try:
        run = intake.ingest(spec, home, "live")
    finally:
        stamina.set_testing(False)
    asked = publisher_server.requests[0]
    assert KEY in asked.path + str(asked.headers)
    assert KEY not in repr(run)
    files = [path for path in home.root.rglob("*") if path.is_file()]
    assert files
    for path in files:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        assert KEY.encode() not in content, path
    out, err = capfd.readouterr()
    assert KEY not in out + err + caplog.text
