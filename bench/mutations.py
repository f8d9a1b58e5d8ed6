"""What may happen to a payload on its way or at its publisher: named mutations of real and synthetic bytes.

Each takes a random generator and a payload's bytes and gives other bytes; none knows a publisher. Figures made here
are inventions of the bench. Not here: what must hold of the outcome (bench/fuzz.py).
"""

from __future__ import annotations

import copy
import csv
import gzip
import io
import json
import random
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

Mutate = Callable[[random.Random, bytes], bytes]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
# Per token in a per-million field and back, per thousand, cents, kilo and mega: the flips that feeds have shown.
FLIPS = {"x1000": 1e3, "/1000": 1e-3, "x100": 1e2, "/100": 1e-2, "x1e6": 1e6, "/1e6": 1e-6}
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, "", " ", "n/a", ".", "-", "NaN", "1,5", "$3.20", "0x10", "1e400", -1, 0, -0.0, 1e308, -1e308,
    5e-324, 10**30, [], {}, [[]], [None], {"": None}, "0", "-1", "9" * 400, "\u0000", "\ud800", "𝟙𝟚", "٣", "2026-02-30",
    "9999-12-31", "0000-00-00", "2026-11-21T00:00:00Z", 2**63, -(2**63) - 1, float("nan"), float("inf"), -float("inf"),
)  # fmt: skip
LOOK_ALIKES = str.maketrans(
    {"A": "А", "H": "Н", "a": "а", "e": "е", "o": "о", "p": "р", "0": "０", "1": "１", "-": "‑"}
)


def shape_of(content: bytes) -> str:
    """json, zip, gzip, xml or text, by its first bytes."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    if content.startswith(b"PK"):
        return "zip"
    if content.startswith(b"\x1f\x8b"):
        return "gzip"
    if start[:1] in (b"{", b"["):
        return "json"
    return "xml" if start[:1] == b"<" else "text"


# Bytes: whatever the format.


def _cut(rng: random.Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content))]


def _cut_a_little(rng: random.Random, content: bytes) -> bytes:
    return content[: -rng.randint(1, min(40, len(content) - 1))]


def _flip_bytes(rng: random.Random, content: bytes) -> bytes:
    out = bytearray(content)
    for _ in range(rng.choice((1, 1, 3, 20))):
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def _lose_a_slice(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start + rng.randint(1, 200) :]


def _double_a_slice(rng: random.Random, content: bytes) -> bytes:
    start = rng.randrange(len(content))
    end = start + rng.randint(1, 400)
    return content[:end] + content[start:end] + content[end:]


def _latin_1(rng: random.Random, content: bytes) -> bytes:
    place = rng.randrange(len(content))
    return content[:place] + rng.choice((b"\xe9", b"Z\xfcrich", b"\xa0", b"\x93x\x94")) + content[place:]


def _nul(rng: random.Random, content: bytes) -> bytes:
    place = rng.randrange(len(content))
    return content[:place] + b"\x00" * rng.choice((1, 8, 512)) + content[place:]


def _web_page(rng: random.Random, content: bytes) -> bytes:
    page = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>%s</body></html>"
    return page % content[: rng.choice((0, 100, len(content)))]


def _gzip_bomb(rng: random.Random, content: bytes) -> bytes:
    return gzip_bomb()


def _zip_bomb(rng: random.Random, content: bytes) -> bytes:
    names = zipfile.ZipFile(io.BytesIO(content)).namelist() if zipfile.is_zipfile(io.BytesIO(content)) else []
    return zip_bomb(names[0] if names else "prices.csv")


@cache
def gzip_bomb(mebibytes: int = 768) -> bytes:
    """Zeros, a thousandth of their size."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(2**22)) for _ in range(mebibytes // 4)) + packer.flush()


@cache
def zip_bomb(name: str, mebibytes: int = 768) -> bytes:
    """One member of zeros, a thousandth of its size."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
        target.open(name, "w") as entry,
    ):
        for _ in range(mebibytes // 4):
            entry.write(bytes(2**22))
    return out.getvalue()


BYTES: dict[str, Mutate] = {
    "cut": _cut,
    "cut by some bytes": _cut_a_little,
    "bytes flipped": _flip_bytes,
    "a slice lost": _lose_a_slice,
    "a slice doubled": _double_a_slice,
    "latin-1 bytes": _latin_1,
    "NUL bytes": _nul,
    "byte order mark": lambda _, content: b"\xef\xbb\xbf" + content,
    "UTF-16": lambda _, content: content.decode("utf-8", "replace").encode("utf-16"),
    "web page": _web_page,
    "empty": lambda rng, _: rng.choice((b"", b" ", b"\n", b"{}", b"[]", b"null", b"0", b'""', b"[[]]", b"[{}]")),
    "packed once more": lambda _, content: gzip.compress(content, mtime=0),
    "gzip bomb": _gzip_bomb,
    "zip bomb": _zip_bomb,
    "deep nesting": lambda rng, _: rng.choice((b"[" * 100_000, b'{"data":' * 50_000, b"<a>" * 50_000)),
    "text after the end": lambda rng, content: content + rng.choice((b"\n</html>", b"{}", b"\nERROR 500", b",")),
}

# Trees: JSON.


def _nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a tree as (container, key)."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(pairs):
        yield tree, key
        yield from _nodes(value)


def _containers(tree: Any, kind: type) -> list[Any]:
    found = [tree] if isinstance(tree, kind) and tree else []
    return found + [box[key] for box, key in _nodes(tree) if isinstance(box[key], kind) and box[key]]


def _is_figure(value: Any) -> bool:
    if isinstance(value, str):
        return bool(NUMBER.fullmatch(value))
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _scaled(value: Any, factor: float) -> Any:
    return format(float(value) * factor, ".12g") if isinstance(value, str) else value * factor


def _tree(change: Callable[[random.Random, Any], Any]) -> Mutate:
    """A mutation of a tree, for bytes. A root that a change returns replaces the tree."""

    def mutate(rng: random.Random, content: bytes) -> bytes:
        tree = json.loads(content)
        changed = change(rng, tree)
        return json.dumps(tree if changed is None else changed, ensure_ascii=rng.random() < 0.5).encode(
            "utf-8", "surrogatepass"
        )

    return mutate


def _some_places(rng: random.Random, tree: Any) -> list[tuple[Any, Any]]:
    places = list(_nodes(tree))
    return rng.sample(places, min(len(places), rng.choice((1, 1, 1, 4, 25))))


def _odd_values(rng: random.Random, tree: Any) -> None:
    for box, key in _some_places(rng, tree):
        box[key] = rng.choice(ODD_VALUES)


def _other_types(rng: random.Random, tree: Any) -> None:
    for box, key in _some_places(rng, tree):
        value = box[key]
        ways = (str(value), [value], {"value": value}, {str(key): value}, None, bool(value), len(str(value)))
        box[key] = rng.choice(ways)


def _one_key_odd_everywhere(rng: random.Random, tree: Any) -> None:
    keyed = [(box, key) for box, key in _nodes(tree) if isinstance(box, dict)]
    if keyed:
        wanted, value = rng.choice(keyed)[1], rng.choice(ODD_VALUES)
        for box, key in keyed:
            if key == wanted:
                box[key] = value


def _key_loss(rng: random.Random, tree: Any) -> None:
    for box in rng.sample(found := _containers(tree, dict), min(len(found), rng.choice((1, 1, 3)))):
        if box:
            del box[rng.choice(list(box))]


def _key_lost_everywhere(rng: random.Random, tree: Any) -> None:
    keyed = [key for box, key in _nodes(tree) if isinstance(box, dict)]
    if keyed:
        wanted = rng.choice(keyed)
        for box in _containers(tree, dict):
            box.pop(wanted, None)


def _key_renamed(rng: random.Random, tree: Any) -> None:
    for box in rng.sample(found := _containers(tree, dict), min(len(found), 3)):
        key = rng.choice(list(box))
        value = box.pop(key)
        box[rng.choice((key.upper(), key + "_v2", key.translate(LOOK_ALIKES), "", "__proto__", key.title()))] = value


def _rows_doubled(rng: random.Random, tree: Any) -> None:
    for box in rng.sample(found := _containers(tree, list), min(len(found), 3)):
        box.extend(copy.deepcopy(rng.sample(box, min(len(box), 5))))


def _rows_shuffled(rng: random.Random, tree: Any) -> Any:
    for box in _containers(tree, list):
        rng.shuffle(box)
    for box in _containers(tree, dict):
        items = list(box.items())
        rng.shuffle(items)
        box.clear()
        box.update(items)


def _lists_emptied(rng: random.Random, tree: Any) -> None:
    boxes = _containers(tree, list) + _containers(tree, dict)
    for box in rng.sample(boxes, min(len(boxes), rng.choice((1, 1, 4)))):
        box.clear()


def _look_alikes(rng: random.Random, tree: Any) -> None:
    for box, key in _some_places(rng, tree):
        if isinstance(box[key], str):
            box[key] = box[key].translate(LOOK_ALIKES)


def _one_flip(factor: float) -> Mutate:
    def change(rng: random.Random, tree: Any) -> None:
        figures = [(box, key) for box, key in _nodes(tree) if _is_figure(box[key])]
        if figures:
            box, key = rng.choice(figures)
            box[key] = _scaled(box[key], factor)

    return _tree(change)


def _wide_flip(factor: float) -> Mutate:
    """Every figure below one place: an item, a provider, the whole list."""

    def change(rng: random.Random, tree: Any) -> None:
        boxes = _containers(tree, dict) + _containers(tree, list)
        for box, key in list(_nodes(rng.choice(boxes))) if boxes else []:
            if _is_figure(box[key]):
                box[key] = _scaled(box[key], factor)

    return _tree(change)


def _negative(rng: random.Random, tree: Any) -> None:
    for box, key in _nodes(tree):
        if _is_figure(box[key]) and rng.random() < 0.3:
            box[key] = _scaled(box[key], -1)


def _key_twice(rng: random.Random, content: bytes) -> bytes:
    """A key that stands twice, the second time with another figure: JSON readers let the last one win."""
    text = content.decode()
    pairs = list(re.finditer(r'"([^"\\]{1,60})": ?(-?[\d.eE+-]+|"[^"\\]*")(?=[,}])', text))
    if not pairs:
        return content
    pair = rng.choice(pairs)
    return f"{text[: pair.end()]}, {json.dumps(pair.group(1))}: 1000{text[pair.end() :]}".encode()


def _nested_deeply(rng: random.Random, tree: Any) -> None:
    for box, key in _some_places(rng, tree)[:1]:
        value = box[key]
        for _ in range(rng.choice((5, 60, 400))):
            value = rng.choice(({"value": value}, [value]))
        box[key] = value


def _huge_digits(rng: random.Random, content: bytes) -> bytes:
    text = content.decode()
    figures = list(NUMBER.finditer(text))
    if not figures:
        return content
    figure = rng.choice(figures)
    digits = rng.choice(("9" * 5000, "1" + "0" * 320, "1e999", "-1e999", "0." + "0" * 500 + "1", "NaN", "Infinity"))
    return (text[: figure.start()] + digits + text[figure.end() :]).encode()


JSON: dict[str, Mutate] = {
    "odd values": _tree(_odd_values),
    "types changed": _tree(_other_types),
    "a key odd everywhere": _tree(_one_key_odd_everywhere),
    "keys lost": _tree(_key_loss),
    "a key lost everywhere": _tree(_key_lost_everywhere),
    "keys renamed": _tree(_key_renamed),
    "rows doubled": _tree(_rows_doubled),
    "rows shuffled": _tree(_rows_shuffled),
    "lists emptied": _tree(_lists_emptied),
    "look-alike letters": _tree(_look_alikes),
    "figures negative": _tree(_negative),
    "nested deeply": _tree(_nested_deeply),
    "wrapped": _tree(lambda rng, tree: rng.choice(([tree], {"data": tree}, {"error": "x", "data": tree}))),
    "a key twice": _key_twice,
    "huge digits": _huge_digits,
    **{f"one figure {name}": _one_flip(factor) for name, factor in FLIPS.items()},
    **{f"figures below a place {name}": _wide_flip(factor) for name, factor in FLIPS.items()},
}

# Tables: CSV.


def _table(change: Callable[[random.Random, list[list[str]]], None]) -> Mutate:
    def mutate(rng: random.Random, content: bytes) -> bytes:
        text = content.decode("utf-8", "replace")
        delimiter = max(",;\t", key=text[:2000].count)
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        change(rng, rows)
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator=rng.choice(("\n", "\r\n"))).writerows(rows)
        return out.getvalue().encode("utf-8", "surrogatepass")

    return mutate


def _cells(rng: random.Random, rows: list[list[str]], most: int = 25) -> Iterator[tuple[list[str], int]]:
    for _ in range(rng.choice((1, 1, 5, most))):
        row = rng.choice(rows[1:] or rows)
        if row:
            yield row, rng.randrange(len(row))


def _odd_cells(rng: random.Random, rows: list[list[str]]) -> None:
    for row, place in _cells(rng, rows):
        row[place] = str(rng.choice(ODD_VALUES))


def _odd_column(rng: random.Random, rows: list[list[str]]) -> None:
    place, value = rng.randrange(len(rows[0])), str(rng.choice(ODD_VALUES))
    for row in rows[1:]:
        if place < len(row):
            row[place] = value


def _column_lost(rng: random.Random, rows: list[list[str]]) -> None:
    place = rng.randrange(len(rows[0]))
    for row in rows:
        del row[place : place + 1]


def _column_renamed(rng: random.Random, rows: list[list[str]]) -> None:
    place = rng.randrange(len(rows[0]))
    name = rows[0][place]
    rows[0][place] = rng.choice((name.upper(), "", name + " ", name.translate(LOOK_ALIKES), rng.choice(rows[0])))


def _columns_shuffled(rng: random.Random, rows: list[list[str]]) -> None:
    order = list(range(len(rows[0])))
    rng.shuffle(order)
    rows[:] = [[row[place] for place in order] if len(row) == len(order) else row for row in rows]


def _ragged(rng: random.Random, rows: list[list[str]]) -> None:
    for row, place in _cells(rng, rows, 8):
        row[place : place + 1] = rng.choice(([], ["x", "y"], [""] * 30, ['a"b', "c\nd"]))


def _lines_doubled(rng: random.Random, rows: list[list[str]]) -> None:
    rows.extend([list(row) for row in rng.choices(rows, k=rng.choice((1, 5, len(rows))))])


def _lines_shuffled(rng: random.Random, rows: list[list[str]]) -> None:
    body = rows[1:]
    rng.shuffle(body)
    rows[1:] = body


def _header_only(rng: random.Random, rows: list[list[str]]) -> None:
    del rows[rng.choice((0, 1)) :]


def _cell_look_alikes(rng: random.Random, rows: list[list[str]]) -> None:
    for row, place in _cells(rng, rows):
        row[place] = row[place].translate(LOOK_ALIKES)


def _cell_flip(factor: float, whole_column: bool) -> Mutate:
    def change(rng: random.Random, rows: list[list[str]]) -> None:
        figures = [(row, place) for row in rows[1:] for place, cell in enumerate(row) if NUMBER.fullmatch(cell)]
        if not figures:
            return
        chosen, column = rng.choice(figures)
        for row, place in figures if whole_column else [(chosen, column)]:
            if place == column:
                row[place] = format(float(row[place]) * factor, ".12g")

    return _table(change)


TEXT: dict[str, Mutate] = {
    "odd values": _table(_odd_cells),
    "a column odd": _table(_odd_column),
    "a column lost": _table(_column_lost),
    "a column renamed": _table(_column_renamed),
    "columns shuffled": _table(_columns_shuffled),
    "ragged lines": _table(_ragged),
    "rows doubled": _table(_lines_doubled),
    "rows shuffled": _table(_lines_shuffled),
    "header only": _table(_header_only),
    "look-alike letters": _table(_cell_look_alikes),
    "huge digits": _huge_digits,
    "an open quote": lambda rng, content: content.replace(b",", b',"', rng.choice((1, 3))),
    "old line ends": lambda _, content: content.replace(b"\n", b"\r"),
    **{f"one figure {name}": _cell_flip(factor, False) for name, factor in FLIPS.items()},
    **{f"a column {name}": _cell_flip(factor, True) for name, factor in FLIPS.items()},
}

# Marked-up text: XML.


def _xml_values(rng: random.Random, content: bytes) -> bytes:
    text = content.decode("utf-8", "replace")
    values = list(re.finditer(r">([^<>\s][^<>]*)<", text))
    if not values:
        return content
    value = rng.choice(values)
    odd = str(rng.choice(ODD_VALUES)).encode("utf-8", "replace").decode()
    return (text[: value.start(1)] + odd + text[value.end(1) :]).encode()


def _xml_element(rng: random.Random, content: bytes) -> bytes:
    """An element lost, doubled or renamed."""
    text = content.decode("utf-8", "replace")
    elements = list(re.finditer(r"<([\w.:]+)[^<>]*>[^<>]*</\1>", text))
    if not elements:
        return content
    element = rng.choice(elements)
    kept = element.group()
    new = rng.choice(("", kept + kept, kept.replace(element.group(1), "other"), f"<!-- {kept} -->"))
    return (text[: element.start()] + new + text[element.end() :]).encode()


def _xml_flip(factor: float) -> Mutate:
    def mutate(rng: random.Random, content: bytes) -> bytes:
        text = content.decode("utf-8", "replace")
        figures = list(re.finditer(r"(?<=>)-?\d+(?:\.\d+)?(?=<)", text))
        if not figures:
            return content
        figure = rng.choice(figures)
        return (text[: figure.start()] + f"{float(figure.group()) * factor:.12g}" + text[figure.end() :]).encode()

    return mutate


def _entities(rng: random.Random, content: bytes) -> bytes:
    """Entities that would unfold to gigabytes, or name a file of the machine."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = rng.choice(
        (f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>', '<!DOCTYPE x [<!ENTITY l11 SYSTEM "file:///etc/hostname">]>')
    )
    text = content.decode("utf-8", "replace")
    head, mark, rest = text.partition("?>")
    body = re.sub(r">[^<>\s][^<>]*<", ">&l11;<", rest if mark else head, count=1)
    return f"{head}?>{doctype}{body}".encode() if mark else f"{doctype}{body}".encode()


XML: dict[str, Mutate] = {
    "odd values": _xml_values,
    "elements lost or doubled": _xml_element,
    "entities": _entities,
    "huge digits": _huge_digits,
    **{f"one figure {name}": _xml_flip(factor) for name, factor in FLIPS.items()},
}

# Archives: what lies in them, mutated and packed again.


def _within(rng: random.Random, content: bytes) -> bytes:
    return within(content, lambda body: rng.choice(list(mutations_of(body).values()))(rng, body), rng)


def within(content: bytes, change: Callable[[bytes], bytes], rng: random.Random | None = None) -> bytes:
    """An archive with one member changed (the first, or one at random), or gzip data changed and packed again."""
    if shape_of(content) == "gzip":
        return gzip.compress(change(gzip.decompress(content)), mtime=0)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        bodies = [(info.filename, archive.read(info)) for info in archive.infolist()]
    filled = [place for place, (_, body) in enumerate(bodies) if body]
    chosen = rng.choice(filled) if rng else filled[0]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for place, (name, body) in enumerate(bodies):
            target.writestr(name, change(body) if place == chosen else body)
    return out.getvalue()


def _members(rng: random.Random, content: bytes) -> bytes:
    """Members lost, renamed, doubled."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        bodies = [(info.filename, archive.read(info)) for info in archive.infolist()]
    place = rng.randrange(len(bodies))
    name, body = bodies[place]
    bodies[place : place + 1] = rng.choice(
        ([], [(name + ".bak", body)], [(name, body), (name, b"x")], [("../" + name, body)])
    )
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        warnings.simplefilter("ignore")
        for entry, data in bodies:
            target.writestr(entry, data)
    return out.getvalue()


ARCHIVES: dict[str, dict[str, Mutate]] = {
    "zip": {"a member mutated": _within, "members lost or doubled": _members},
    "gzip": {"what is packed mutated": _within},
}


def mutations_of(content: bytes) -> dict[str, Mutate]:
    """Every mutation that fits these bytes, by name."""
    shape = shape_of(content)
    if shape == "json":
        try:
            json.loads(content)
        except ValueError:
            return BYTES
        return {**BYTES, **JSON}
    return {**BYTES, **{"xml": XML, "text": TEXT}.get(shape, {}), **ARCHIVES.get(shape, {})}
