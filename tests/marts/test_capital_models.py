"""Models of business mix and commitments on a synthetic core: what is observed, and what a contract adds."""

from __future__ import annotations

import polars as pl
import pytest

from pipelines.documents.model import results
from pipelines.documents.models.m12_business_models import MODEL as BUSINESS_MODELS
from pipelines.documents.models.m21_reserved_npv import MODEL as RESERVED
from pipelines.marts import debt_capacity
from tests.marts.conftest import DAYS


@pytest.fixture
def reserved(core) -> pl.DataFrame:
    return results(RESERVED, core)


def value(made: pl.DataFrame, case: str, line: str) -> float:
    return made.filter((pl.col("case") == case) & (pl.col("line") == line))["value"].item()


def test_tokens_and_rent_of_the_same_hour(core) -> None:
    made = results(BUSINESS_MODELS, core)
    # 1,200 tokens a second of output alone at 0.90 a million, over a rent of 3.00.
    case = "H100 SXM | document_optimised/synthetic-70b | output_only"
    assert value(made, case, "managed_revenue_multiple") == pytest.approx(1200 * 3600 / 1e6 * 0.90 / 3.0)


def test_a_gpu_nobody_sells_by_use_has_no_premium(core) -> None:
    made = results(BUSINESS_MODELS, core).filter(pl.col("scenario") == "observed")
    assert made.filter(pl.col("line") == "managed_premium_pct").is_empty()


def test_the_debt_leg_turns_around_when_the_short_loan_is_repaid(reserved) -> None:
    freed = [value(reserved, f"year {t}", "debt_service_freed_usd_per_year") for t in range(1, 13)]
    assert all(x > 0 for x in freed[:5])
    assert all(x < 0 for x in freed[5:])
    discounted = sum(x / 1.08**t for t, x in enumerate(freed, 1))
    assert value(reserved, "every hour paid", "debt_leg_npv_usd") == pytest.approx(discounted)


def test_the_discount_outweighs_the_debt_leg(reserved) -> None:
    assert value(reserved, "every hour paid", "reserved_npv_usd") == pytest.approx(46.5e6 - 172.07e6 * 2.5771, rel=1e-3)


def test_a_reserved_year_against_the_open_market(reserved) -> None:
    case = "H100 SXM | reserved_1y | headline_all"
    # One year, so neither the fall of rents nor the rate matters to the price that is even: 3.00 x 0.7 / 0.99.
    assert value(reserved, case, "indifference_contract_usd_per_gpu_hour") == pytest.approx(3.0 * 0.7 / 0.99)
    gain = 8760 * (2.0 * 0.99 - 3.0 * 0.7) / 1.12**0.5
    assert value(reserved, case, "contract_gain_usd_per_gpu") == pytest.approx(gain)
    assert value(reserved, case, "default_loss_usd_per_gpu") == pytest.approx(0.05 * gain)


def test_what_a_contract_adds_is_the_difference_of_two_loans(core, reserved) -> None:
    gained = reserved.filter(pl.col("line") == "capacity_gained_usd")
    loans = debt_capacity.build(core).filter(pl.col("as_of_date") == DAYS[-1])
    assert gained.height == 4
    for case, value in gained.select("case", "value").iter_rows():
        lease, _, way = case.rsplit(" | ", 2)
        of = loans.filter((pl.col("tenor_years") == 1) & (pl.col("amortisation") == way))
        with_it, without = (
            of.filter(pl.col("case") == name)["capacity_usd"].item()
            for name in (lease, lease.replace("reserved_1y", "on_demand"))
        )
        assert value == pytest.approx(with_it - without, abs=1e-3)
