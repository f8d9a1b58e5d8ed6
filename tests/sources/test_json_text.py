"""Half characters in JSON: escaped or raw they become a question mark; everything else is json's own reading."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import json_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(VALUES, st.booleans())
def test_whole_characters_read_as_they_are(value: object, escaped: bool) -> None:
    assert json_text.loads(json.dumps(value, ensure_ascii=escaped).encode()) == value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb'"a\ud800b"', "a?b"),
        (rb'"\udc00\ud83d\ude00\uD800"', "?\U0001f600?"),
        (rb'"a\\ud800"', r"a\ud800"),
        ('"\ud800"'.encode("utf-8", "surrogatepass"), "?"),
    ],
)
def test_half_a_character_becomes_a_question_mark(written: bytes, read: str) -> None:
    assert json_text.loads(written) == read


def test_options_and_errors_are_those_of_json() -> None:
    assert json_text.loads(b'{"a": 0.10}', parse_float=str) == {"a": "0.10"}
    with pytest.raises(ValueError, match="Expecting"):
        json_text.loads(b"{")
