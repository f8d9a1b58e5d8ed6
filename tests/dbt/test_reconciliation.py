"""Sources set side by side in a real release, counted again with other code, and the one rule that chooses."""

from __future__ import annotations

import statistics
from collections import defaultdict
from pathlib import Path

import duckdb
import pytest


@pytest.fixture(scope="module")
def db(released_home: Path):
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        yield connection


def test_items_and_spreads_counted_again_from_the_fact(db):
    ((as_of,),) = db.sql("select max(as_of_date) from core.calendar").fetchall()
    figures = defaultdict(lambda: defaultdict(list))
    cadence = dict(db.sql("select source_id, cadence_days from core.dim_source").fetchall())
    for *item, source, snapshot, price, seen in db.sql(
        f"""select provider, model, token_kind, processing, tier, region, quantisation, route, source_id, snapshot,
            cast(price_usd_per_mtok as double), last_observed
        from core.fct_token_price where grade <> 'C' and known_to is null and price_usd_per_mtok > 0
            and valid_from <= '{as_of}' and (valid_to is null or valid_to > '{as_of}')"""
    ).fetchall():
        fresh_days = max(2 * cadence[source], 31)
        if (as_of - seen).days <= max(fresh_days, 92):
            order = ((as_of - seen).days > fresh_days, snapshot != "unspecified", price)
            figures[tuple(item)][source].append(order)
    several = {item: by_source for item, by_source in figures.items() if len(by_source) > 1}
    spreads = []
    for by_source in several.values():
        stated = [min(orders)[-1] for orders in by_source.values()]
        spreads.append(100 * (max(stated) / min(stated) - 1))
    ((items, median),) = db.sql(
        """select count(*), median(spread_pct) from (
            select distinct item, spread_pct from core.price_reconciliation where family = 'token_prices')"""
    ).fetchall()
    assert items == len(several) > 500
    assert median == pytest.approx(statistics.median(spreads))


def test_one_source_speaks_for_every_item(db):
    chosen = "select family, item from core.price_reconciliation group by all having count_if(is_chosen) <> 1"
    assert db.sql(chosen).fetchall() == []


def test_the_price_in_force_is_the_chosen_sources(db):
    """Both tables follow one rule: the source of a whole quote in force is the one chosen for its output price."""
    compared, same = db.sql(
        """select count(*), count(*) filter (p.source_id = r.source_id)
        from core.token_price_asof as p
        inner join core.price_reconciliation as r
            on p.as_of_date = r.as_of_date and r.is_chosen
            and r.item = concat_ws(
                ' | ', p.provider, p.model, 'output', p.processing, 'base', nullif(p.region, 'unspecified'),
                nullif(p.quantisation, 'unspecified'), nullif(p.route, 'standard'))
        where p.input_usd_per_mtok is not null"""
    ).fetchall()[0]
    assert compared > 200
    assert same == compared


def test_unmapped_names_come_dearest_first_with_their_share(db):
    rows = db.sql("select family, kind, row_count, row_share, price_weight, highest_price from core.unmapped_name")
    listed = [row for row in rows.fetchall() if row[0] == "gpu_rental"]
    first = db.sql(
        "select price_weight from core.unmapped_name where family = 'gpu_rental' order by priority"
    ).fetchall()
    assert [weight for (weight,) in first] == sorted((row[4] for row in listed), reverse=True)
    assert all(0 < row[5] <= row[4] for row in listed)
    placed, aside = db.sql(
        "select (select count(*) from core.fct_gpu_rental_rate), (select count(*) from quarantine.gpu_rental_rate)"
    ).fetchall()[0]
    unmapped = sum(row[2] for row in listed)
    assert sum(row[3] for row in listed) == pytest.approx(unmapped / (placed + aside + unmapped))


def test_names_without_a_crosswalk_keep_little_out(db):
    """Under 0.5% of what each family asks, of its rows where nothing is asked. The embedded record: none."""
    weighed = db.sql("select family, sum(weight_share) from core.unmapped_name where kind <> 'model' group by family")
    assert [(family, share) for family, share in weighed.fetchall() if share >= 0.005] == []


def test_models_named_by_their_label_are_counted(db):
    ((counted, share),) = db.sql(
        "select row_count, row_share from core.unmapped_name where family = 'token_prices' and kind = 'model'"
    ).fetchall()
    assert 0 < share < 1
    assert counted == pytest.approx(
        share * db.sql("select count(*) from core.fct_token_price").fetchall()[0][0], rel=0.1
    )
