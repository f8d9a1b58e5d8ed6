"""Debt capacity: the document's loans, and the yearly schedule of a megawatt beside a plain second implementation."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.marts import debt_capacity, gpu_hour_margin


@pytest.fixture
def table(core) -> pl.DataFrame:
    return debt_capacity.build(core)


@pytest.fixture
def practised(table) -> pl.DataFrame:
    return table.filter(pl.col("reading") == "professional")


def one(table: pl.DataFrame, case: str, tenor: float, way: str) -> dict:
    rows = table.filter(
        (pl.col("case") == case) & (pl.col("tenor_years") == tenor) & (pl.col("amortisation") == way)
    ).sort("as_of_date")
    return rows.row(-1, named=True)


def test_the_table_keeps_its_schema(table, enumeration) -> None:
    assert debt_capacity.SCHEMA.problems(table, enumeration).is_empty()


@pytest.mark.parametrize(
    ("case", "tenor", "way", "millions"),
    [
        ("uncontracted, 3 years", 3, "annuity", 258),
        ("uncontracted, 5 years", 5, "annuity", 399),
        ("uncontracted, 5 years", 5, "level_principal", 357),
        ("uncontracted, 5 years", 5, "interest_only", 1250),
        ("contracted, 10 years", 10, "annuity", 1873),
        ("contracted, 12 years", 12, "annuity", 2118),
        ("contracted, 12 years", 12, "level_principal", 1739),
        ("contracted, 12 years", 12, "interest_only", 3810),
    ],
)
def test_the_documents_cash_flows_carry_the_worked_loans(table, case: str, tenor: int, way: str, millions: int) -> None:
    row = one(table, case, tenor, way)
    assert row["capacity_usd"] / 1e6 == pytest.approx(millions, abs=0.5)
    assert row["dscr"] == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("case", "tenor", "service", "cover", "cash", "revenue"),
    [("$1B, 5 years", 5, 280.0, 1.43, 9.0, 6.0), ("$1B, 12 years", 12, 153.3, 2.61, 50.2, 33.4)],
)
def test_the_two_tenors_of_one_billion(
    table, case: str, tenor: int, service: float, cover: float, cash: float, revenue: float
) -> None:
    row = one(table, case, tenor, "level_principal")
    assert row["debt_service_usd"] / 1e6 == pytest.approx(service, abs=0.05)
    assert row["dscr"] == pytest.approx(cover, abs=0.005)
    assert row["decline_to_breach_pct"] == pytest.approx(cash, abs=0.05)
    assert row["revenue_decline_to_breach_pct"] == pytest.approx(revenue, abs=0.05)


def by_hand(core, commitment: str, tenor: int, way: str) -> dict[str, float]:
    """The newest day's loan on a MW of H100, in loops over years: base values alone."""

    def ours(name: str, parameter: str, subject: str = "") -> float:
        rows = core["assumption"].filter(
            (pl.col("assumption_set") == name) & (pl.col("parameter") == parameter) & (pl.col("subject") == subject)
        )
        return rows["value"].item()

    hours = gpu_hour_margin.build(core).filter(
        (pl.col("gpu") == "H100 SXM")
        & (pl.col("market") == "us_average")
        & (pl.col("rent_basis") == "headline_all")
        & (pl.col("commitment") == commitment)
        & (pl.col("reading") == "professional")
    )
    hour = hours.sort("as_of_date").row(-1, named=True)
    gpus = 1000 / hour["server_kw_per_gpu"]
    fixed = sum(hour[f"{part}_usd_per_gpu_hour"] for part in ("facility", "networking", "operations", "maintenance"))
    falling = 0.0 if commitment.startswith("reserved") else ours("professional", "rent_decline_per_year")
    price, life, residual = 28_000.0, ours("professional", "life_years"), ours("professional", "residual_share")
    tax = ours("professional_debt", "tax_share")
    cover = ours("professional_debt", "required_dscr", commitment)
    k = ours("professional_debt", "debt_rate_per_year", commitment)
    covenant = ours("professional_debt", "covenant_dscr")
    flow, revenue = [], []
    for t in range(tenor):
        rent = hour["price_usd_per_gpu_hour"] * (1 - falling) ** t
        revenue.append(gpus * 8760 * hour["utilisation"] * rent)
        cash = revenue[t] - gpus * 8760 * (fixed + hour["utilisation"] * hour["electricity_usd_per_gpu_hour"])
        flow.append(cash - tax * max(0.0, cash - gpus * price * (1 - residual) / life))
    supported = [x / cover for x in flow]
    level = sum((1 + k) ** -(t + 1) for t in range(tenor))
    shape = {
        "level_principal": [1 / tenor + k * (1 - t / tenor) for t in range(tenor)],
        "annuity": [1 / level] * tenor,
        "interest_only": [k] * tenor,
    }
    if way == "sculpted":
        carried = sum(x / (1 + k) ** (t + 1) for t, x in enumerate(supported))
    else:
        carried = min(x / s for x, s in zip(supported, shape[way], strict=True))
    size = min(carried, gpus * price * ours("professional_debt", "gearing_share"))
    service = [size / carried * x for x in supported] if way == "sculpted" else [size * s for s in shape[way]]
    reserve = service[0] * ours("professional_debt", "reserve_months") / 12
    return {
        "capacity_usd": size,
        "debt_service_usd": service[0],
        "dscr": min(x / s for x, s in zip(flow, service, strict=True)),
        "revenue_decline_to_breach_pct": 100
        * min((x - covenant * s) / r for x, s, r in zip(flow, service, revenue, strict=True)),
        "loan_life_cover_ratio": sum(x / (1 + k) ** (t + 1) for t, x in enumerate(flow)) / size,
        "reserve_account_usd": reserve,
        "net_proceeds_usd": size * (1 - ours("professional_debt", "upfront_fee_share")) - reserve,
        "tail_years": life - tenor,
    }


@pytest.mark.parametrize("way", ["level_principal", "annuity", "interest_only", "sculpted"])
@pytest.mark.parametrize(("commitment", "tenor"), [("on_demand", 1), ("on_demand", 3), ("reserved_1y", 1)])
def test_a_megawatts_loan_in_loops_over_years(core, practised, commitment: str, tenor: int, way: str) -> None:
    row = one(practised, f"H100 SXM | {commitment} | headline_all", tenor, way)
    expected = by_hand(core, commitment, tenor, way)
    assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-9)


def test_no_contract_carries_a_loan_beyond_its_term(practised) -> None:
    reserved = practised.filter(pl.col("case").str.contains("reserved_1y"))
    assert reserved["tenor_years"].unique().to_list() == [1.0]


def test_cover_is_the_one_asked_for_or_more(practised) -> None:
    base = practised.filter(pl.col("loan_usd") > 0)
    assert base.height > 0
    assert (base["dscr"] >= base["required_dscr"] - 1e-9).all()
    assert (base["decline_to_breach_pct"] >= 100 * (1 - 1.2 / base["required_dscr"]) - 1e-6).all()


def test_service_that_follows_the_cash_flow_carries_the_most_that_is_repaid(practised) -> None:
    wide = practised.filter(pl.col("amortisation") != "interest_only").pivot(
        on="amortisation", index=["as_of_date", "case", "tenor_years"], values="capacity_usd"
    )
    assert (wide["sculpted"] >= wide["annuity"] - 1e-6).all()
    assert (wide["sculpted"] >= wide["level_principal"] - 1e-6).all()


def test_a_loan_that_repays_nothing_leaves_a_balloon(practised) -> None:
    bullet = practised.filter(pl.col("amortisation") == "interest_only")
    assert (bullet["balloon_usd"] == bullet["loan_usd"]).all()
    others = practised.filter(pl.col("amortisation") != "interest_only")
    assert others["balloon_usd"].max() == 0
    assert others["balloon_cover_ratio"].is_null().all()


def test_without_a_cash_flow_stated_there_is_service_and_no_cover(table) -> None:
    row = one(table, "$9.6B, 12 years", 12, "level_principal")
    assert row["debt_service_usd"] / 1e6 == pytest.approx(1472, abs=0.5)
    assert row["dscr"] is None
    assert row["capacity_usd"] is None


def test_no_rents_no_professional_rows(core) -> None:
    core["headline_rate"] = core["headline_rate"].clear()
    assert debt_capacity.build(core)["reading"].unique().to_list() == ["as_published"]
