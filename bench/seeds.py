"""Good payloads to start from, cut down so that thousands of readings take minutes.

Three kinds: what the package embeds, the real payloads beside the repository (bench/real_payloads.py), and small ones
made by tests in the documented shape (tests/fuzz/seeds, all synthetic). A source without any is listed, not skipped
silently. Not here: what is done to them (bench/mutations.py).
"""

from __future__ import annotations

import ast
import base64
import csv
import dataclasses
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from bench.mutations import shape_of
from sources.payload import Payload
from sources.registry import SourceSpec, all_sources
from sources.token_prices.genai_prices import MODULE_TYPE

SYNTHETIC = Path(__file__).parent.parent / "tests" / "fuzz" / "seeds"
LARGEST = 24_000  # bytes of a seed
DAY = "2026-11-20"


def seeds(shared: Path | None) -> dict[str, list[Payload]]:
    """Cut-down payloads of every source, an empty list where there is none."""
    from bench.real_payloads import real_payloads

    found: dict[str, list[Payload]] = {}
    for source_id, spec in all_sources().items():
        whole = [*_embedded(spec), *synthetic(spec)]
        if shared:
            whole += [real.payload() for real in real_payloads(shared) if real.source_id == source_id]
        found[source_id] = [cut(payload) for payload in whole]
    return found


def _embedded(spec: SourceSpec) -> list[Payload]:
    if not spec.offline:
        return []
    return list(spec.load_connector().fetch_offline(spec))


def synthetic(spec: SourceSpec) -> list[Payload]:
    """The small payloads that tests made up for this source."""
    payloads = []
    for path in sorted((SYNTHETIC / spec.source_id).glob("*.json")):
        known = json.loads(path.read_text(encoding="utf-8"))
        text, packed = known.pop("text", None), known.pop("base64", None)
        content = text.encode() if text is not None else base64.b64decode(packed)
        payloads.append(Payload(source_id=spec.source_id, content=content, **known))
    return payloads


def cut(payload: Payload) -> Payload:
    """The same payload with fewer entries: evenly spaced children of long lists, objects and tables."""
    return dataclasses.replace(payload, content=_cut(payload.content, payload.media_type))


def _cut(content: bytes, media_type: str = "") -> bytes:
    if media_type == MODULE_TYPE:
        return _cut_module(content)
    if len(content) <= LARGEST:
        return content
    shape = shape_of(content)
    if shape == "json":
        return _cut_tree(content)
    if shape == "text":
        return _cut_table(content)
    if shape == "gzip":
        return gzip.compress(_cut(gzip.decompress(content)), mtime=0)
    if shape == "zip" and b"[Content_Types].xml" not in content:
        return _cut_archive(content)
    return content


def _cut_tree(content: bytes) -> bytes:
    tree = json.loads(content)
    for most in (48, 30, 20, 12, 8, 5, 3, 2):
        smaller = json.dumps(_thinned(tree, most)).encode()
        if len(smaller) <= LARGEST:
            return smaller
    return content


def _thinned(tree: Any, most: int) -> Any:
    """Containers of more than `most` children thinned; an object of a few named fields is a record and stays whole."""
    if isinstance(tree, dict):
        boxes = sum(isinstance(value, (dict, list)) for value in tree.values())
        keys = list(tree) if boxes <= max(len(tree) / 2, 2) else _spaced(list(tree), most)
        return {key: _thinned(tree[key], most) for key in keys}
    if isinstance(tree, list):
        return [_thinned(value, most) for value in _spaced(tree, most)]
    return tree


def _spaced(items: list[Any], most: int) -> list[Any]:
    if len(items) <= most:
        return items
    return [items[round(place * (len(items) - 1) / (most - 1))] for place in range(most)]


def _cut_table(content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    delimiter = max(",;\t", key=text[:2000].count)
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    head = 8 if len(rows[0]) < 3 else 1  # a preamble before the header
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([*rows[:head], *_blocks(rows[head:])])
    return out.getvalue().encode()


def _blocks(rows: list[list[str]]) -> list[list[str]]:
    """Four stretches of ten lines: lines that follow each other (hours of a day) must still do so."""
    if len(rows) <= 40:
        return rows
    starts = [round(part * (len(rows) - 10) / 3) for part in range(4)]
    return [row for start in starts for row in rows[start : start + 10]]


def _cut_module(content: bytes) -> bytes:
    """A module that assigns a list: the shortest of its entries."""
    text = content.decode()
    module = ast.parse(text)
    for node in ast.walk(module):
        if isinstance(node, ast.List) and len(node.elts) > 10:
            shortest = sorted(node.elts, key=lambda entry: (entry.end_lineno or 0) - entry.lineno)
            node.elts = shortest[:8]
            break
    return ast.unparse(module).encode()


def _cut_archive(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in archive.infolist()[:5]:
            target.writestr(info.filename, _cut(archive.read(info)))
    return out.getvalue()
