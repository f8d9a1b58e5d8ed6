"""Archives from publishers, unpacked within limits. Not here: what lies in them.

A small archive can claim to hold petabytes: sizes are counted while bytes come out, never believed.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from sources.errors import SourceError

CHUNK = 1 << 20
MOST_FILES = 10_000
PACKED = (b"\x1f\x8b", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x28\xb5\x2f\xfd")  # gzip, zlib thrice, zstandard
# zipfile unpacks these two within the size it is asked for; bzip2 and LZMA it unpacks whole.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def unzip(content: bytes, source_id: str, limit_mb: int = 256) -> dict[str, bytes]:
    """The files of a zip archive by name, folders left out.

    Raises SourceError where it is no archive, is damaged, encrypted, packed by another method than deflate, names a
    file twice, or holds more than `limit_mb` or 10,000 files.
    """
    limit = limit_mb * CHUNK
    files: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                raise _bomb(source_id, f"holds {len(entries):,} files")
            for entry in entries:
                if entry.compress_type not in METHODS:
                    raise _damaged(source_id, "zip archive", f"{entry.filename} is not packed by deflate")
                if entry.filename in files:
                    raise _damaged(source_id, "zip archive", f"{entry.filename} stands in it twice")
                body = bytearray()
                with archive.open(entry) as stream:
                    while chunk := stream.read(CHUNK):
                        body += chunk
                        total += len(chunk)
                        if total > limit:
                            raise _bomb(source_id, f"unpacks to more than {limit_mb} MB")
                files[entry.filename] = bytes(body)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _damaged(source_id, "zip archive", error) from error
    return files


def gunzip(content: bytes, source_id: str, limit_mb: int = 256) -> bytes:
    """The bytes behind gzip, all members. Raises SourceError where damaged, cut, or larger than `limit_mb`."""
    limit = limit_mb * CHUNK
    out = bytearray()
    rest = content
    try:
        while rest:
            member = zlib.decompressobj(wbits=31)
            data = rest
            while not member.eof:
                part = member.decompress(data, CHUNK)
                out += part
                if len(out) > limit:
                    raise _bomb(source_id, f"unpacks to more than {limit_mb} MB")
                data = member.unconsumed_tail
                if not part and not data and not member.eof:
                    raise SourceError(source_id, "its gzip data ends early.", "Ask again; it was cut.")
            rest = member.unused_data
    except zlib.error as error:
        raise _damaged(source_id, "gzip data", error) from error
    return bytes(out)


def unpacked(content: bytes, source_id: str) -> bytes:
    """The same bytes, where they are not packed themselves.

    Raises SourceError where they are: a reader of tables that sees gzip, zlib or zstandard data unpacks it by itself,
    whatever comes out.
    """
    if content.startswith(PACKED):
        raise _damaged(source_id, "table", "it is packed, where the publisher sends plain text")
    return content


def _damaged(source_id: str, what: str, error: Exception | str) -> SourceError:
    return SourceError(source_id, f"its {what} cannot be read ({error}).", "Ask again; it may have been cut.")


def _bomb(source_id: str, what: str) -> SourceError:
    return SourceError(source_id, f"its archive {what}.", "No list of prices is that large: look at the publisher.")
