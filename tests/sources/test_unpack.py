"""Archives that lie about themselves: bombs, damage, doubled names. All of them synthetic."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import warnings
import zipfile
import zlib

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.errors import SourceError
from sources.unpack import gunzip, unpacked, unzip

FILES = {"prices/a.csv": b"x,y\n1,2\n" * 50, "b.csv": b"", "c.csv": bytes(range(256)) * 10}


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as target:
        for name, body in files.items():
            target.writestr(name, body)
    return out.getvalue()


def zeros(mebibytes: int) -> io.BytesIO:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
        target.open("zeros.csv", "w") as entry,
    ):
        for _ in range(mebibytes):
            entry.write(bytes(2**20))
    return out


def test_files_come_out_as_they_went_in():
    assert unzip(archive({**FILES, "folder/": b""}), "s") == FILES
    assert gunzip(gzip.compress(b"one") + gzip.compress(b"two"), "s") == b"onetwo"


@pytest.mark.parametrize("kind", ["zip", "gzip"])
def test_a_bomb_is_refused_without_being_unpacked(kind):
    mebibytes, limit = 64, 4
    bomb = zeros(mebibytes).getvalue() if kind == "zip" else gzip.compress(bytes(mebibytes * 2**20))
    assert len(bomb) < 2**17
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=f"s: its archive unpacks to more than {limit} MB"):
            (unzip if kind == "zip" else gunzip)(bomb, "s", limit)
        assert tracemalloc.get_traced_memory()[1] < 4 * limit * 2**20
    finally:
        tracemalloc.stop()


def test_a_size_that_the_archive_states_too_low_is_not_believed():
    """The directory of the archive says one byte; what comes out counts."""
    lying = zeros(8).getvalue().replace((8 * 2**20).to_bytes(4, "little"), (1).to_bytes(4, "little"))
    with pytest.raises(SourceError):
        unzip(lying, "s", 4)


def test_an_archive_of_very_many_files_is_refused():
    with pytest.raises(SourceError, match="10,001 files"):
        unzip(archive({f"{n}": b"" for n in range(10_001)}, zipfile.ZIP_STORED), "s")


def test_a_name_that_stands_twice_is_refused_since_the_last_would_win_silently():
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w") as target:
        warnings.simplefilter("ignore")
        target.writestr("a.csv", b"1")
        target.writestr("a.csv", b"1000")
    with pytest.raises(SourceError, match=r"a\.csv"):
        unzip(out.getvalue(), "s")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_without_a_bound_on_what_comes_out_is_refused(method):
    with pytest.raises(SourceError, match="not packed by deflate"):
        unzip(archive(FILES, method), "s")


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive", b"\x1f\x8b", b"\x1f\x8b\x08\x00" + bytes(20)], ids=repr)
def test_what_is_no_archive_is_refused(content):
    with pytest.raises(SourceError, match="s: its zip"):
        unzip(content, "s")
    if content:
        with pytest.raises(SourceError, match="s: its gzip"):
            gunzip(content, "s")


PACKED = {
    **{f"zip {method}": archive(FILES, method) for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)},
    "gzip": gzip.compress(b"".join(FILES.values()), mtime=0),
}


@settings(max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    packed=st.sampled_from(sorted(PACKED)),
    cut=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
)
def test_damage_raises_one_kind_of_error_or_changes_nothing_unnoticed(packed, cut, flips):
    """A zip entry and a gzip member carry a checksum of what they hold: damage is an error, or did not touch it."""
    content = bytearray(PACKED[packed])
    for place, value in flips:
        content[int(place * len(content))] = value
    damaged = bytes(content[: round(len(content) * cut)]) if cut < 0.5 else bytes(content)
    unpacked, refusal = [], ""
    try:
        unpacked = [gunzip(damaged, "s", 4)] if packed == "gzip" else list(unzip(damaged, "s", 4).values())
    except SourceError as error:
        refusal = str(error)
    assert not refusal or refusal.startswith("s: its ")
    whole = {b"".join(FILES.values()), b""} if packed == "gzip" else set(FILES.values())
    assert set(unpacked) <= whole


def test_a_packed_table_is_refused_before_a_reader_unpacks_it():
    """polars unpacks gzip, zlib and zstandard by itself, without a bound: a bomb in place of a CSV."""
    table = b"a,b\n1,2\n"
    assert pl.read_csv(io.BytesIO(gzip.compress(table))).rows() == [(1, 2)]
    for packed in (gzip.compress(table), zlib.compress(table, 1), zlib.compress(table), zlib.compress(table, 9)):
        with pytest.raises(SourceError, match="it is packed"):
            unpacked(packed, "s")
    assert unpacked(table, "s") == table
