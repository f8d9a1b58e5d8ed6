"""Curated files: damage that spoils one row, and damage that spoils the file."""

from __future__ import annotations

import pytest

from sources.curated import parse
from sources.errors import SourceError
from sources.payload import Payload


def read(content: bytes):
    return parse(Payload("synthetic", "synthetic.csv", content, "text/csv"))


def test_values_stay_text():
    assert read(b"a,b\n007,\n").rows() == [("007", None)]


def test_a_row_with_too_many_fields_is_given_up_alone():
    frame = read(b"a,b\n1,2\n1,2,3\n4,5\n")
    assert frame["a"].to_list() == ["1", None, "4"]
    assert frame["parse_error"][1] == "3 fields where the header has 2: ['1', '2', '3']"


@pytest.mark.parametrize("content", [b"", b"a,b\n", b"a,b\n\xff\xfe,1\n", b"a,b\n\x00\x00,1\n"])
def test_a_damaged_file_is_refused_with_what_to_do(content):
    with pytest.raises(SourceError, match="Restore it"):
        read(content)
