"""Seven captures of EIA-861M and three of Ember, landed in their order: every one can be asked for again, exactly.

What changed between captures is counted from the raw files with polars, independently of the models. The counts stand
in docs/eia_vintages.md: `python -m tests.dbt.test_power_vintages --shared PATH` prints them.
"""

from __future__ import annotations

import datetime as dt
import gzip
import sys
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.dbt.power_looks import built, empty_home, look, real
from tests.server import PublisherServer
from tests.sources.power_prices.eia_rows import workbook

EIA = "data/power/eia861m_state_monthly_7vintages.csv.gz"
EIA_DAYS = ("2018-03-28", "2019-09-26", "2023-09-29", "2024-01-22", "2024-09-26", "2025-04-15", "2025-07-24")
EMBER_DAYS = ("2025-01-09", "2026-04-15", "2026-04-30")
CELL = ["zone_label", "sector", "month"]
FIGURES = ["price", "sales_mwh", "revenue_kusd", "data_status"]


def eia_cells(shared: Path) -> pl.DataFrame:
    """Every capture's stated cells: capture, CELL, FIGURES."""
    return (
        real(shared / EIA)
        .filter(pl.col("sector").is_in(["commercial", "industrial"]) & pl.col("price_cents_kwh").is_not_null())
        .select(
            pl.col("vintage_date").alias("capture"),
            pl.col("state").alias("zone_label"),
            "sector",
            pl.date("year", "month", 1).alias("month"),
            pl.col("price_cents_kwh").alias("price"),
            "sales_mwh",
            "revenue_kusd",
            "data_status",
        )
    )


def compared(
    cells: pl.DataFrame, days: tuple[str, ...], cell: list[str], figures: list[str], month: str
) -> pl.DataFrame:
    """Each pair of captures that follow each other, over the span of the later one: cells of either alone, cells whose
    price or status changed, and those of which only another printed digit did.
    """
    lines = []
    for before, after in pairwise(days):
        old, new = (cells.filter(pl.col("capture") == day) for day in (before, after))
        old = old.filter(pl.col(month).is_between(new[month].min(), new[month].max()))
        met = old.join(new, on=cell, suffix="_new")
        told = [name for name in figures if name in ("price", "data_status")]
        restated = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in told)
        differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_new")) for name in figures)
        lines.append(
            {
                "from": before,
                "to": after,
                "cells in both": met.height,
                "new": new.join(old, on=cell, how="anti").height,
                "gone": old.join(new, on=cell, how="anti").height,
                "price or status restated": met.filter(restated).height,
                "price restated": met.filter(pl.col("price").ne_missing(pl.col("price_new"))).height,
                "other digits only": met.filter(differs & ~restated).height,
            }
        )
    return pl.DataFrame(lines)


@pytest.fixture(scope="module")
def eia(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("eia")
    home, server = empty_home(folder), PublisherServer()
    raw = real(shared / EIA)
    for day in EIA_DAYS:
        run, _ = look(home, server, "eia861m_workbook", day, workbook(raw.filter(pl.col("vintage_date") == day)))
        assert run.status == "ok", run.message
    server.close()
    with duckdb.connect(str(built(home, folder, "2026-11-10")), read_only=True) as connection:
        yield home, folder, connection


MONTHS = (
    "select zone, sector, interval_start as month, original_price, sales_mwh, revenue_kusd, data_status, known_from, "
    "known_to from core.fct_power_price where source_id = 'eia861m_workbook' and not is_derived"
)


@pytest.mark.shared
def test_change_rows_are_the_first_statements_and_every_difference_counted_in_the_raw_file(eia, shared):
    _, _, connection = eia
    cells = eia_cells(shared)
    between = compared(cells, EIA_DAYS, CELL, FIGURES, "month")
    first = cells.filter(pl.col("capture") == EIA_DAYS[0]).height
    changes = between.select(pl.sum("new", "price or status restated", "other digits only")).row(0)
    rows, keys, closed = connection.sql(
        "select count(*), count(distinct (zone, sector, month)), count(known_to) from (" + MONTHS + ")"
    ).fetchone()
    assert rows == first + sum(changes)
    assert keys == cells.select(CELL).n_unique()
    # A row ends because its figure changed, or because a later capture of its span shows the cell no longer.
    assert (
        closed
        == between.select(pl.sum("gone", "price or status restated", "other digits only")).sum_horizontal().item()
    )


@pytest.mark.shared
@pytest.mark.parametrize("day", EIA_DAYS)
def test_each_capture_is_asked_for_again_and_answers_exactly(eia, shared, day):
    _, _, connection = eia
    cells = eia_cells(shared).filter(pl.col("capture") == day)
    months = cells["month"].min(), cells["month"].max()
    asked = connection.sql(
        f"select replace(zone, 'US-', '') as zone_label, sector, month, original_price::double as price, "
        f"sales_mwh::double as sales_mwh, revenue_kusd::double as revenue_kusd, data_status from ({MONTHS}) "
        f"where known_from <= date '{day}' and (known_to is null or known_to > date '{day}') "
        f"and month between date '{months[0]}' and date '{months[1]}'"
    ).pl()
    assert asked.sort(CELL).equals(cells.drop("capture").sort(CELL))


@pytest.mark.shared
def test_an_earlier_release_knows_only_the_captures_of_its_time(eia, shared):
    home, folder, connection = eia
    with duckdb.connect(str(built(home, folder, "2024-02-01")), read_only=True) as then:
        columns = "zone, sector, month, original_price, sales_mwh, revenue_kusd, data_status, known_from"
        early = then.sql(f"select {columns} from ({MONTHS}) where known_to is null order by all").pl()
        again = connection.sql(
            f"select {columns} from ({MONTHS}) where known_from <= date '2024-02-01' "
            "and (known_to is null or known_to > date '2024-02-01') order by all"
        ).pl()
    assert early["known_from"].max() == dt.date(2024, 1, 22)
    assert early.equals(again)


@pytest.mark.shared
def test_each_source_has_its_own_total_of_the_same_states(eia):
    _, _, connection = eia
    both = connection.sql(
        "select live.interval_start, live.sector, live.price_usd_per_kwh - recorded.price_usd_per_kwh as part "
        "from core.fct_power_price as live inner join core.fct_power_price as recorded "
        "on live.zone = recorded.zone and live.sector = recorded.sector "
        "and live.interval_start = recorded.interval_start and recorded.source_id = 'eia861m_retail_prices' "
        "where live.source_id = 'eia861m_workbook' and live.zone = 'US' "
        "and live.known_to is null and recorded.known_to is null"
    ).pl()
    assert both.height == 2 * 124  # 2015-01 to 2025-04
    assert both["part"].cast(pl.Float64).abs().max() < 1e-6
    counted = connection.sql(
        "select count(*) from core.fct_power_price where source_id = 'eia861m_workbook' and zone = 'US' "
        "and observation_count < 1"
    ).fetchone()
    assert counted == (0,)


@pytest.fixture(scope="module")
def ember(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("ember")
    home, server = empty_home(folder), PublisherServer()
    runs = []
    for day in EMBER_DAYS:
        held = gzip.decompress((shared / f"data/power/ember_wholesale_daily_{day}.csv.gz").read_bytes())
        runs.append(look(home, server, "ember_daily", day, held)[0])
    server.close()
    with duckdb.connect(str(built(home, folder, "2026-11-10")), read_only=True) as connection:
        connection.sql("set TimeZone = 'UTC'")
        yield runs, connection


def ember_cells(shared: Path) -> pl.DataFrame:
    """Every file's usable cells: days with one price, the newest day called provisional."""
    parts = []
    for day in EMBER_DAYS:
        file = real(shared / f"data/power/ember_wholesale_daily_{day}.csv.gz")
        parts.append(
            file.filter(pl.col("p").is_not_null() & pl.struct("iso3", "date").is_unique()).select(
                pl.lit(day).alias("capture"),
                pl.col("country").alias("zone_label"),
                pl.col("date").str.to_date().alias("day"),
                pl.col("p").alias("price"),
                pl.when(pl.col("date") == file["date"].max()).then(pl.lit("provisional")).alias("data_status"),
            )
        )
    return pl.concat(parts)


DAYS = "select * from core.power_interval_price where source_id = 'ember_daily'"


@pytest.mark.shared
def test_revisions_and_vanished_days_of_ember_are_those_counted_in_the_files(ember, shared):
    runs, connection = ember
    assert [(run.received, run.rejected) for run in runs][-1][1] == 188  # 94 in each of the later two files
    between = compared(ember_cells(shared), EMBER_DAYS, ["zone_label", "day"], ["price", "data_status"], "day")
    cells = ember_cells(shared)
    rows, keys, closed = connection.sql(
        f"select count(*), count(distinct (zone, interval_start)), count(known_to) from ({DAYS})"
    ).fetchone()
    first = cells.filter(pl.col("capture") == EMBER_DAYS[0]).height
    assert rows == first + between.select(pl.sum("new", "price or status restated")).sum_horizontal().item()
    assert keys == cells.select("zone_label", "day").n_unique()
    assert closed == between.select(pl.sum("gone", "price or status restated")).sum_horizontal().item()
    # Two countries' first years are in the first file alone: closed on the day they were missed, not deleted.
    gone = connection.sql(
        f"select zone, count(*), min(known_to), max(known_to) from ({DAYS}) where zone in ('ME', 'MK') "
        "and civil_day < date '2023-01-01' group by zone order by zone"
    ).fetchall()
    assert [(zone, low, high) for zone, _, low, high in gone] == [
        ("ME", dt.date(2026, 4, 15), dt.date(2026, 4, 15)),
        ("MK", dt.date(2026, 4, 15), dt.date(2026, 4, 15)),
    ]
    assert connection.sql("select count(*) from staging.stg_power_prices__unmapped").fetchone() == (0,)


@pytest.mark.shared
@pytest.mark.parametrize("day", EMBER_DAYS)
def test_each_file_of_ember_is_asked_for_again_and_answers_exactly(ember, shared, day):
    _, connection = ember
    cells = ember_cells(shared).filter(pl.col("capture") == day).sort("zone_label", "day")
    asked = connection.sql(
        "select price.civil_day as day, price.original_price::double as price, price.data_status, xwalk.zone_label "
        f"from ({DAYS}) as price join seeds.xwalk_power_zone as xwalk "
        "on xwalk.source_id = price.source_id and xwalk.zone = price.zone "
        f"where known_from <= date '{day}' and (known_to is null or known_to > date '{day}') "
        f"and civil_day <= date '{cells['day'].max()}'"
    ).pl()
    lowered = cells.with_columns(pl.col("zone_label").str.to_lowercase()).sort("zone_label", "day")
    assert (
        asked.select("zone_label", "day", "price", "data_status")
        .sort("zone_label", "day")
        .equals(lowered.select("zone_label", "day", "price", "data_status"))
    )


@pytest.mark.shared
def test_a_complete_month_of_days_is_a_month_and_an_incomplete_one_is_none(ember, shared):
    _, connection = ember
    months = connection.sql(
        "select zone, interval_start as month, known_from, original_price::double as price from core.fct_power_price "
        "where source_id = 'ember_daily' and known_to is null"
    ).pl()
    cells = ember_cells(shared).filter(pl.col("capture") == EMBER_DAYS[-1])
    # Germany's and Norway's months are those of Ember's recorded months, which were seen on the same day.
    counted = (
        cells.filter(~pl.col("zone_label").is_in(["Germany", "Norway"]))
        .group_by("zone_label", pl.col("day").dt.truncate("1mo").alias("month"))
        .agg(pl.col("price").mean().alias("mean"), pl.len())
        .filter(pl.col("len") == pl.col("month").dt.days_in_month())
    )
    assert months.height == counted.height
    met = months.filter(pl.col("zone") == "FR").join(counted.filter(pl.col("zone_label") == "France"), on="month")
    assert met.height > 130
    assert met.select((pl.col("price") - pl.col("mean")).abs().max()).item() < 1e-6


def main(shared: Path) -> None:
    """Print both tables of docs/eia_vintages.md."""
    with pl.Config(
        tbl_formatting="MARKDOWN", tbl_hide_column_data_types=True, tbl_hide_dataframe_shape=True, tbl_cols=9
    ):
        print(compared(eia_cells(shared), EIA_DAYS, CELL, FIGURES, "month"))
        daily = compared(ember_cells(shared), EMBER_DAYS, ["zone_label", "day"], ["price", "data_status"], "day")
        print(daily.drop("other digits only"))


if __name__ == "__main__":
    main(Path(sys.argv[sys.argv.index("--shared") + 1]))
