"""What a publisher says when it refuses: the text in the body of a 4xx or 5xx answer, for the error a person reads.

Not here: whether a request is tried again (sources/client.py), secrets (Client.hidden).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

WEB_PAGE = ("<!doctype html", "<html")
"""How a page for people begins: no data, and no reason a person can use."""
LONGEST_BYTES = 4_096  # what is read of such a body
LONGEST_REASON = 300  # and told of it, in characters
_TAG = re.compile(r"<[^>]*>")


def is_web_page(start: bytes) -> bool:
    """Whether a body begins as a page for people does."""
    return start[:15].decode("ascii", "replace").lower().startswith(WEB_PAGE)


def reason(body: Iterable[bytes]) -> str:
    """The words of a refusal without its tags; empty where there are none, or only a page for people."""
    read = b""
    for chunk in body:
        read += chunk
        if len(read) >= LONGEST_BYTES:
            break
    if is_web_page(read.lstrip()):
        return ""
    return " ".join(_TAG.sub(" ", read[:LONGEST_BYTES].decode("utf-8", "replace")).split())
