"""JSON as publishers send it, read into text that can be stored.

JSON allows half a character (a lone surrogate, escaped or as raw bytes) where UTF-8 and Parquet do not: each becomes
a question mark, so that one broken label costs neither its row nor its list.

Not here: what a document must look like (each publisher's `parse`).
"""

from __future__ import annotations

import json
import re
from typing import Any

_SUSPECT = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_UNKNOWN = "?"


def loads(content: bytes | str, **options: Any) -> Any:
    """The document, `options` as of json.loads. Raises ValueError and RecursionError as that does."""
    text = content if isinstance(content, str) else content.decode(json.detect_encoding(content), "surrogatepass")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-8", "replace").decode("utf-8")
    if _SUSPECT.search(text):
        text = _ESCAPE.sub(lambda found: _UNKNOWN if found["half"] else found[0], text)
    return json.loads(text, **options)
