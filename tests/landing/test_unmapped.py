"""The names that `load` and `try` call unknown are those whose rows dbt leaves out of the facts."""

from __future__ import annotations

import duckdb
import polars as pl
import pytest

from pipelines.home.packaged import DBT_PROJECT, TREE
from pipelines.home.places import Home
from pipelines.landing import intake
from pipelines.landing.unmapped import CROSSWALKS, LOADED, unknown_names
from sources.registry import all_sources

KINDS = {
    ("gpu_rental", "provider_label"): "provider",
    ("gpu_rental", "gpu_label"): "gpu",
    ("token_prices", "provider_label"): "provider",
    ("colo_rates", "market_label"): "market",
    ("colo_rates", "size_band"): "size",
    ("power_prices", "zone_label"): "zone",
    ("throughput", "gpu_label"): "gpu",
    ("benchmark_scores", "benchmark_label"): "benchmark",
}


def test_unknown_names_are_those_of_core(released_home):
    home = Home(released_home)
    ours = set()
    for spec in all_sources().values():
        for place in intake.good_payloads(spec, home):
            for column, names in unknown_names(spec, pl.read_parquet(place / "accepted.parquet")).items():
                if spec.family != "hardware":  # core.unmapped_name does not list them
                    ours |= {(spec.family, KINDS[spec.family, column], label) for label, _ in names}
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        core = set(
            connection.sql("select family, kind, label from core.unmapped_name where kind <> 'model'").fetchall()
        )
    assert {(family, kind, label.lower()) for family, kind, label in ours} == {
        (family, kind, label.lower()) for family, kind, label in core
    }


@pytest.mark.parametrize("crosswalk", [one for listed in (*CROSSWALKS.values(), *LOADED.values()) for one in listed])
def test_every_crosswalk_is_a_seed_with_those_columns(crosswalk):
    path = TREE / crosswalk.file
    assert path.is_relative_to(DBT_PROJECT)
    columns = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
    assert set(crosswalk.known_in) <= set(columns)
    assert crosswalk.by_source == ("source_id" in columns and crosswalk.known_in != ("zone",))


def test_a_name_is_known_for_its_source_alone_where_labels_differ_by_source():
    """DE is Delaware at one publisher of power prices and Germany at another."""
    sources = all_sources()
    rows = pl.DataFrame({"zone_label": ["NO_SUCH_ZONE", "AK", "AK"]})
    assert unknown_names(sources["eia861m_retail_prices"], rows) == {"zone_label": [("NO_SUCH_ZONE", 1)]}
    assert unknown_names(sources["ember_day_ahead"], rows) == {"zone_label": [("AK", 2), ("NO_SUCH_ZONE", 1)]}
