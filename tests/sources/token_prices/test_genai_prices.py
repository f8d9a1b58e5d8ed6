"""genai-prices offline: read as data, the same figures as the package itself works out, dates as the module states."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import polars as pl
import pytest

from sources.errors import SourceError
from sources.payload import Payload
from sources.registry import all_sources
from sources.token_prices import genai_module, genai_prices
from tests.conftest import ROOT

RELEASED = dt.date(2026, 11, 10)


@pytest.fixture(scope="module")
def payload() -> Payload:
    [found] = genai_prices.fetch_offline(all_sources()["genai_prices"])
    return found


@pytest.fixture(scope="module")
def rows(payload) -> pl.DataFrame:
    return genai_prices.parse(payload).with_columns(pl.col("price").cast(pl.Float64))


def synthetic(prices, *, day: str = "2026-11-10", **model) -> pl.DataFrame:
    """One synthetic model's rows, as a live reading of that day."""
    providers = [{"id": "synthetic", "name": "S", "models": [{"id": "m", "name": "M", "prices": prices, **model}]}]
    content = json.dumps(providers).encode()
    return genai_prices.parse(Payload("genai_prices", "synthetic", content, "application/json", day))


def spells(frame: pl.DataFrame) -> list[tuple]:
    columns = ("token_kind", "processing", "tier", "price", "valid_from", "valid_to", "last_observed")
    texts = [pl.col(c).cast(pl.String) for c in columns]
    return frame.select(texts).sort(columns).rows()


def test_the_payload_is_the_module_as_the_wheel_recorded_it(payload):
    assert payload.metadata["version"] == "0.2.3"
    assert payload.metadata["stated_at"] == "2026-11-10T21:51:41Z"
    assert payload.metadata["wheel_record_hash"].startswith("sha256=")
    assert payload.observed_on == RELEASED.isoformat()
    assert b"providers: list[Provider]" in payload.content


def test_the_package_is_never_imported_and_its_code_never_run():
    script = (
        "import sys; from sources.registry import all_sources; from sources.token_prices import genai_prices as g; "
        "[p] = g.fetch_offline(all_sources()['genai_prices']); g.parse(p); "
        "sys.exit(any(name.split('.')[0] == 'genai_prices' for name in sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    assert subprocess.run([sys.executable, "-c", script], env=environment, check=False).returncode == 0
    with pytest.raises(genai_module.UnknownForm, match="line 1 is no literal"):
        genai_module.providers(b"providers: list = [Provider(id=print('run'))]")


def test_every_provider_and_model_is_there(payload, rows):
    providers = genai_module.providers(payload.content)
    assert len(providers) == 47
    assert sum(len(provider["models"]) for provider in providers) == 2330
    unpriced = genai_prices.unpriced(payload)
    assert len(unpriced) == 179
    priced = {(p["id"], m["id"]) for p in providers for m in p["models"]} - set(unpriced)
    assert set(rows.select("provider_label", "model_label").unique().rows()) == priced
    assert rows["parse_error"].null_count() == rows.height


def test_known_from_the_day_of_the_release_on(rows):
    assert set(rows["known_from"]) == {RELEASED}
    assert set(rows["known_basis"]) == {"published"}
    assert rows.filter(pl.col("last_observed") > RELEASED).height == 0
    assert rows.filter(pl.col("citation") != "genai-prices 0.2.3, released 2026-11-10T21:51:41Z").height == 0


def test_one_row_per_thing_and_start(rows):
    key = ["provider_label", "model_label", "token_kind", "processing", "tier", "valid_from"]
    assert rows.select(key).is_duplicated().sum() == 0
    ends = pl.col("valid_to").fill_null(dt.date(9999, 1, 1))
    following = pl.col("valid_from").shift(-1).over(key[:-1], order_by="valid_from")
    assert rows.filter(ends > following).height == 0


@pytest.mark.parametrize(
    "day", [dt.date(2025, 7, 1), dt.date(2026, 10, 19), RELEASED, dt.date(2026, 12, 2), dt.date(2027, 1, 1)], ids=str
)
def test_the_package_works_out_the_same_prices(rows, day):
    """Oracle: the package's own choice of record on a day, for every standard price that the module dates by then."""
    data = pytest.importorskip("genai_prices.data")
    in_force = rows.filter(
        pl.col("valid_from") <= day,
        pl.col("valid_to").is_null() | (pl.col("valid_to") > day),
        pl.col("processing") == "standard",
        ~pl.col("tier").str.contains(" "),
    )
    ours = {tuple(row[:4]): row[4] for row in in_force.select(*_KEY, "price").iter_rows()}
    theirs = {}
    for provider in data.providers:
        for model in provider.models:
            if provider.id == "deepseek" and "start_time" in repr(model.prices):
                continue  # by the hour: see test_hours
            moment = dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC)
            for name, price in model.get_prices(moment).__dict__.items():
                for tier, amount in _tiers(price):
                    theirs[provider.id, model.id, genai_prices._kind(name)[0], tier] = float(amount)
    common = {key: (ours[key], theirs[key]) for key in ours.keys() & theirs.keys()}
    assert {key: pair for key, pair in common.items() if pair[0] != pair[1]} == {}
    assert {key for key in ours.keys() - theirs.keys() if key[0] != "deepseek"} == set()
    assert len(common) >= 5000 if day >= RELEASED else common


_KEY = ("provider_label", "model_label", "token_kind", "tier")


def _tiers(price):
    if price is None:
        return []
    if dataclasses.is_dataclass(price):
        return [("base", price.base), *[(f"above_{step.start}", step.price) for step in price.tiers]]
    return [("base", price)]


def test_hours_the_dearer_set_is_standard(rows):
    """The package's own words on deepseek-chat: off-peak is the default record, standard holds 00:30 to 16:30 UTC."""
    chat = rows.filter(pl.col("provider_label") == "deepseek", pl.col("model_label") == "deepseek-chat")
    assert set(chat.select("token_kind", "processing", "price").rows()) == {
        ("input", "standard", 0.27),
        ("cached_input", "standard", 0.07),
        ("output", "standard", 1.1),
        ("input", "off_peak", 0.135),
        ("cached_input", "off_peak", 0.035),
        ("output", "off_peak", 0.55),
    }
    [note] = chat.filter(pl.col("processing") == "standard")["note"].unique()
    assert note == "true start unknown: undated record; UTC 00:30 to 16:30"
    flat = rows.filter(
        pl.col("model_label") == "deepseek-v4-pro",
        pl.col("provider_label") == "deepseek",
        pl.col("token_kind") == "output",
    )
    assert flat.select("processing", "price", "valid_from", "valid_to").sort("price").rows() == [
        ("standard", 0.87, dt.date(2026, 8, 16), dt.date(2026, 8, 17)),
        ("off_peak", 1.98, dt.date(2026, 8, 17), None),
        ("standard", 3.96, RELEASED, None),
    ]


def test_hours_that_cost_less_are_off_peak_synthetic():
    night = {"constraint": {"start_time": "20:00", "end_time": "06:00"}, "prices": {"input_mtok": 1}}
    assert spells(synthetic([{"prices": {"input_mtok": 2}}, night])) == [
        ("input", "off_peak", "base", "1", "2026-11-10", None, "2026-11-10"),
        ("input", "standard", "base", "2", "2026-11-10", None, "2026-11-10"),
    ]


def test_dates_a_superseded_undated_record_is_known_for_the_day_before_synthetic():
    records = [
        {"prices": {"input_mtok": 3, "output_mtok": 9}},
        {"constraint": {"start_date": "2026-03-01"}, "prices": {"input_mtok": 2, "output_mtok": 9}},
        {"constraint": {"start_date": "2027-01-01"}, "prices": {"input_mtok": 4, "output_mtok": 9}},
    ]
    assert spells(synthetic(records)) == [
        ("input", "standard", "base", "2", "2026-03-01", "2027-01-01", "2026-11-10"),
        ("input", "standard", "base", "3", "2026-02-28", "2026-03-01", "2026-02-28"),
        ("input", "standard", "base", "4", "2027-01-01", None, "2026-11-10"),  # announced: seen, not yet in force
        ("output", "standard", "base", "9", "2026-02-28", None, "2026-11-10"),  # a repeated figure is no change
    ]


def test_tiers_and_variants_synthetic():
    tiered = {"base": "1.25", "tiers": [{"start": 200000, "price": 2.5}]}
    variants = [
        {"when": {"processing": "batch"}, "prices": {"input_mtok": 0.5}, "constraint": {"start_date": "2026-10-01"}},
        {"when": {"processing": "batch"}, "prices": {"input_mtok": 0.6}},
        {"when": {"service_tier": "default"}, "prices": {}},
        {"when": {"route": "x/eu"}, "prices": {"input_mtok": tiered}},
        {"when": {"search_type": "fast"}, "prices": {"web_searches_kcount": 1}},
    ]
    assert spells(synthetic({"input_mtok": tiered}, price_variants=variants)) == [
        ("input", "batch", "base", "0.5", "2026-10-01", None, "2026-11-10"),
        ("input", "batch", "base", "0.6", "2026-09-30", "2026-10-01", "2026-09-30"),
        ("input", "standard", "above_200000", "2.5", "2026-11-10", None, "2026-11-10"),
        ("input", "standard", "base", "1.25", "2026-11-10", None, "2026-11-10"),
        ("input", "standard", "route x/eu", "1.25", "2026-11-10", None, "2026-11-10"),
        ("input", "standard", "route x/eu above_200000", "2.5", "2026-11-10", None, "2026-11-10"),
        ("web_searches_kcount", "standard", "search_type fast", "1", "2026-11-10", None, "2026-11-10"),
    ]


@pytest.mark.parametrize(
    ("prices", "model"),
    [
        ([{"constraint": {"weekday": "sunday"}, "prices": {"input_mtok": 1}}], {}),
        ([{"constraint": {"start_date": "soon"}, "prices": {"input_mtok": 1}}], {}),
        ({"input_mtok": {"steps": []}}, {}),
        ([{"prices": "free"}], {}),
        ({"input_mtok": 1}, {"price_variants": [{"when": {"a": "b", "c": "d"}, "prices": {"input_mtok": 2}}]}),
    ],
    ids=str,
)
def test_an_unknown_form_is_one_refused_row_and_no_guess_synthetic(prices, model):
    frame = synthetic(prices, **model)
    assert frame.height == 1
    assert "unknown form" in frame["parse_error"][0]
    outcome = all_sources()["genai_prices"].load_contract().validate(frame, "genai_prices")
    assert outcome.rejected.height == 1


def test_the_json_of_the_same_data_gives_the_same_rows(payload, rows):
    content = json.dumps(genai_module.providers(payload.content)).encode()
    live = genai_prices.parse(Payload("genai_prices", "synthetic", content, "application/json", payload.observed_on))
    told = ["known_basis", "citation"]
    assert live.with_columns(pl.col("price").cast(pl.Float64)).drop(told).equals(rows.drop(told))


def test_reading_takes_less_than_its_budget(payload):
    started = time.process_time()
    genai_prices.parse(payload)
    assert time.process_time() - started < 2.5


class _Package:
    """The real package's list of files, over a folder of the test's."""

    def __init__(self, version: str, real: metadata.Distribution, folder: Path) -> None:
        self.version = version
        self.files = [f for f in real.files or [] if f.as_posix() == genai_prices.DATA_MODULE]
        for file in self.files:
            file.dist = self
        self._folder = folder

    def locate_file(self, path):
        return self._folder / path


@pytest.mark.parametrize(
    ("version", "content", "said"),
    [
        ("0.9.9", b"", "0.9.9 is not one of the dated releases (0.2.3)"),
        ("0.2.3", b"providers = []", "was changed after it was installed"),
        ("0.2.3", None, "cannot be read"),
    ],
)
def test_a_package_that_is_not_the_pinned_one_is_refused(version, content, said, tmp_path, monkeypatch):
    module = tmp_path / genai_prices.DATA_MODULE
    module.parent.mkdir()
    if content is not None:
        module.write_bytes(content)
    package = _Package(version, metadata.distribution("genai-prices"), tmp_path)
    monkeypatch.setattr(metadata, "distribution", lambda name: package)
    with pytest.raises(SourceError, match=r"make setup") as raised:
        list(genai_prices.fetch_offline(all_sources()["genai_prices"]))
    assert said in str(raised.value)
