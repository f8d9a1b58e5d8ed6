"""What a corrections file may say; every file here is synthetic, the packaged ones are held to the recorded rows."""

from __future__ import annotations

import polars as pl
import pytest
import yaml

from sources import corrections
from sources.errors import SourceError
from sources.registry import SOURCES_DIR, all_sources

ENTRY = {
    "id": "synthetic",
    "source_id": "gpu_rates_fsdl",
    "match": {"provider_label": "RunPod.io"},
    "action": "reject",
    "reason_code": "synthetic_reason",
    "reason": "A synthetic decision.",
    "decided_on": "2026-11-20",
    "decided_by": "test",
}


def written(folder, *entries, family="gpu_rental"):
    path = folder / f"{family}.yml"
    path.write_text(yaml.safe_dump({"corrections": list(entries)}), encoding="utf-8")
    return folder


def test_an_entry_is_read_as_it_stands(tmp_path):
    (entry,) = corrections.own(written(tmp_path, {**ENTRY, "first_day": "2023-05-20", "expect": {"price_at_most": 2}}))
    assert (entry.id, entry.match, entry.action) == ("synthetic", {"provider_label": "RunPod.io"}, "reject")
    assert entry.first_day.isoformat() == "2023-05-20"
    assert entry.expect.price_at_most == 2


def test_no_file_is_no_correction(tmp_path):
    assert corrections.own(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"source_id": "nobody"}, "no source of gpu_rental"),
        ({"source_id": "genai_prices"}, "no source of gpu_rental"),
        ({"source_id": "gpu_rates_fsdl_captures"}, "holds no prices"),
        ({"match": {"provider": "RunPod.io"}}, "Columns are: .*provider_label"),
        ({"match": {}}, "match"),
        ({"reason_code": None}, "needs its reason_code"),
        ({"reason": "wrong"}, "say in words"),
        ({"action": "correct"}, "`set` belongs to the action correct"),
        ({"set": {"price": 1}}, "`set` belongs to the action correct"),
        ({"action": "correct", "set": {}}, "nothing is set"),
        ({"action": "correct", "set": {"price": 1, "multiply_price_by": 2}}, "exclude each other"),
        ({"action": "expect"}, "needs its guard"),
        ({"expect": {}}, "nothing is expected"),
        ({"first_day": "2024-02-01", "last_day": "2024-01-01"}, "last_day lies before first_day"),
        ({"decided_by": None}, "decided_by"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused_with_its_place(tmp_path, change, told):
    with pytest.raises(SourceError, match=told) as raised:
        corrections.own(written(tmp_path, {**ENTRY, **change}))
    assert "gpu_rental.yml" in str(raised.value)


def test_ids_are_unique_and_files_belong_to_a_family(tmp_path):
    with pytest.raises(SourceError, match="stand twice: synthetic"):
        corrections.own(written(tmp_path, ENTRY, ENTRY))
    with pytest.raises(SourceError, match=r"gpu_rentals\.yml is no family"):
        corrections.own(written(tmp_path, ENTRY, family="gpu_rentals"))


def test_yaml_that_is_none_is_told_as_such(tmp_path):
    (tmp_path / "gpu_rental.yml").write_text("corrections: [", encoding="utf-8")
    with pytest.raises(SourceError, match=r"gpu_rental\.yml is not valid"):
        corrections.own(tmp_path)


def test_prices_of_power_are_set_aside_and_never_rewritten(tmp_path):
    change = {"source_id": "ember_day_ahead", "match": {"zone_label": "Germany"}, "action": "correct"}
    entry = {**ENTRY, **change, "reason_code": None, "set": {"price": 1}}
    with pytest.raises(SourceError, match="rejected or watched only"):
        corrections.own(written(tmp_path, entry, family="power_prices"))


def test_packaged_entries_name_rows_that_are_recorded():
    """Counted in the curated file with other code than the product's."""
    for entry in corrections.packaged():
        spec = all_sources()[entry.source_id]
        if not (spec.offline or "").endswith(".csv"):
            continue
        rows = pl.read_csv(SOURCES_DIR / spec.family / spec.offline, infer_schema=False)
        for column, value in entry.match.items():
            rows = rows.filter(pl.col(column).is_in([str(v) for v in (value if isinstance(value, list) else [value])]))
        first, last = str(entry.first_day or "0"), str(entry.last_day or "9")
        rows = rows.filter(pl.col("valid_from").is_between(pl.lit(first), pl.lit(last)))
        assert rows.height > 0, entry.id
