"""Every source.yml: complete, its units readable, its contract and connector there, its file in place."""

from __future__ import annotations

import pint
import pytest

from sources.errors import SourceError
from sources.registry import all_sources, select

SPECS = list(all_sources().values())


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.source_id)
def test_a_source_has_its_parts(spec):
    connector = spec.load_connector()
    assert hasattr(connector, "parse")
    assert hasattr(connector, "fetch_offline" if spec.offline else "fetch_live")
    assert spec.load_contract().dtypes
    if spec.offline and spec.connector == "curated":
        assert (spec.folder / spec.offline).is_file()


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.source_id)
def test_a_licence_that_asks_for_attribution_gets_one(spec):
    if "CC BY" in spec.licence or "CC-BY" in spec.licence:
        assert spec.attribution


def test_units_on_contract_fields_are_parseable():
    registry = pint.UnitRegistry()
    for money in ("USD", "EUR", "currency"):
        registry.define(f"{money} = [{money.lower()}]")
    for thing in ("GPU", "token", "row"):
        registry.define(f"{thing} = []")
    registry.define("Mtok = 1e6 * token")
    for spec in SPECS:
        for name, unit in spec.load_contract().units.items():
            if unit is not None:
                assert registry.parse_units(unit) is not None, f"{spec.family}.{name}: {unit}"


def test_an_unknown_name_is_answered_with_near_ones():
    known = SPECS[0].source_id
    with pytest.raises(SourceError, match=known):
        select([known[:-1] + "x"])
