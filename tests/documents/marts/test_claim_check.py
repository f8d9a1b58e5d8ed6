"""claim_check: every claim once, verdicts by hand on a few, and verdicts that follow the data."""

from __future__ import annotations

import datetime as dt
import time

import polars as pl
import pytest

from pipelines.documents.marts import claim_check
from tests.documents.claims import curated

DAY = dt.date(2026, 3, 31)
SEEN = "token_price_asof.input_usd_per_mtok[provider=google;model=gemini-2.5-flash-lite;processing=standard;tier=base]"


def with_prices(price: float) -> dict[str, pl.DataFrame]:
    """The curated claims beside a warehouse that has observed one invented price and nothing else."""
    core = curated.core()
    bindings = core["claim_binding"].with_columns(pl.when(pl.col("observed") == SEEN).then("observed"))
    prices = pl.DataFrame(
        {
            "as_of_date": [DAY],
            "provider": ["google"],
            "model": ["gemini-2.5-flash-lite"],
            "processing": ["standard"],
            "tier": ["base"],
            "input_usd_per_mtok": [price],
        }
    )
    return {
        **core,
        "claim_binding": bindings,
        "token_price_asof": prices,
        "calendar": pl.DataFrame({"as_of_date": [DAY]}),
    }


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return claim_check.build(with_prices(0.1))


def row(table: pl.DataFrame, claim_id: str) -> dict:
    return table.filter(pl.col("claim_id") == claim_id).row(0, named=True)


def test_every_figure_of_the_documents_has_one_verdict_and_a_reason(table):
    assert table.height == 740
    assert table["claim_id"].n_unique() == 740
    assert table["reason"].null_count() == 0
    assert claim_check.SCHEMA.problems(table).is_empty()


def test_amortisation_is_reproduced_from_its_operands(table):
    amortised = row(table, "000-D1-001")
    assert amortised["our_value"] == pytest.approx(25000 / 26280)
    assert amortised["verdict"] == "reproduced"
    for part in ("capital_usd_per_gpu_hour(", "purchase_price_usd=25,000", "= 0.9513; printed 0.95"):
        assert part in amortised["arithmetic"]
    assert amortised["caveat"] == "I-03"


def test_a_loss_is_reproduced_in_the_printed_unit(table):
    loss = row(table, "003-DIS-019")
    assert (loss["our_value"], loss["verdict"]) == (pytest.approx(1000e6 + 75e6 + 25e6 + 50e6 - 1000e6), "reproduced")


def test_two_falls_of_one_price_contradict_each_other(table):
    fall = row(table, "003-DIS-033")
    assert (fall["our_value"], fall["published_low"], fall["verdict"]) == (280.0, 10.0, "contradicted")


def test_a_figure_nobody_observes_is_an_input_or_not_testable(table):
    assert row(table, "003-DIS-038")["verdict"] == "input"
    market = table.filter((pl.col("kind") == "market") & pl.col("our_value").is_null())
    assert set(market.filter(pl.col("claim_id") != "003-DIS-027")["verdict"]) == {"not_testable"}


@pytest.mark.parametrize(("price", "verdict"), [(0.1, "reproduced"), (0.105, "reproduced"), (0.2, "superseded")])
def test_a_verdict_follows_the_data(price, verdict):
    observed = row(claim_check.build(with_prices(price)), "003-DIS-027")
    assert (observed["our_value_from_data"], observed["verdict"]) == (price, verdict)
    assert observed["observed_on"] == DAY


def test_a_changed_operand_changes_the_verdict():
    core = with_prices(0.1)
    dearer = pl.col("operand") == "purchase_price_usd"
    of_claim = pl.col("claim_id") == "000-D1-001"
    core["claim_binding"] = core["claim_binding"].with_columns(
        pl.when(dearer & of_claim).then(27500.0).otherwise("value").alias("value")
    )
    assert row(claim_check.build(core), "000-D1-001")["verdict"] == "contradicted"


def test_it_is_made_in_under_two_seconds():
    core = with_prices(0.1)
    started = time.process_time()
    claim_check.build(core)
    assert time.process_time() - started < 2.0
