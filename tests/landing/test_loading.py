"""`rackhour load` in a real process, on files invented here: every format, what is told, kept and folded."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
from pathlib import Path

import duckdb
import jinja2
import polars as pl
import pytest

from pipelines.home.places import Home
from pipelines.landing import intake, loading
from pipelines.warehouse import loaded_views
from sources.registry import home_sources
from tests.conftest import ROOT, rackhour

MAPPING = """\
source: {title: Synthetic quotes, publisher: Nobody, licence: invented, cadence_days: 90}
columns: {publisher_label: Vendor, market_label: Market, size_band: Size, price: Rate, valid_from: Day}
constants:
  facility_type: wholesale_colocation
  rate_type: asking
  price_unit: usd_per_kw_month
  power_included: no
  currency: USD
"""
ROWS = [
    {"Vendor": "Acme", "Market": "Northern Virginia", "Size": "250-500 kW", "Rate": 185.5, "Day": "2026-10-01"},
    {"Vendor": "Acme", "Market": "chicago", "Size": "250_500_kw", "Rate": 175.0, "Day": "2026-10-01"},
    {"Vendor": "Acme", "Market": "Atlantis", "Size": "250-500 kW", "Rate": 150.0, "Day": "2026-10-01"},
    {"Vendor": "Acme", "Market": "Phoenix", "Size": "250-500 kW", "Rate": 1.5, "Day": "2026-10-01"},
]


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "quote.yml"
    path.write_text(MAPPING)
    return path


def write(folder: Path, ending: str, rows: list[dict]) -> Path:
    path = folder / f"quote.{ending}"
    frame = pl.DataFrame(rows)
    if ending == "parquet":
        frame.write_parquet(path)
    elif ending == "json":
        path.write_text(json.dumps(rows))
    elif ending == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        frame.write_csv(path)
    return path


@pytest.mark.parametrize(("ending", "row"), [("csv", 5), ("parquet", 4), ("json", 4), ("jsonl", 4)])
def test_every_format_gives_the_same_rows(ending, row, tmp_path, mapping):
    path = write(tmp_path, ending, ROWS)
    done = rackhour("load", "colo_rates", str(path), "--source", "quote", "--map", str(mapping), home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert "4 file rows -> 4 contract rows: 3 accepted, 1 rejected" in done.stdout
    [told] = [line.split() for line in done.stdout.splitlines() if "price_within" in line]
    assert told == ["1", "row", "price_within_what_its_unit_allows", str(row)]
    assert "in no crosswalk, so out of core: market_label 'Atlantis' (1)" in done.stdout
    [folder] = (tmp_path / "home" / "landing" / "colo_rates" / "quote").glob("?" * 64)
    assert gzip.decompress((folder / "payload.gz").read_bytes()) == path.read_bytes()


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path, mapping):
    path, home = write(tmp_path, "csv", ROWS), tmp_path / "home"
    done = rackhour("load", "colo_rates", str(path), "--source", "quote", "--map", str(mapping), "--dry-run", home=home)
    assert done.returncode == 0, done.stderr
    assert "3 accepted, 1 rejected" in done.stdout
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense", "{file}", "--source", "x"], "Allowed: gpu_rental, token_prices, colo_rates, power_prices."),
        (["colo_rates", "{file}"], "--source NAME"),
        (["colo_rates", "{file}", "--source", "Bad Name"], "a name is a small letter"),
        (["colo_rates", "{file}", "--source", "colo_market_facts"], "is rackhour's own"),
        (["colo_rates", "{file}", "--source", "seen"], "is rackhour's own"),
        (["colo_rates", "nowhere.csv", "--source", "x"], "nowhere.csv cannot be read"),
        (["colo_rates", "{file}", "--source", "x"], "Not among them: Vendor, Market"),
        (["colo_rates", "{file}", "--source", "x", "--as-of", "2999-01-01"], "lies in the future"),
        (["colo_rates", "{file}", "--source", "x", "--as-of", "soon"], "is not a date"),
        (["gpu_rental", "{file}", "--source", "x", "--map", "{map}"], "publisher_label: no column of this family"),
    ],
)
def test_what_cannot_be_done_is_one_line_each_and_no_traceback(arguments, told, tmp_path, mapping):
    path = write(tmp_path, "csv", ROWS)
    filled = [a.format(file=path, map=mapping) for a in arguments]
    done = rackhour("load", *filled, home=tmp_path / "home")
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_no_row_of_which_is_taken_is_an_error(tmp_path, mapping):
    path = write(tmp_path, "csv", ROWS[3:])
    done = rackhour("load", "colo_rates", str(path), "--source", "x", "--map", str(mapping), home=tmp_path / "home")
    assert (done.returncode, "FAILED" in done.stdout) == (1, True)
    assert home_sources(tmp_path / "home" / "sources") == {}


def test_the_documents_example_is_what_the_command_prints(tmp_path):
    blocks = re.findall(r"```(?:yaml)?\n(.*?)```", (ROOT / "docs" / "load.md").read_text(), re.DOTALL)
    (tmp_path / "quote.csv").write_text(blocks[0])
    (tmp_path / "quote.yml").write_text(blocks[1])
    place = [str(tmp_path / "quote.csv"), "--source", "acme_quote", "--map", str(tmp_path / "quote.yml")]
    done = rackhour("load", "colo_rates", *place, "--dry-run", home=tmp_path / "home")
    assert done.stdout in blocks[2]
    assert done.stdout.startswith("acme_quote: checked: quote.csv, 2 file rows")


def test_a_template_is_printed(tmp_path):
    done = rackhour("load", "gpu_rental", "--template", home=tmp_path / "home")
    assert done.returncode == 0
    assert "Unit: gigabyte." in done.stdout
    assert "One of: on_demand, spot, " in done.stdout


def load(home: Home, mapping: Path, rows: list[dict], day: str, source: str = "quote") -> loading.Outcome:
    folder = home.root.parent / day
    folder.mkdir(exist_ok=True)
    path = write(folder, "csv", rows)
    [outcome] = loading.load(
        home, "colo_rates", path, source, mapping, dt.date.fromisoformat(day), dry_run=False
    ).outcomes
    return outcome


def known(home: Home, as_of: str) -> list[tuple]:
    """The loaded rates as staging folds them for a day."""
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals.update(source=lambda schema, name: f"{schema}.{name}", as_of=lambda: f"date '{as_of}'")
    text = (ROOT / "dbt_project" / "macros" / "loaded_as_of.sql").read_text()
    sql = environment.from_string(text).make_module().loaded_as_of("colo_rates")
    with duckdb.connect() as connection:
        connection.execute("create schema landing")
        loaded_views.lay_out(connection, home, home.root)
        days = "valid_from, valid_to, known_from, known_to, last_observed"
        listed = ", ".join(f"strftime({day.strip()}, '%m-%d')" for day in days.split(","))
        return connection.sql(
            f"select market_label, price, {listed}, observation_count from {sql} order by all"
        ).fetchall()


def rate(price: float, day: str, market: str = "Phoenix") -> dict:
    return {"Vendor": "Acme", "Market": market, "Size": "250-500 kW", "Rate": price, "Day": f"2026-{day}"}


def test_the_same_file_again_changes_nothing(home, mapping):
    assert load(home, mapping, ROWS, "2026-11-01").status == "new"
    before = {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()}
    outcome = load(home, mapping, ROWS, "2026-11-02")
    assert (outcome.status, outcome.accepted, outcome.file_rows) == ("already loaded", 3, 4)
    assert {p: p.read_bytes() for p in home.root.rglob("*") if p.is_file()} == before


def test_the_same_file_under_another_mapping_is_read_again_and_was_known_before(home, mapping):
    load(home, mapping, [rate(100, "10-01")], "2026-11-01")
    mapping.write_text(MAPPING.replace("cadence_days: 90", "cadence_days: 90, grade: B").replace(": no\n", ": yes\n"))
    assert load(home, mapping, [rate(100, "10-01")], "2026-11-05").status == "read again"
    assert home_sources(home.sources)["quote"].grade == "B"
    assert known(home, "2026-11-01") == [("Phoenix", 100.0, "10-01", None, "11-01", None, "10-01", 1)]


def test_what_older_code_has_read_is_read_again_with_the_mapping_it_was_loaded_with(home, mapping):
    load(home, mapping, [rate(100, "10-01")], "2026-11-01")
    mapping.unlink()
    [place] = (home.landing / "colo_rates" / "quote").glob("*/landed.json")
    stated = json.loads(place.read_text())
    place.write_text(json.dumps({**stated, "parser": "older"}))
    before = (place.parent / "accepted.parquet").read_bytes()
    run = intake.last_good(home_sources(home.sources)["quote"], home)
    assert (run.accepted, run.message) == (1, "not asked in this run (--only).")
    assert json.loads(place.read_text()) == stated
    assert (place.parent / "accepted.parquet").read_bytes() == before


def test_a_newer_file_restates_and_the_older_one_is_kept(home, mapping):
    load(home, mapping, [rate(100, "10-01"), rate(90, "10-01", "Dallas")], "2026-11-01")
    outcome = load(home, mapping, [rate(110, "10-01"), rate(120, "11-01")], "2026-11-10")
    assert outcome.status == "restated"
    assert len(list((home.landing / "colo_rates" / "quote").glob("*/payload.gz"))) == 2
    assert known(home, "2026-11-09") == [
        ("Dallas", 90.0, "10-01", None, "11-01", None, "10-01", 1),
        ("Phoenix", 100.0, "10-01", None, "11-01", None, "10-01", 1),
    ]
    assert known(home, "2026-11-10") == [
        ("Dallas", 90.0, "10-01", None, "11-01", None, "10-01", 1),
        ("Phoenix", 100.0, "10-01", None, "11-01", "11-10", "10-01", 1),
        ("Phoenix", 110.0, "10-01", "11-01", "11-10", None, "10-01", 1),
        ("Phoenix", 120.0, "11-01", None, "11-10", None, "11-01", 1),
    ]


def test_of_two_files_of_one_day_the_later_counts_and_a_figure_said_again_is_one_row(home, mapping):
    load(home, mapping, [rate(100, "10-01")], "2026-11-01")
    load(home, mapping, [rate(101, "10-01")], "2026-11-01")
    load(home, mapping, [rate(101, "10-01"), rate(90, "10-02", "Dallas")], "2026-11-03")
    assert known(home, "2026-11-30") == [
        ("Dallas", 90.0, "10-02", None, "11-03", None, "10-02", 1),
        ("Phoenix", 101.0, "10-01", None, "11-01", None, "10-01", 2),
    ]


def test_sources_of_a_family_do_not_restate_each_other(home, mapping):
    load(home, mapping, [rate(100, "10-01")], "2026-11-01", "one")
    load(home, mapping, [rate(110, "10-01")], "2026-11-02", "two")
    assert [(row[1], row[5]) for row in known(home, "2026-11-30")] == [(100.0, None), (110.0, None)]


def test_snapshots_fold_into_runs_by_group(home, mapping):
    """Acme's pages were looked at on four days, Phoenix vanishes and comes back; Zeta's look does not end Acme's."""
    mapping.write_text(MAPPING + "shape: snapshots\ncapture_group: [publisher_label]\n")
    rows = [
        rate(100, "01-01"), rate(90, "01-01", "Dallas"),
        rate(100, "01-02"), rate(90, "01-02", "Dallas"),
        rate(95, "01-05", "Dallas"),
        rate(100, "01-06"), rate(95, "01-06", "Dallas"),
        {**rate(50, "01-03", "Chicago"), "Vendor": "Zeta"},
    ]  # fmt: skip
    load(home, mapping, rows, "2026-02-01")
    assert known(home, "2026-01-31") == []
    assert known(home, "2026-02-01") == [
        ("Chicago", 50.0, "01-03", None, "02-01", None, "01-03", 1),
        ("Dallas", 90.0, "01-01", "01-05", "02-01", None, "01-02", 2),
        ("Dallas", 95.0, "01-05", None, "02-01", None, "01-06", 2),
        ("Phoenix", 100.0, "01-01", "01-05", "02-01", None, "01-02", 2),
        ("Phoenix", 100.0, "01-06", None, "02-01", None, "01-06", 1),
    ]
    # A later file shows one of Acme's days anew: that look is replaced whole, the others stand.
    load(home, mapping, [rate(100, "01-05"), rate(95, "01-05", "Dallas")], "2026-03-01")
    assert ("Phoenix", 100.0, "01-01", None, "02-01", None, "01-06", 4) in known(home, "2026-03-01")
    assert ("Phoenix", 100.0, "01-01", "01-05", "02-01", None, "01-02", 2) in known(home, "2026-02-28")


def test_a_list_without_dates_is_a_look_of_the_day_it_was_loaded(home, mapping):
    mapping.write_text(MAPPING.replace(", valid_from: Day", "") + "shape: snapshots\n")
    load(home, mapping, [rate(100, "10-01"), rate(90, "10-01", "Dallas")], "2026-11-01")
    load(home, mapping, [rate(100, "10-01"), rate(95, "10-01", "Chicago")], "2026-11-08")
    assert known(home, "2026-11-30") == [
        ("Chicago", 95.0, "11-08", None, "11-08", None, "11-08", 1),
        ("Dallas", 90.0, "11-01", "11-08", "11-01", None, "11-01", 1),
        ("Phoenix", 100.0, "11-01", None, "11-01", None, "11-08", 2),
    ]


def test_a_file_of_several_publishers_becomes_several_sources(home, mapping, tmp_path):
    mapping.write_text(MAPPING + "split_by: Vendor\nparts: {Zeta: {grade: A, licence: bought}}\n")
    path = write(tmp_path, "csv", [rate(100, "10-01"), {**rate(50, "10-01"), "Vendor": "Zeta"}])
    report = loading.load(home, "colo_rates", path, "q", mapping, None, dry_run=False)
    assert [(o.source_id, o.accepted) for o in report.outcomes] == [("q_acme", 1), ("q_zeta", 1)]
    made = home_sources(home.sources)
    assert (made["q_zeta"].grade, made["q_zeta"].licence, made["q_acme"].grade) == ("A", "bought", "C")
    assert made["q_acme"].title == "Synthetic quotes: Acme"


TOKEN = """\
source: {title: Synthetic card, publisher: OpenAI, licence: contract, grade: B, citation: contract of 2026-10}
columns: {provider_label: vendor, model_label: model, valid_from: day}
constants: {price_unit: usd_per_mtok, currency: USD, processing: standard, tier: base}
unpivot: {columns: {in: {token_kind: input}, out: {token_kind: output}}}
"""
GPU = """\
source: {title: Synthetic, publisher: Nobody, licence: bought, grade: B, cadence_days: 7, known_basis: first_seen}
shape: snapshots
columns: {provider_label: provider, gpu_label: gpu, price: usd, valid_from: day}
constants: {commitment: on_demand, price_unit: usd_per_gpu_hour, currency: USD, gpu_count: 1}
"""
CARD = "vendor,model,day,in,out\nOpenAI,house-model,2026-10-01,2.5,10\nOpenAI,x,2026-10-01,,\nOpenAI,y,2026-10-01,9,\n"
CORRECTION = """\
corrections:
  - {id: not-ours, source_id: my_token_prices, match: {model_label: y}, action: reject, reason_code: not_ours,
     reason: a synthetic decision about a loaded row, decided_on: 2026-11-15, decided_by: test}
"""
LOOKS = "provider,gpu,usd,day\nCoreWeave,H100 SXM,4.5,2026-10-01\nCoreWeave,H100 SXM,4.5,2026-10-08\n"
POWER = """\
source: {title: Synthetic supply contract, publisher: Nobody, licence: ours, attribution: none}
columns: {zone_label: zone, interval_start: start, interval_end: end, price: eur, data_status: status}
constants: {sector: industrial, price_unit: eur_per_mwh, currency: EUR}
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of a home into which one file of every family was loaded."""
    folder = tmp_path_factory.mktemp("loaded")
    home = folder / "home"
    files = {
        "colo_rates": (MAPPING, write(folder, "csv", ROWS).read_text()),
        "token_prices": (TOKEN, CARD),
        "gpu_rental": (GPU, LOOKS),
        "power_prices": (POWER, "zone,start,end,eur,status\nUS-TX,2026-01-01,2026-02-01,80,metered\n"),
    }  # fmt: skip
    for family, (mapping, content) in files.items():
        (folder / f"{family}.yml").write_text(mapping)
        (folder / f"{family}.csv").write_text(content)
        place = [str(folder / f"{family}.csv"), "--source", f"my_{family}", "--map", str(folder / f"{family}.yml")]
        done = rackhour("load", family, *place, "--as-of", "2026-11-15", home=home)
        assert done.returncode == 0, done.stdout + done.stderr
    (home / "corrections").mkdir()
    (home / "corrections" / "token_prices.yml").write_text(CORRECTION)
    done = rackhour("refresh", home=home)
    assert done.returncode == 0, done.stderr[-3000:]
    return home


def ask(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        return connection.sql(query).fetchall()


def test_a_loaded_quote_stands_in_core(released):
    rows = ask(
        released,
        "select market, size_band, rate_usd_per_kw_month::double, publisher, grade, citation, known_from::varchar"
        " from core.fct_colo_rate where source_id = 'my_colo_rates' order by market",
    )
    assert rows == [
        ("chicago", "250_500_kw", 175.0, "Acme", "C", "colo_rates.csv", "2026-11-15"),
        ("northern_virginia", "250_500_kw", 185.5, "Acme", "C", "colo_rates.csv", "2026-11-15"),
    ]
    assert ask(released, "select label from core.unmapped_name where family = 'colo_rates'") == [("Atlantis",)]


def test_an_estimate_of_ones_own_is_a_fact_and_no_rate_in_force(released):
    shown = ask(
        released, "select distinct source_id from core.colo_rate_asof union select source_id from core.power_price_asof"
    )
    assert {("my_colo_rates",), ("my_power_prices",)}.isdisjoint(shown)


def test_a_loaded_rate_card_stands_in_core(released):
    rows = ask(
        released,
        "select provider, model, token_kind, price_usd_per_mtok::double, citation from core.fct_token_price"
        " where source_id = 'my_token_prices' order by token_kind",
    )
    assert rows == [
        ("openai", "house-model", "input", 2.5, "contract of 2026-10"),
        ("openai", "house-model", "output", 10.0, "contract of 2026-10"),
    ]
    in_force = ask(
        released,
        "select input_usd_per_mtok, output_usd_per_mtok from core.token_price_asof where model = 'house-model'"
        " and as_of_date = (select max(as_of_date) from core.token_price_asof)",
    )
    assert in_force == [(2.5, 10.0)], "a card of grade B is a price in force"


def test_a_loaded_row_can_be_set_aside_by_hand(released):
    rows = ask(
        released, "select model_label, reason from quarantine.doubted_token_price where source_id = 'my_token_prices'"
    )
    assert rows == [("y", "not_ours")]


def test_loaded_snapshots_fold_and_a_quote_of_grade_b_takes_part_in_the_headline(released):
    rows = ask(
        released,
        "select valid_from::varchar, last_observed::varchar, observation_count, price_usd_per_gpu_hour::double,"
        " known_from::varchar from core.fct_gpu_rental_rate where source_id = 'my_gpu_rental'",
    )
    assert rows == [("2026-10-01", "2026-10-08", 2, 4.5, "2026-10-01")]
    seen = ask(released, "select max(newest_observed)::varchar from core.headline_rate where gpu = 'H100 SXM'")
    assert seen == [("2026-10-08",)]


def test_a_loaded_price_of_energy_is_converted_at_its_months_rate(released):
    """80 EUR/MWh at the mean rate of January 2026 in the embedded ECB series, worked here by hand."""
    recorded = pl.read_csv(ROOT / "sources" / "power_prices" / "curated" / "ecb_eurusd_monthly.csv")
    rate = recorded.filter(pl.col("interval_start") == "2026-01-01")["rate"].item()
    [row] = ask(
        released,
        "select zone, price_usd_per_kwh::double, original_unit, note from core.fct_power_price"
        " where source_id = 'my_power_prices'",
    )
    assert row == ("US-TX", pytest.approx(80 * rate / 1000), "eur_per_mwh", "metered")


def test_a_release_says_whose_figures_they_are_and_what_was_refused(released):
    rows = ask(
        released, "select source_id, licence, grade from core.dim_source where source_id like 'my\\_%' escape '\\'"
    )
    assert sorted(rows) == [
        ("my_colo_rates", "invented", "C"),
        ("my_gpu_rental", "bought", "B"),
        ("my_power_prices", "ours", "C"),
        ("my_token_prices", "contract", "B"),
    ]
    refused = ask(
        released, "select source_id, origin, row_number, rule from quarantine.rejected_row where source_id like 'my%'"
    )
    assert sorted(refused) == [
        ("my_colo_rates", "colo_rates.csv", 5, "price_within_what_its_unit_allows"),
        ("my_token_prices", "token_prices.csv", 3, "no price in any of: in, out"),
    ]
    assert ask(released, "select max(as_of)::varchar from ops.releases") == [("2026-11-15",)]


def test_what_was_loaded_stays_when_nothing_else_changed(released):
    again = rackhour("refresh", home=released)
    assert again.stdout.startswith("unchanged"), again.stderr[-500:]
