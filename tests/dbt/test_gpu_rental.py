"""Rental facts, headline rates and coverage on the embedded record, built by dbt as the product builds them."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import math
import statistics
from pathlib import Path

import duckdb
import pytest

from pipelines.home.build import Build
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.warehouse import build_database
from sources.registry import all_sources
from tests.dbt.building import build_copy, copy_of

MODELS = (
    "+fct_gpu_rental_rate +fct_gpu_rental_index +headline_rate +coverage +dim_provider gpu_rental_rate "
    "stg_gpu_rental__unmapped"
)
TODAY = dt.date(2026, 11, 10)


def build(folder: Path, database: Path, as_of: dt.date) -> Path:
    """A copy of the landed database with the rental models as of a day."""
    # A test about models of other families as well is theirs.
    return build_copy(folder, database, as_of, MODELS)


@pytest.fixture(scope="module")
def landed(tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("rental")
    home = Home(folder / "home")
    home.ensure()
    for spec in all_sources().values():
        if spec.family == "gpu_rental":
            intake.ingest(spec, home, "offline")
    build_database.prepare(Build(home=home))
    return folder, home.build_db


@pytest.fixture(scope="module")
def today(landed):
    with duckdb.connect(str(build(*landed, TODAY)), read_only=True) as connection:
        yield connection


def one(connection, query: str):
    return connection.sql(query).fetchone()


def test_the_record_is_as_wide_as_promised(today):
    providers, first, last = one(
        today, "select count(distinct provider), min(valid_from), max(last_observed) from core.fct_gpu_rental_rate"
    )
    assert providers >= 30
    assert first.year == 2022
    assert last == dt.date(2026, 10, 8)


def test_every_landed_row_is_in_a_fact_in_quarantine_or_counted_as_unmapped(today):
    labelled, facts, set_aside, unmapped, no_gpus = one(
        today,
        """select
            (select count(*) from staging.stg_gpu_rental__labelled),
            (select count(*) from core.fct_gpu_rental_rate),
            (select count(*) from quarantine.gpu_rental_rate),
            (select coalesce(sum(row_count), 0) from staging.stg_gpu_rental__unmapped),
            (select count(*) from staging.stg_gpu_rental__labelled where left_out = 'is_no_gpu')""",
    )
    assert labelled == facts + set_aside + unmapped + no_gpus


def test_two_unclear_labels_are_unmapped_and_what_is_no_gpu_is_left_out_by_its_rule(today):
    unclear = today.sql("select label, row_count from staging.stg_gpu_rental__unmapped order by all").fetchall()
    assert unclear == [("NVIDIA B200 NVL", 1), ("NVIDIA RTX PRO-A6000 SE", 2)]
    left_out = today.sql(
        """select gpu_label, count(*) from staging.stg_gpu_rental__labelled where left_out = 'is_no_gpu'
        group by all order by all"""
    ).fetchall()
    assert left_out == [("Alveo U250", 9), ("gaudi-hl-205", 1), ("inferentia", 12), ("inferentia2", 4), ("trainium", 3)]
    # Sizes whose tracker names no GPU bear what their page says: an NV12 has two M60, an NV4as an eighth of an MI25.
    sizes = today.sql(
        """select distinct sku_label, gpu, form_factor, gpu_count from staging.stg_gpu_rental__labelled
        where sku_label in ('Standard_NV12', 'Standard_NV4as_v4') order by all"""
    ).fetchall()
    assert sizes == [
        ("Standard_NV12", "M60", "PCIe", 2.0),
        ("Standard_NV4as_v4", "Radeon Instinct MI25", "partial", 0.125),
    ]


@pytest.mark.parametrize(
    ("label", "sku", "expected"),
    [
        ("h100", None, ("H100 (unspecified)", "unspecified")),
        ("h100", "p5.48xlarge", ("H100 SXM", "SXM")),
        ("h100", "a3-highgpu-8g", ("H100 SXM", "SXM")),
        ("H100", "Standard_ND96isr_H100_v5", ("H100 SXM", "SXM")),
        ("H100NVL", "Standard_NC40ads_H100_v5", ("H100 NVL", "NVL")),
        ("H100_80GB_PCIe", None, ("H100 PCIe", "PCIe")),
        ("h200", None, ("H200", "unspecified")),
        ("h200-nvl", None, ("H200 NVL", "NVL")),
        ("a100", "p4d.24xlarge", ("A100 40GB", "SXM")),
        ("a100", "a2-ultragpu-1g", ("A100 80GB", "SXM")),
        ("rtx6000", "g4-standard-24", ("RTX PRO 6000 Server", "partial")),
    ],
)
def test_forms_and_memories_are_kept_apart(today, label, sku, expected):
    query = """select distinct gpu, form_factor from staging.stg_gpu_rental__labelled
        where gpu_label = ? and sku_label is not distinct from ?"""
    assert today.execute(query, [label, sku]).fetchall() == [expected]


@pytest.mark.parametrize(
    ("rejection", "where"),
    [
        ("price_lacks_gpu", "sku_label = 'a3-megagpu-8g' and commitment = 'on_demand' and price < 11"),
        ("companion_lacks_gpu", "sku_label = 'a3-megagpu-8g' and commitment = 'spot' and price < 10"),
        ("reserved_lacks_gpu", "sku_label = 'a2-ultragpu-1g' and commitment = 'reserved_3y' and price < 1"),
        ("reserved_not_discounted", "sku_label = 'a2-ultragpu-1g' and commitment = 'reserved_1y' and price > 4"),
        ("whole_node_price", "gpu_label = 'Quadro RTX 6000 (24 GB)' and price = 4.4"),
        ("gpu_memory_contradicts_label", "gpu_label = 'h100-nvl' and gpu_memory_gb = 80"),
        ("spot_above_on_demand", "provider = 'spheron' and commitment = 'spot' and price = 2.91"),
        ("per_gpu_price_in_instance_field", "gpu_label = 'A5000 (24 GB)' and price = 0.32"),
        ("gpu_count_not_stated", "gpu_label = 'RTXPRO6000BSE'"),
    ],
)
def test_real_bad_input_is_set_aside_with_its_reason_and_in_no_fact(today, rejection, where):
    found = f"select distinct rejection from staging.stg_gpu_rental__judged where {where}"
    assert today.sql(found).fetchall() == [(rejection,)]
    aside = f"select count(*) > 0 from quarantine.gpu_rental_rate where {where}"
    assert one(today, aside) == (True,)


def test_headline_is_the_median_of_the_providers_lowest_prices(today):
    """H100 of no stated form on 2026-08-31, counted again by hand: every source was read within the month."""
    rows = today.sql(
        """select provider, min(price_usd_per_gpu_hour) from core.fct_gpu_rental_rate
        where gpu = 'H100 (unspecified)' and commitment = 'on_demand' and grade = 'B'
        and valid_from <= date '2026-08-31' and (valid_to is null or valid_to > date '2026-08-31')
        and last_observed >= date '2026-07-31' group by provider"""
    ).fetchall()
    headline, low, high, providers, stale, indicative = one(
        today,
        """select price_usd_per_gpu_hour, price_usd_per_gpu_hour_low, price_usd_per_gpu_hour_high, provider_count,
        is_stale, is_indicative from core.headline_rate where as_of_date = date '2026-08-31'
        and gpu = 'H100 (unspecified)' and commitment = 'on_demand' and provider_tier = 'all'""",
    )
    prices = [price for _, price in rows]
    assert (headline, low, high, providers) == (statistics.median(prices), min(prices), max(prices), len(prices))
    assert not stale
    assert not indicative


def test_quantiles_are_of_the_quotes_and_not_of_the_providers(today):
    """The same day and GPU: every quote counts once, whoever makes it."""
    quotes = today.sql(
        """select price_usd_per_gpu_hour::double from core.fct_gpu_rental_rate
        where gpu = 'H100 (unspecified)' and commitment = 'on_demand' and grade = 'B'
        and valid_from <= date '2026-08-31' and (valid_to is null or valid_to > date '2026-08-31')
        and last_observed >= date '2026-07-31'"""
    ).fetchall()
    prices = sorted(price for (price,) in quotes)
    tenths = statistics.quantiles(prices, n=10, method="inclusive")
    found = one(
        today,
        """select quote_p10_usd_per_gpu_hour::double, quote_p50_usd_per_gpu_hour::double,
        quote_p90_usd_per_gpu_hour::double, quote_count from core.headline_rate where as_of_date = date '2026-08-31'
        and gpu = 'H100 (unspecified)' and commitment = 'on_demand' and provider_tier = 'all'""",
    )
    assert found == pytest.approx((tenths[0], statistics.median(prices), tenths[8], len(prices)), abs=1e-6)


def test_a_headline_older_than_its_sources_say_so(today):
    consistent, some = one(
        today, "select bool_and(is_stale = (stale_provider_count > 0)), bool_or(is_stale) from core.headline_rate"
    )
    assert consistent
    assert some
    # Azure's record has one capture in four and a half months: fresh up to twice that, then gone within a quarter.
    assert one(today, "select max(age_days) <= 276 from core.headline_rate where not is_stale") == (True,)
    assert one(today, "select max(age_days) <= 276 from core.headline_rate") == (True,)


def test_a_level_says_how_far_its_sellers_alone_moved_it(today):
    """Counted again from the quotes each headline names, over every GPU and tier of three month ends."""
    named = today.sql(
        """
        select h.gpu, h.commitment, h.provider_tier, h.as_of_date, f.provider, f.price_usd_per_gpu_hour::double
        from (select *, unnest(observation_ids) as observation_id from core.headline_rate) as h
        join core.fct_gpu_rental_rate as f using (observation_id)
        where h.as_of_date between date '2026-06-30' and date '2026-08-31'
        """
    ).fetchall()
    asked = {}
    for gpu, commitment, tier, day, provider, price in named:
        asked.setdefault((gpu, commitment, tier, day), {})[provider] = price
    stated = today.sql(
        """
        select gpu, commitment, provider_tier, as_of_date, lag_day, entered_provider_count, exited_provider_count,
            level_ratio, same_sellers_ratio, composition_changed
        from core.headline_rate
        join (select as_of_date, lag(as_of_date) over (order by as_of_date) as lag_day from core.calendar)
            using (as_of_date)
        where as_of_date between date '2026-07-31' and date '2026-08-31'
        """
    ).fetchall()
    compared = 0
    for gpu, commitment, tier, day, before, entered, exited, level, same, changed in stated:
        now, then = asked[gpu, commitment, tier, day], asked.get((gpu, commitment, tier, before))
        if then is None:
            assert (entered, exited, level, same, changed) == (None,) * 5
            continue
        both = now.keys() & then.keys()
        compared += bool(both)
        assert (entered, exited) == (len(now.keys() - then.keys()), len(then.keys() - now.keys()))
        assert changed is (now.keys() != then.keys())
        assert level == pytest.approx(statistics.median(now.values()) / statistics.median(then.values()))
        moves = [math.log(now[seller] / then[seller]) for seller in both]
        assert same == (pytest.approx(math.exp(statistics.mean(moves))) if both else None)
    assert compared > 20


def test_documents_and_mixed_commitments_never_make_a_headline(today):
    assert one(today, "select count(*) from core.headline_rate where commitment in ('unspecified', 'reserved')") == (0,)
    # B200 by DataCrunch on the marketplace that mixes spot in stood at 1.55 to 1.80.
    assert one(
        today,
        "select min(price_usd_per_gpu_hour_low) > 3 from core.headline_rate where gpu = 'B200' "
        "and commitment = 'on_demand' and as_of_date < date '2026-01-01'",
    ) == (True,)


def test_coverage_has_no_row_without_a_sighting(today):
    assert one(today, "select min(quote_count) from core.coverage") == (1,)
    # What stood between a provider's sightings is no sighting: FluidStack's page of 2026 was read by nobody.
    assert one(today, "select count(*) from core.coverage where provider = 'fluidstack' and quarter >= '2026'") == (0,)


def test_the_h100_has_three_neoclouds_in_every_month_since_2024(today):
    """Archived price pages fill what trackers left open: 36 months, none of them held by fewer than three."""
    fewest, months = one(
        today,
        """select min(provider_count), count(*) from core.headline_rate where gpu = 'H100 SXM'
        and commitment = 'on_demand' and provider_tier = 'neocloud'
        and as_of_date between '2024-01-31' and '2026-10-31'""",
    )
    assert fewest >= 3
    assert months >= 34


@pytest.mark.parametrize(
    ("provider", "day", "asked"),
    # From the archived pages by hand: lowest on-demand H100 SXM of the page a reader would have found on the day.
    [
        ("coreweave", "2025-06-30", 49.24 / 8),
        ("lambda", "2025-11-30", 2.99),
        ("nebius", "2025-01-31", 2.95),
        ("crusoe", "2025-12-31", 3.9),
    ],
)
def test_a_neoclouds_price_of_a_day_is_what_its_page_asked(today, provider, day, asked):
    found = one(
        today,
        f"""select min(price_usd_per_gpu_hour) from core.fct_gpu_rental_rate where gpu = 'H100 SXM'
        and source_id = 'gpu_rates_archived_pages' and provider = '{provider}' and commitment = 'on_demand'
        and valid_from <= date '{day}' and (valid_to is null or valid_to > date '{day}')""",
    )
    assert float(found[0]) == pytest.approx(asked)


def test_an_index_a_paid_median_and_a_forward_are_in_no_rate_and_no_headline(today):
    bases = today.sql("select price_basis, count(*) from core.fct_gpu_rental_index group by all order by 1").fetchall()
    assert [basis for basis, _ in bases] == ["forward", "index", "paid"]
    assert one(today, "select distinct price_basis from core.fct_gpu_rental_rate") == ("ask",)
    shared = "select count(*) from core.fct_gpu_rental_index join core.fct_gpu_rental_rate using (source_id)"
    assert one(today, shared) == (0,)


def test_terms_are_stated_where_the_page_states_them(today):
    terms = today.sql(
        "select distinct commitment, term_months from core.fct_gpu_rental_rate where term_months is not null"
    ).fetchall()
    assert ("reserved", 6.0) in terms
    assert ("reserved", 60.0) in terms
    assert {months for commitment, months in terms if commitment == "reserved_1y"} == {12.0}
    assert {months for commitment, months in terms if commitment == "reserved_3y"} == {36.0}
    assert not {c for c, _ in terms} - {"reserved", "reserved_1y", "reserved_3y"}


def test_an_old_list_of_amazons_is_set_aside_and_its_new_one_counts(today):
    """The tracker showed 12.29 for the H100 until 2026-09-30, a year after Amazon's cut to 6.88."""
    asked = today.sql(
        """select distinct price_usd_per_gpu_hour::double from core.fct_gpu_rental_rate
        where provider = 'aws' and gpu = 'H100 SXM' and commitment = 'on_demand'
        and last_observed >= date '2026-07-01'"""
    ).fetchall()
    assert asked == [(6.88,)]


@pytest.mark.parametrize("day", [dt.date(2024, 6, 15), dt.date(2026, 8, 5)], ids=str)
def test_a_day_can_be_built_again_from_what_was_known_then(landed, today, day):
    del today  # today's build must be closed knowledge before an older day is asked for
    then = build(*landed, day)
    with duckdb.connect() as both:
        both.execute(f"attach '{copy_of(*landed, TODAY)}' as now (read_only); attach '{then}' as past (read_only)")
        latest = both.sql(
            "select max(known_from), max(last_observed), max(valid_to) from past.core.fct_gpu_rental_rate"
        )
        assert max(latest.fetchone()) <= day
        now, past = (f"from {name}.core.headline_rate where as_of_date < date '{day}'" for name in ("now", "past"))
        assert both.sql(past).fetchall()
        assert both.sql(f"({now} except {past}) union all ({past} except {now})").fetchall() == []


def test_a_fact_can_be_followed_to_its_row_in_the_kept_payload(landed, today):
    """Read without the parser: the CSV as it was kept, and the row the fact names in it."""
    folder, _ = landed
    kept: dict[tuple[str, str], list[dict[str, str]]] = {}
    facts = today.sql(
        "select source_id, payload_sha256, row_number, original_price, valid_from from core.fct_gpu_rental_rate"
    ).fetchall()
    assert len(facts) > 2900
    for source_id, sha256, row_number, price, valid_from in facts:
        if (source_id, sha256) not in kept:
            path = folder / "home" / "landing" / "gpu_rental" / source_id / sha256 / "payload.gz"
            kept[source_id, sha256] = list(csv.DictReader(gzip.decompress(path.read_bytes()).decode().splitlines()))
        row = kept[source_id, sha256][row_number - 1]
        assert (float(row["price"]), row["valid_from"]) == (pytest.approx(price), valid_from.isoformat())
