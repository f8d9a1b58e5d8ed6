"""Buy or rent: the documents' break-evens, a case worked by hand, and what must hold of the observed rows."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.marts import buy_vs_rent, capital_structure


@pytest.fixture
def table(core) -> pl.DataFrame:
    return buy_vs_rent.build(core)


@pytest.fixture
def observed(table) -> pl.DataFrame:
    return table.filter(pl.col("reading") == "professional")


def row(table: pl.DataFrame, **where: str) -> dict:
    base = {"financing": "capital_recovery_base", "residual": "20%", "market": "us_average", **where}
    found = table.filter(*[pl.col(name) == value for name, value in base.items()]).sort("as_of_date")
    return found.row(-1, named=True)


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    assert buy_vs_rent.SCHEMA.problems(table, enumeration).is_empty()


@pytest.mark.parametrize(
    ("charge", "percent"), [("simple_charge_0", 44.0), ("simple_charge_12", 59.3), ("simple_charge_25", 76.0)]
)
def test_the_documents_break_evens(table, charge, percent) -> None:
    made = row(table, financing=charge, residual="not_stated", market="unspecified")
    assert made["breakeven_utilisation_pct"] == pytest.approx(percent, abs=0.05)  # 000:202; 001:279-288
    assert made["rent_usd_per_gpu_hour"] == 2.5
    assert "I-04" in made["note"]


def test_the_documents_full_form_by_hand(table) -> None:
    made = row(table, financing="simple_charge_12", market="unspecified")
    fixed = 28_000 * 0.8 / 26_280 + 28_000 * 0.12 / 8760 + 28_000 * 0.035 / 8760 + 0.64
    assert made["owned_usd_per_gpu_hour"] == pytest.approx(fixed + 0.14)
    assert made["breakeven_utilisation_pct"] == pytest.approx(100 * fixed / (2.5 - 0.14))


def test_an_observed_row_by_hand(observed) -> None:
    made = row(observed, rent_basis="headline_all")
    crf = 0.12 / (1 - 1.12**-4)
    capital = (28_000 * 0.8 * crf + 5_600 * 0.12) / 8760
    other = 28_000 * 0.035 / 8760 + 0.15 + 0.11 + 184 * 1.275 / 730
    power = 1.275 * 1.25 * 0.10
    assert made["owned_usd_per_gpu_hour"] == pytest.approx(capital + other + power)
    assert made["breakeven_utilisation_pct"] == pytest.approx(100 * (capital + other) / (3.0 - power))
    level = 3.0 * sum((0.8 / 1.12) ** k for k in range(4)) / sum(1.12**-k for k in range(4))
    assert made["level_rent_usd_per_gpu_hour"] == pytest.approx(level)
    falling = 100 * (capital + other) / (level - power)
    assert made["breakeven_utilisation_falling_rents_pct"] == pytest.approx(falling)
    allowed = sum(part / 1.12**year for year, part in enumerate([0.0, 0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576]))
    taxed = capital * (1 - 0.21 * allowed) / 0.79
    assert made["breakeven_utilisation_after_tax_pct"] == pytest.approx(100 * (taxed + other) / (3.0 - power))
    assert made["owning_saves_usd_per_used_gpu_hour"] == pytest.approx(3.0 - (capital + other) / 0.7 - power)


def test_dearer_money_and_a_smaller_residual_raise_the_break_even(observed) -> None:
    by_rate = [
        row(observed, financing=f"capital_recovery_{end}", rent_basis="headline_all")["breakeven_utilisation_pct"]
        for end in ("low", "base", "high")
    ]
    by_residual = [
        row(observed, residual=residual, rent_basis="headline_all")["breakeven_utilisation_pct"]
        for residual in ("40%", "20%", "5%", "0%")
    ]
    assert by_rate == sorted(by_rate)
    assert by_residual == sorted(by_residual)
    assert len(set(by_rate)) == 3
    assert len(set(by_residual)) == 4


def test_a_buyer_pays_the_cost_of_capital_of_its_stage_on_the_newest_day(core, observed) -> None:
    stages = observed.filter(pl.col("financing").str.starts_with(buy_vs_rent.OF_STAGE))
    assert stages["as_of_date"].unique().to_list() == [core["calendar"]["as_of_date"].max()]
    structure = capital_structure.build(core).filter(pl.col("reading") == "professional")
    costs = dict(structure.select("stage", "wacc_pct").iter_rows())
    made = row(stages, financing="capital_recovery_stage_series_b", rent_basis="headline_all")
    assert made["discount_rate_per_year"] == pytest.approx(costs["Series B"] / 100)
    ordered = stages.filter(pl.col("rent_basis") == "headline_all", pl.col("market") == "us_average")
    ordered = ordered.filter(pl.col("residual") == "0%").sort("discount_rate_per_year")
    assert len(ordered) == len(costs) == 5
    assert ordered["breakeven_utilisation_pct"].is_sorted()


def test_tax_and_falling_rents_make_buying_harder(observed) -> None:
    assert (observed["breakeven_utilisation_after_tax_pct"] > observed["breakeven_utilisation_pct"]).all()
    assert (observed["breakeven_utilisation_falling_rents_pct"] > observed["breakeven_utilisation_pct"]).all()


def test_a_term_is_paid_for_used_or_not(observed) -> None:
    term = row(observed, rent_basis="headline_all_reserved_1y")
    assert term["rent_usd_per_used_gpu_hour"] == pytest.approx(2.0 / 0.7)
    assert row(observed, rent_basis="headline_all")["rent_usd_per_used_gpu_hour"] == pytest.approx(3.0)


def test_only_rents_a_buyer_could_take_instead(observed) -> None:
    bases = set(observed["rent_basis"])
    assert bases == {"headline_all", "headline_hyperscaler", "headline_all_reserved_1y"}
    assert observed["gpu"].unique().to_list() == ["H100 SXM"]


def test_quotes_lie_apart_as_they_do(observed) -> None:
    made = row(observed, rent_basis="headline_all")
    assert made["rent_p90_over_p10"] == pytest.approx(1.5)
    assert made["quote_count"] == 12


def test_ranges_hold_the_base(observed) -> None:
    for name in ("owned_usd_per_gpu_hour", "breakeven_utilisation_pct", "owning_saves_usd_per_used_gpu_hour"):
        assert (observed[f"{name}_low"] < observed[name]).all()
        assert (observed[f"{name}_high"] > observed[name]).all()


def test_a_document_not_yet_known_has_no_rows(core) -> None:
    core["assumption"] = core["assumption"].filter(~pl.col("assumption_set").str.starts_with("c2_"))
    assert buy_vs_rent.build(core)["reading"].unique().to_list() == ["professional"]


def test_the_table_does_not_depend_on_the_order_of_its_inputs(core, table) -> None:
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=7) for name, frame in core.items()}
    assert buy_vs_rent.build(shuffled).equals(table)
