"""Live lists in the facts: real vintages folded and judged, and whose quote counts. Synthetic where it says so."""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
import json

import duckdb
import pytest

from sources.payload import Payload
from sources.registry import all_sources
from tests.dbt.token_prices import build, land

PAYLOADS = "data/token_prices/payloads"
VINTAGES = {
    "litellm": ["wheel_1.77.7__asof_2025-10-05", "wheel_1.99.0__asof_2026-08-25", "wheel_1.109.1__asof_2026-11-03"],
    "models_dev": ["c575fcfef__asof_2025-06-29", "3a7a4e965__asof_2025-12-31", "d20915daa__asof_2026-06-30"],
}
LAST = dt.date(2026, 11, 10)
BETWEEN = dt.date(2026, 9, 1)
ITEM = ("provider_label", "model_label", "token_kind", "processing", "tier")


def vintages(shared, source_id: str) -> list[Payload]:
    found = []
    for name in VINTAGES[source_id]:
        path = shared / PAYLOADS / f"{source_id}_{name}.json.gz"
        content = gzip.decompress(path.read_bytes())
        found.append(Payload(source_id, path.name, content, "application/json", name[-10:]))
    return found


@pytest.fixture(scope="module")
def landed(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    payloads = [payload for source_id in VINTAGES for payload in vintages(shared, source_id)]
    return folder, land(folder, live=payloads)


@pytest.fixture(scope="module")
def now(landed):
    with duckdb.connect(str(build(*landed, LAST)), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def then(landed):
    with duckdb.connect(str(build(*landed, BETWEEN)), read_only=True) as connection:
        yield connection


def one(connection, query: str):
    return connection.sql(query).fetchone()


def figures(payload: Payload) -> dict[tuple, float]:
    """What one payload states, by item."""
    spec = all_sources()[payload.source_id]
    accepted = spec.load_contract().validate(spec.load_connector().parse(payload), spec.source_id).accepted
    return {row[:-1]: row[-1] for row in accepted.select(*ITEM, "price").iter_rows()}


def last_days(payload: Payload) -> dict[str, dt.date]:
    """The day each of LiteLLM's models is no longer served from, as its map writes it; by its label."""
    entries = json.loads(payload.content)
    stated = {key: entry.get("deprecation_date") for key, entry in entries.items() if isinstance(entry, dict)}
    return {key: dt.date.fromisoformat(day) for key, day in stated.items() if isinstance(day, str) and day[:2] == "20"}


def spells(readings: list[dict[tuple, float]]) -> int:
    """In how many spells the readings show their figures: a change, a gap and a return each begin a new one."""
    items = set(itertools.chain.from_iterable(readings))
    seen = ([reading.get(item) for reading in readings] for item in items)
    return sum(1 for values in seen for value, _ in itertools.groupby(values) if value is not None)


@pytest.mark.shared
@pytest.mark.parametrize("source_id", list(VINTAGES))
def test_readings_fold_into_the_spells_counted_by_hand(shared, now, source_id):
    readings = [figures(payload) for payload in vintages(shared, source_id)]
    folded = f"from staging.stg_token_prices__snapshots where source_id = '{source_id}'"
    found = one(now, f"select count(*), sum(observation_count) {folded}")
    assert found == (spells(readings), sum(map(len, readings)))


@pytest.mark.shared
def test_the_day_between_knows_two_readings_and_no_more(shared, then):
    readings = [figures(payload) for payload in vintages(shared, "litellm")[:2]]
    count, newest, ended = one(
        then,
        "select count(*), max(known_from), count(valid_to) from staging.stg_token_prices__snapshots "
        "where source_id = 'litellm'",
    )
    assert (count, newest) == (spells(readings), dt.date(2026, 8, 25))
    # What the second reading changes or drops has ended, and what its map says is no longer served by that day.
    over = {label for label, day in last_days(vintages(shared, "litellm")[1]).items() if day <= BETWEEN}
    gone = sum(item[1] in over for item in readings[1])
    assert gone > 600
    assert ended == sum(readings[1].get(item) != price for item, price in readings[0].items()) + gone
    standing = one(
        then,
        "select count(*) from staging.stg_token_prices__snapshots where source_id = 'litellm' and valid_to is null",
    )
    assert standing == (len(readings[1]) - gone,)


@pytest.mark.shared
def test_no_price_is_in_force_after_the_day_its_model_is_no_longer_served(now, shared):
    days = last_days(vintages(shared, "litellm")[-1])
    in_force = now.sql(
        "select model_label, max(as_of_date) from core.token_price_asof where source_id = 'litellm' group by all"
    ).fetchall()
    assert [(label, day) for label, day in in_force if label in days and day >= days[label]] == []
    # Already over when the first map was read: what is known is the day before its end.
    found = now.sql(
        "select distinct valid_from, valid_to, known_from, last_observed from core.fct_token_price "
        "where source_id = 'litellm' and model_label = 'groq/llama-3.2-11b-text-preview'"
    ).fetchall()
    assert found == [(dt.date(2024, 10, 27), dt.date(2024, 10, 28), dt.date(2025, 10, 5), dt.date(2024, 10, 27))]


@pytest.mark.shared
def test_every_row_is_in_a_fact_or_in_quarantine_and_what_is_doubted(now):
    accepted, facts, doubted = one(
        now,
        """select (select count(*) from staging.stg_token_prices__labelled),
            (select count(*) from core.fct_token_price), (select count(*) from quarantine.doubted_token_price)""",
    )
    assert accepted == facts + doubted
    # Prices per step and per second among those per Mtok, and whole sellers a thousand times too dear.
    low = now.sql(
        "select distinct model_label from quarantine.doubted_token_price where reason = 'per_token_in_a_per_mtok_field'"
    ).fetchall()
    assert {("resnet-50",), ("flux-1-schnell",)} <= set(low)
    assert one(now, "select max(price_usd_per_mtok) <= 1500 from core.fct_token_price") == (True,)
    assert one(now, "select count(*) from core.fct_token_price where model_label like '%sample_spec%'") == (0,)


@pytest.mark.shared
def test_sellers_nobody_named_yet_are_counted_and_in_no_fact(now):
    labels = one(
        now, "select count(distinct provider_label) from staging.stg_token_prices__labelled where provider_is_unmapped"
    )
    assert 0 < labels[0] < 80
    share = one(
        now,
        """select count(*) filter (provider_is_unmapped) / count(*) from staging.stg_token_prices__labelled
        where source_id in ('litellm', 'models_dev') and price_usd_per_mtok > 0""",
    )
    assert share[0] < 0.08


@pytest.mark.shared
def test_a_price_in_force_was_seen_on_a_day_somebody_looked(now):
    """LiteLLM was read on three days: between them its figures age, and end with the carry limit."""
    ages = now.sql(
        """select as_of_date, min(last_observed), max(last_observed) from core.token_price_asof
        where source_id = 'litellm' group by all order by all"""
    ).fetchall()
    assert ages
    looks = [dt.date(2025, 10, 5), dt.date(2026, 8, 25), dt.date(2026, 11, 3)]
    for day, oldest, newest in ages:
        assert (oldest, newest) == (max(look for look in looks if look <= day),) * 2
        assert (day - newest).days <= 92


@pytest.mark.shared
def test_one_quote_a_provider_model_and_day_and_the_better_source_goes_first(now):
    doubled = one(
        now,
        """select count(*) from (select 1 from core.token_price_asof
        group by as_of_date, provider, model, processing having count(*) > 1)""",
    )
    assert doubled == (0,)
    # On the day both were last seen, the list with days of change goes before the map with known unit errors.
    sources = dict(
        now.sql(
            """select source_id, count(*) from core.token_price_asof
            where as_of_date = (select max(as_of_date) from core.token_price_asof) and provider = 'anthropic'
            group by all"""
        ).fetchall()
    )
    assert sources["genai_prices"] > 10


@pytest.mark.shared
def test_a_routers_own_list_goes_before_what_others_say_of_it(now):
    """LiteLLM, read on 2026-08-25, had Mistral Large at OpenRouter at 24; the router's own list said 6."""
    row = one(
        now,
        """select source_id, output_usd_per_mtok, last_observed < date '2026-08-25', quote_count > 1
        from core.token_price_asof where provider = 'openrouter' and model = 'mistral-large'
        and processing = 'standard' and as_of_date = '2026-08-31'""",
    )
    assert row == ("openrouter_history", 6.0, True, True)


ROUTE = {"id": "lab/m", "name": "M", "canonical_slug": "lab/m", "pricing": {"prompt": "0.000003", "completion": "1e-5"}}


def record(model: str, price: float, **dates: str | None) -> dict[str, object]:
    return {"id": model, "vendor": "openai", "name": model, "input": price, "output": price * 4, **dates}


def payload(source_id: str, day: str, document: object) -> Payload:
    return Payload(source_id, "synthetic", json.dumps(document).encode(), "application/json", day)


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory):
    """The embedded record, OpenRouter's list twice and both files of llm-prices, all synthetic but the record."""
    folder = tmp_path_factory.mktemp("synthetic")
    dear = {**ROUTE, "pricing": {"prompt": "0.000004", "completion": "1e-5"}}
    gone = {**ROUTE, "id": "lab/gone"}
    known = {**ROUTE, "id": "openai/gpt-4o"}
    undated = {"from_date": None, "to_date": None}
    long = {**record("synthetic-a-200k", 4), "name": "Synthetic A >200k"}
    dated = {"from_date": "2026-10-15", "to_date": None}
    live = [
        payload("openrouter", "2026-11-01", {"data": [ROUTE, gone, known]}),
        payload("openrouter", "2026-11-08", {"data": [dear, known]}),
        payload("llm_prices_current", "2026-10-30", {"prices": [record("synthetic-a", 2), record("synthetic-b", 1)]}),
        payload(
            "llm_prices_historical",
            "2026-10-30",
            {"prices": [record("synthetic-a", 2, **undated), record("synthetic-b", 1, **dated)]},
        ),
        payload("llm_prices_current", "2026-11-08", {"prices": [record("synthetic-a", 3), long]}),
    ]
    database = build(folder, land(folder, live=live), LAST)
    with duckdb.connect(str(database), read_only=True) as connection:
        yield connection


def test_a_list_read_live_goes_on_where_its_captures_end_synthetic(synthetic):
    sources = synthetic.sql(
        """select as_of_date < '2026-11-01', list(distinct source_id order by source_id) from core.token_price_asof
        where provider = 'openrouter' and as_of_date >= '2026-09-30' group by all order by all"""
    ).fetchall()
    by_time = dict(sources)
    assert "openrouter" not in by_time[True]
    assert "openrouter_history" not in by_time[False]
    both = one(
        synthetic,
        """select source_id, quote_count from core.token_price_asof
        where provider = 'openrouter' and model = 'gpt-4o' and processing = 'standard' and as_of_date = '2026-11-10'""",
    )
    assert both[0] == "openrouter"
    facts = synthetic.sql(
        """select model_label, cast(price_usd_per_mtok as double), valid_from, valid_to, grade
        from core.fct_token_price where source_id = 'openrouter' and token_kind = 'input' and model_label like 'lab/%'
        order by all"""
    ).fetchall()
    first, second = dt.date(2026, 11, 1), dt.date(2026, 11, 8)
    assert facts == [
        ("lab/gone", 3.0, first, second, "A"),
        ("lab/m", 3.0, first, second, "A"),
        ("lab/m", 4.0, second, None, "A"),
    ]


def test_of_two_files_of_one_list_the_later_reading_counts_synthetic(synthetic):
    """On the day both were read the fuller file speaks; a week later the other one, read again, speaks for itself."""
    found = synthetic.sql(
        """select as_of_date, source_id, input_usd_per_mtok, quote_count from core.token_price_asof
        where provider = 'openai' and model = 'synthetic-a' order by all"""
    ).fetchall()
    assert found == [
        (dt.date(2026, 10, 31), "llm_prices_historical", 2.0, 1),
        (dt.date(2026, 11, 10), "llm_prices_current", 3.0, 2),
    ]
    dated = synthetic.sql(
        """select valid_from, known_from, known_basis from core.fct_token_price
        where source_id = 'llm_prices_historical' and model_label = 'synthetic-b' and token_kind = 'input'"""
    ).fetchall()
    assert dated == [(dt.date(2026, 10, 15), dt.date(2026, 10, 30), "published")]


def test_a_tier_written_behind_the_name_is_the_tier_of_its_model_synthetic(synthetic):
    found = synthetic.sql(
        """select model, tier, cast(price_usd_per_mtok as double) from core.fct_token_price
        where model_label = 'synthetic-a-200k' and token_kind = 'input'"""
    ).fetchall()
    assert found == [("synthetic-a", "above_200000", 4.0)]
    assert one(synthetic, "select count(*) from core.dim_model where model like 'synthetic%-200k'") == (0,)


def test_every_source_of_token_prices_has_its_standing_in_writing(synthetic):
    priced = {row[0] for row in synthetic.sql("select distinct source_id from core.fct_token_price").fetchall()}
    written = {row[0] for row in synthetic.sql("select source_id from seeds.token_price_source").fetchall()}
    sources = {
        spec.source_id
        for spec in all_sources().values()
        if spec.family == "token_prices" and spec.contract == "observation"
    }
    assert priced <= written
    assert written == sources


@pytest.mark.shared
@pytest.mark.parametrize(
    ("label", "model"),
    [
        ("us.anthropic.claude-opus-4-7", "claude-opus-4-7"),
        ("anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5"),
        ("vertex_ai/claude-opus-4-5@20251101", "claude-opus-4-5"),
        ("databricks/databricks-claude-sonnet-4-5", "claude-sonnet-4-5"),
        ("fireworks_ai/accounts/fireworks/models/llama-v3p1-70b-instruct", "llama-3.1-70b"),
        ("vertex_ai/qwen/qwen3-next-80b-a3b-instruct-maas", "qwen3-next-80b-a3b-instruct"),
        ("together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo", "llama-3.3-70b"),
        ("azure/gpt-4o", "gpt-4o"),
        ("openrouter/openai/gpt-4o", "gpt-4o"),
    ],
)
def test_labels_of_the_live_lists_that_state_one_model(now, label, model):
    found = now.execute("select distinct model from core.fct_token_price where model_label = ?", [label]).fetchall()
    assert found == [(model,)]


@pytest.mark.shared
def test_no_two_makers_share_a_name_in_the_live_lists_either(now):
    names = now.sql(
        """select name, list(distinct lab.lab) from staging.stg_token_prices__labelled as stated
        inner join seeds.xwalk_lab as lab on stated.vendor = lab.vendor
        where lab.lab <> 'Perplexity' and stated.quantisation = 'unspecified'
        group by name having count(distinct lab.lab) > 1"""
    ).fetchall()
    assert names == []


def test_a_later_day_changes_no_verdict_on_an_earlier_row(now, then):
    """The same observations judged on both days, whole vintages of real lists. The one stated exception (two prices
    with hardly any history) needs a price that came between the two days; none did here."""
    verdicts = "select observation_id, coalesce(doubt, '') from staging.stg_token_prices__judged"
    earlier, later = (dict(connection.sql(verdicts).fetchall()) for connection in (then, now))
    assert len(earlier) > 20_000
    assert {name: (doubt, later[name]) for name, doubt in earlier.items() if doubt != later[name]} == {}
