"""llm-prices, both files: synthetic in the documented shape, units and dates checked against the panel's rows of it."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl
import pytest

from pipelines.landing import intake
from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import all_sources
from sources.token_prices import genai_prices, llm_prices
from sources.token_prices.contract import CONTRACTS

READ = dt.date(2026, 11, 21)


def rows(*records: object, source_id: str = "llm_prices_historical") -> pl.DataFrame:
    content = json.dumps({"updated_at": "2026-11-20", "prices": list(records)}).encode()
    return llm_prices.parse(Payload(source_id, "synthetic", content, "application/json", READ.isoformat()))


def record(**changes: object) -> dict[str, object]:
    return {"id": "m", "vendor": "lab", "name": "M", "input": 1.25, "output": 10, "input_cached": None, **changes}


def test_a_current_record_holds_from_the_day_it_was_read():
    frame = rows(record(input_cached=0.3), source_id="llm_prices_current")
    assert frame.select("token_kind", "price", "price_unit", "valid_from", "valid_to", "known_basis").rows() == [
        ("input", "1.25", "usd_per_mtok", READ, None, "first_seen"),
        ("output", "10", "usd_per_mtok", READ, None, "first_seen"),
        ("cached_input", "0.3", "usd_per_mtok", READ, None, "first_seen"),
    ]


@pytest.mark.parametrize(
    ("from_date", "to_date", "expected"),
    [
        # valid_from, valid_to, known_basis, last_observed
        ("2025-06-13", None, ("2025-06-13", None, "published", "2026-11-21")),
        ("2025-06-01", "2025-06-13", ("2025-06-01", "2025-06-13", "published", "2025-06-12")),
        (None, "2025-06-13", ("2025-06-12", "2025-06-13", "published", "2025-06-12")),
        (None, None, ("2026-11-21", None, "first_seen", "2026-11-21")),
        ("2027-01-01", None, ("2027-01-01", None, "published", "2026-11-21")),
        (None, "2027-01-01", ("2026-11-21", "2027-01-01", "first_seen", "2026-11-21")),
        (None, "2026-11-21", ("2026-11-20", "2026-11-21", "published", "2026-11-20")),
    ],
)
def test_the_first_day_counts_and_the_last_does_not(from_date, to_date, expected):
    frame = rows(record(output=None, from_date=from_date, to_date=to_date))
    found = frame.select("valid_from", "valid_to", "known_basis", "last_observed").row(0)
    assert tuple(value if isinstance(value, str | None) else value.isoformat() for value in found) == expected
    assert frame["known_from"].to_list() == [READ]
    assert CONTRACTS["observation"].validate(frame, "llm_prices_historical").accepted.height == 1


def test_a_name_that_prices_longer_prompts_is_a_tier():
    frame = rows(record(id="m-200k", name="M >200k", output=None), record(name="M \u2264200k", output=None))
    assert frame.select("model_label", "tier").rows() == [("m-200k", "above_200000"), ("m", "base")]
    written = {">1M": "above_1000000", "> 32000": "above_32000", ">272K context": "above_272000"}
    for text, tier in written.items():
        assert rows(record(name=f"M {text}", output=None))["tier"].to_list() == [tier]


def test_an_id_that_stands_twice():
    alike = rows(record(output=None), record(output=None, name="M \u2264128k"))
    assert alike.select("price", "note").rows() == [("1.25", "stands 2 times, alike")]
    different = rows(record(output=None), record(output=None, input=9))
    assert different["parse_error"].to_list() == ["m: input stands 2 times, as 1.25 and 9"] * 2


@pytest.mark.parametrize(
    "bad",
    [
        7,
        record(from_date=5),
        record(from_date="soon"),
        record(to_date="0001-01-01"),
        record(id=["m"]),
        record(vendor={}),
        record(smell=3, input=None, output=None),
    ],
    ids=str,
)
def test_a_record_of_an_unknown_form_is_told_and_the_next_is_read(bad):
    frame = rows(bad, record(id="good", output=None))
    assert frame["parse_error"].null_count() == 1
    assert frame.height == 2


@pytest.mark.parametrize(
    "content", [b"[]", b'{"prices": []}', b'{"updated_at": "2026-01-01"}', b'{"prices": {"a": 1}}']
)
def test_a_file_without_prices_is_refused_whole(content):
    with pytest.raises(SourceError):
        llm_prices.parse(Payload("llm_prices_current", "synthetic", content, "application/json", "2026-11-21"))


@pytest.mark.shared
def test_units_and_figures_are_those_of_the_panel(shared, publisher_server, monkeypatch, home):
    """The panel took 1,073 rows from ten commits of this publisher. Set back into the file's shape, landed in order."""
    panel = pl.read_parquet(shared / "data/token_prices/token_price_panel.parquet")
    taken = panel.filter(pl.col("source") == "simonw/llm-prices(git)").sort("as_of", maintain_order=True)
    assert taken.height == 1073
    spec = all_sources()["llm_prices_current"]
    monkeypatch.setenv("RACKHOUR_BASE_LLM_PRICES_CURRENT", f"{publisher_server.base}/current-v1.json")
    for (day,), commit in taken.group_by("as_of", maintain_order=True):
        records = [
            {"id": row["model_id"], "vendor": row["provider"], "name": row["model_id"], "input": row["input_usd_mtok"],
             "output": row["output_usd_mtok"], "input_cached": row["cache_read_usd_mtok"]}
            for row in commit.iter_rows(named=True)
        ]  # fmt: skip
        publisher_server.serve("/current-v1.json", json.dumps({"updated_at": str(day), "prices": records}).encode())
        monkeypatch.setenv("RACKHOUR_TODAY", str(day))
        run = intake.ingest(spec, home, "live")
        accepted = pl.read_parquet(intake.good_payloads(spec, home)[-1] / "accepted.parquet")
        expected = {
            (row["provider"], row["model_id"], kind, row[column])
            for row in commit.iter_rows(named=True)
            for kind, column in (
                ("input", "input_usd_mtok"),
                ("output", "output_usd_mtok"),
                ("cached_input", "cache_read_usd_mtok"),
            )
            if row[column] is not None
        }
        assert set(accepted.select("provider_label", "model_label", "token_kind", "price").rows()) == expected
        assert accepted.height == len(expected)
    assert (run.payloads, run.rejected) == (taken["as_of"].n_unique(), 0)
    # Another list of the same labs in dollars per Mtok agrees on the unit: no label is a thousand times away.
    genai = all_sources()["genai_prices"]
    [payload] = genai.load_connector().fetch_offline(genai)
    other = genai_prices.parse(payload).filter(
        pl.col("tier") == "base", pl.col("processing") == "standard", pl.col("valid_to").is_null()
    )
    pairs = accepted.filter(pl.col("price") > 0).join(
        other.select("provider_label", "model_label", "token_kind", pl.col("price").cast(float).alias("other")),
        on=["provider_label", "model_label", "token_kind"],
    )
    ratio = pairs["price"] / pairs["other"]
    assert pairs.height > 100
    assert (ratio == 1).mean() > 0.9
    assert ratio.min() > 0.05
    assert ratio.max() < 20
