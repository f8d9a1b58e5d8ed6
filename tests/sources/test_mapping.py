"""Mapping files: every way one can be wrong is told with file, line, key and what is allowed."""

from __future__ import annotations

import pytest

from sources import mapping, template
from sources.loaded import FAMILIES, contract_of
from sources.mapping import MappingError, check_file, identity, read

COLO = contract_of("colo_rates")
GOOD = """\
source:
  title: Synthetic quotes
  publisher: Nobody
  licence: invented
columns:
  publisher_label: Vendor
  market_label: Market
  size_band: Size
  price: Rate
constants:
  facility_type: wholesale_colocation
  rate_type: asking
  price_unit: usd_per_kw_month
  power_included: no
  currency: USD
"""


def test_a_good_mapping_takes_words_as_they_are_written():
    """`no` is the contract's word no, not a truth value; a key without a value says nothing."""
    made = read(GOOD + "  note:\n", "m.yml", COLO)
    assert made.constants["power_included"] == "no"
    assert "note" not in made.constants
    assert (made.source.grade, made.source.known_basis, made.shape) == ("C", "loaded", "records")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("market_label: Market", "market_lable: Market", 7, "columns.market_lable: no column of this family (did you"),
        ("  market_label: Market\n", "", 5, "market_label is missing (Publisher's name of the market.)"),
        ("rate_type: asking", "rate_type: asked", 12, "'asked' is not allowed for rate_type. Allowed: asking, "),
        ("licence: invented", "licence: CC BY 4.0", 4, "CC BY asks for attribution"),
        ("licence: invented", "license: invented", 4, "unknown key (did you mean licence?)"),
        ("  title: Synthetic quotes\n", "", 1, "source.title: is missing"),
        ("licence: invented", "licence: invented\n  grade: Z", 5, "source.grade: should be 'A', 'B' or 'C'"),
        ("licence: invented", "licence: invented\n  cadence_days: often", 5, "source.cadence_days: should be a"),
        ("licence: invented", "licence: invented\n  known_basis: published", 5, "published asks for known_from"),
        ("currency: USD", "currency: USD\n  price: 5", 16, "price gets its value twice"),
        ("currency: USD", "currency: USD\nwhere: x > 1", 16, "where: unknown key. Allowed: source, file, shape"),
        ("currency: USD", "currency: EUR", 15, "'EUR' is not allowed for currency. Allowed: USD."),
        ("currency: USD", "currency: USD\ncapture_group: [market_label]", 16, "belongs to shape: snapshots"),
        ("currency: USD", "currency: USD\nparts: {x: {grade: A}}", 16, "parts: needs split_by"),
        ("currency: USD", "currency: USD\nvalues: {power_included: {j: ja}}", 16, "'ja' is not allowed for power_"),
        ("currency: USD", "currency: USD\nshape: snapshots\ncolumns2: 1", 17, "columns2: unknown key"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_key_and_what_is_allowed(old, new, line, told):
    assert old in GOOD
    with pytest.raises(MappingError) as caught:
        read(GOOD.replace(old, new), "m.yml", COLO)
    [fault] = [text for text in str(caught.value).splitlines() if told in text]
    assert fault.startswith(f"m.yml, line {line}, ")


def test_every_fault_is_told_at_once():
    with pytest.raises(MappingError) as caught:
        read(GOOD.replace("Market\n", "Market\n  no_column: x\n").replace("asking", "asked"), "m.yml", COLO)
    assert len(str(caught.value).splitlines()) == 2


def test_a_key_twice_is_no_mapping():
    with pytest.raises(MappingError, match=r"line 16, constants.currency: stands twice \(first in line 15\)"):
        read(GOOD + "  currency: USD\n", "m.yml", COLO)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "a: [", "just words"])
def test_what_is_no_mapping_is_told(text):
    with pytest.raises(MappingError, match=r"m\.yml (is no YAML|holds no mapping)"):
        read(text, "m.yml", COLO)


def test_snapshots_do_not_state_what_folding_works_out():
    with pytest.raises(MappingError, match=r"line 10, columns.valid_to: a snapshot says what stands on one day"):
        read(GOOD.replace("price: Rate\n", "price: Rate\n  valid_to: End\n") + "shape: snapshots\n", "m.yml", COLO)


def test_an_unpivoted_column_says_what_the_others_say():
    contract = contract_of("token_prices")
    text = """\
source: {title: t, publisher: p, licence: l}
columns: {provider_label: vendor, model_label: model}
constants: {price_unit: usd_per_mtok, currency: USD, processing: standard, tier: base}
unpivot:
  columns:
    in: {token_kind: input}
    out: {}
"""
    with pytest.raises(MappingError, match=r"line 7, unpivot\.columns\.out: does not say its token_kind"):
        read(text, "m.yml", contract)


def test_a_column_the_file_lacks_is_answered_with_near_ones():
    with pytest.raises(MappingError, match=r"'Rate' \(did you mean Rates\?\)"):
        check_file(read(GOOD, "m.yml", COLO), ["Vendor", "Market", "Size", "Rates"], "f.csv")


def test_without_a_mapping_the_names_must_be_the_contracts():
    with pytest.raises(MappingError, match="Not among them: Vendor"):
        identity(["Vendor", "price"], "f.csv", "x", COLO)
    with pytest.raises(MappingError, match="power_included is missing"):
        identity([c for c in mapping.required(COLO) if c != "power_included"], "f.csv", "x", COLO)
    assert identity(mapping.required(COLO), "f.csv", "x", COLO).source.grade == "C"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_template_names_every_column_and_filled_in_it_is_a_mapping(family):
    contract = contract_of(family)
    text = template.template(family)
    for column, description in contract.descriptions.items():
        assert f"{column}:" in text
        assert (description or "").split(". ")[0].split(" ")[0] in text
    filled = text
    for key in ("title", "publisher", "licence"):
        filled = filled.replace(f"  {key}:  ", f"  {key}: x")
    for column in mapping.required(contract):
        filled = filled.replace(f"\n  {column}:\n", f"\n  {column}: Their {column}\n")
    assert set(read(filled, "t.yml", contract).columns) == set(mapping.required(contract))


@pytest.mark.parametrize("family", FAMILIES)
def test_an_item_is_made_of_contract_columns(family):
    assert set(contract_of(family).item) <= set(contract_of(family).dtypes)
