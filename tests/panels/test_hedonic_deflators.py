"""Hedonic deflators and price over capacity, on invented quotes of invented GPUs, worked by hand."""

from __future__ import annotations

import datetime as dt
import math

import polars as pl
import pytest

from pipelines.economics.index_numbers.deflation import annual_factor
from pipelines.marts import capacity_price, hedonic_coefficient, price_deflation, price_index
from pipelines.panels.deflators import of_segment
from pipelines.panels.hedonic_tokens import model_scores, model_sizes
from tests.marts.capability_core import score
from tests.marts.price_core import core, rent, token

SEGMENT = "gpu_rental/hedonic/on_demand"
MONTHS = [f"2026-{month:02d}-01" for month in range(1, 7)]
LEVEL = [1.0, 0.95, 0.9, 0.92, 0.85, 0.8]
"""What the invented market does to every price, month by month."""


def gpu(number: int, **given):
    """A GPU whose peak, memory and bandwidth are no multiples of one another's."""
    return {
        "gpu": f"chip {number}",
        "vendor": "NVIDIA",
        "peak_bf16_flop_s": 1e14 * (number + 1) ** 1.5,
        "peak_fp8_flop_s": None,
        "memory_gb": [24.0, 80.0, 48.0, 40.0, 192.0, 96.0, 141.0, 180.0][number],
        "memory_bandwidth_gb_s": [600.0, 900.0, 3000.0, 1500.0, 2500.0, 4800.0, 4000.0, 8000.0][number],
        **given,
    }


GPUS = [gpu(number) for number in range(8)]


def worth(chip: dict) -> float:
    """Price of the invented market in its first month at a seller of the dearer tier."""
    peak, memory, bandwidth = (chip[name] for name in ("peak_bf16_flop_s", "memory_gb", "memory_bandwidth_gb_s"))
    return math.exp(0.5 * math.log(peak / 1e14) + 0.2 * math.log(memory) + 0.3 * math.log(bandwidth / 1e3))


def quotes(chips, provider="big", discount=1.0, months=range(6), **given):
    """A quote per chip and month, each month's at the level of the market."""
    return [
        rent(
            provider,
            worth(chip) * LEVEL[m] * discount,
            MONTHS[m],
            MONTHS[m + 1] if m < 5 else None,
            "2026-06-30" if m == 5 else MONTHS[m],
            gpu=chip["gpu"],
            **given,
        )
        for chip in chips
        for m in months
    ]


def tables(rows, chips=GPUS):
    made = core(fct_gpu_rental_rate=rows, dim_gpu=chips)
    tiers = {"provider": ["big", "small", "router"], "tier": ["hyperscaler", "neocloud", "reseller"]}
    return {**made, "dim_provider": pl.DataFrame(tiers)}


MARKET = [
    *quotes(GPUS[:6]),
    # The cheaper seller comes in March, with two chips nobody had: entry, at the market's price of what they do.
    *quotes(GPUS[2:], "small", 0.5, range(2, 6)),
]


def whole(table, method="tdh", output="multilateral"):
    rows = table.filter(pl.col("segment") == SEGMENT, pl.col("method") == method, pl.col("output") == output)
    return rows.filter(pl.col("window_months") == 0)


@pytest.mark.parametrize(
    ("method", "output"),
    [
        ("tdh", "multilateral"),
        ("tdh", "chained"),
        ("tdh_bias_corrected", "multilateral"),
        ("tdh_equal_quotes", "multilateral"),
        ("tdh_within_sellers", "multilateral"),
    ],
)
def test_a_market_that_follows_the_model_gives_its_levels_back(method, output):
    made = price_index.build(tables(MARKET))
    assert price_index.SCHEMA.problems(made).is_empty()
    rows = whole(made, method, output).sort("period")
    assert rows["index_level"].to_list() == pytest.approx(LEVEL, rel=1e-9)
    assert rows["matched_items"].to_list() == [6, 6, 12, 12, 12, 12]
    factors = price_deflation.build(tables(MARKET))
    assert price_deflation.SCHEMA.problems(factors).is_empty()
    factor = whole(factors, method, output)
    assert factor["annual_factor"].item() == pytest.approx(annual_factor(1.0, 0.8, 151), rel=1e-9)
    assert factor["n"].item() == 60
    assert factor["ci_basis"].item() == "none", "two sellers are no sample"


def test_without_tiers_the_entry_of_a_cheaper_seller_counts_as_a_fall():
    made = whole(price_deflation.build(tables(MARKET)), "tdh_without_tiers")
    assert made["annual_factor"].item() > annual_factor(1.0, 0.8, 151) * 1.2


def test_coefficients_are_those_the_market_was_made_of():
    made = hedonic_coefficient.build(tables(MARKET))
    assert hedonic_coefficient.SCHEMA.problems(made).is_empty()
    rows = {row["feature"]: row for row in made.iter_rows(named=True)}
    assert rows["log_peak_16_bit"]["coefficient"] == pytest.approx(0.5)
    assert rows["log_memory"]["coefficient"] == pytest.approx(0.2)
    assert rows["log_memory_bandwidth"]["coefficient"] == pytest.approx(0.3)
    assert {row["kinds"] for row in rows.values()} == {8}
    assert rows["tier_neocloud"]["coefficient"] == pytest.approx(math.log(0.5))
    assert rows["vendor_amd"]["left_out"] == "the same throughout each period"


def test_what_cannot_be_told_apart_has_no_coefficient_and_says_why():
    """All cards are the small seller's and all modules the big one's: one of the two speaks for both."""
    market = [*quotes(GPUS[:6]), *quotes(GPUS[2:], "small", 0.5, form_factor="PCIe")]
    rows = {row["feature"]: row for row in hedonic_coefficient.build(tables(market)).iter_rows(named=True)}
    assert rows["module"]["coefficient"] == pytest.approx(math.log(2))
    assert rows["tier_neocloud"]["coefficient"] is None
    assert rows["tier_neocloud"]["left_out"] == "made of module"


def test_a_chip_nobody_describes_is_left_out_and_lowers_coverage():
    unknown = gpu(7, gpu="riddle", memory_gb=None)
    rows = [*quotes(GPUS[:6]), *quotes([gpu(7, gpu="riddle")])]
    made = whole(price_index.build(tables(rows, [*GPUS, unknown])))
    assert made["matched_items"].to_list() == [6] * 6
    assert made["items_in_period"].to_list() == [7] * 6
    assert made["coverage_pct"].to_list() == pytest.approx([100 * 6 / 7] * 6)


def test_too_few_chips_fit_one_by_one_and_make_no_segment():
    assert whole(price_index.build(tables(quotes(GPUS[:5])))).is_empty()


def test_a_segment_leads_back_to_its_quotes_and_facts_and_is_made_again():
    made = tables(MARKET)
    row = whole(price_deflation.build(made)).row(0, named=True)
    basis = of_segment(SEGMENT).basis(made, "price_deflation", row)
    assert basis.observed.height == 60 + 3 * 8
    again = basis.again(basis.observed["value"].to_numpy()).filter(
        pl.col("method") == "tdh", pl.col("output") != "chained"
    )
    assert again["annual_factor"].item() == pytest.approx(row["annual_factor"], rel=1e-12)
    doubled = basis.observed.with_columns(
        pl.when(pl.col("name") == "2026-06").then(pl.col("value") * 2).otherwise(pl.col("value")).alias("value")
    )
    dearer = basis.again(doubled["value"].to_numpy()).filter(pl.col("method") == "tdh", pl.col("output") != "chained")
    assert dearer["annual_factor"].item() == pytest.approx(annual_factor(1.0, 1.6, 151), rel=1e-9)


CAPACITY = "gpu_rental/pflop_hour/on_demand"
TWO = [
    gpu(0, gpu="old", peak_bf16_flop_s=1e14, memory_gb=10.0, memory_bandwidth_gb_s=1e3),
    gpu(1, gpu="new", peak_bf16_flop_s=1e15, peak_fp8_flop_s=2e15, memory_gb=100.0, memory_bandwidth_gb_s=4e3),
]


def offers():
    """One seller asks 1 for the old chip in two regions; from April another asks 2.5 for it, 4 for the new one."""
    return [
        rent("big", 1.0, "2026-01-01", None, "2026-06-30", gpu="old"),
        rent("big", 1.0, "2026-01-01", None, "2026-06-30", gpu="old", region="eu"),
        rent("big", 8.0, "2026-01-01", None, "2026-06-30", gpu="new"),
        rent("small", 2.5, "2026-04-01", None, "2026-06-30", gpu="old"),
        rent("small", 4.0, "2026-04-01", None, "2026-06-30", gpu="new"),
    ]


def test_price_over_capacity_by_hand():
    made = capacity_price.build(tables(offers(), TWO)).filter(pl.col("segment") == CAPACITY).sort("period")
    assert capacity_price.SCHEMA.problems(made).is_empty()
    first, last = made.row(0, named=True), made.row(-1, named=True)
    # 10 a PFLOP-hour by the old chip, whose two regions count once, 8 by the new one.
    assert first["mean_usd_per_pflop_hour"] == pytest.approx(math.sqrt(10 * 8))
    assert first["cheapest_usd_per_pflop_hour"] == pytest.approx(8)
    assert first["mean_usd_per_pflop_hour_8_bit"] == pytest.approx(4)
    assert first["mean_usd_per_gb_hour"] == pytest.approx(math.sqrt(0.1 * 0.08))
    assert first["mean_usd_per_tb_s_hour"] == pytest.approx(math.sqrt(1 * 2))
    assert (first["cheapest_gpu"], first["cheapest_seller"]) == ("new", "big")
    assert last["mean_usd_per_pflop_hour"] == pytest.approx((10 * 8 * 25 * 4) ** 0.25)
    assert (last["cheapest_usd_per_pflop_hour"], last["cheapest_seller"]) == (pytest.approx(4), "small")
    assert made["offers"].to_list() == [3, 3, 3, 5, 5, 5]
    assert made["entered_offers"].to_list() == [0, 0, 0, 2, 0, 0]
    assert made["sellers"].to_list() == [1, 1, 1, 2, 2, 2]
    assert made["gpus"].to_list() == [2] * 6


def test_a_list_in_euro_compares_in_dollars_and_its_currency_moves_no_hedonic():
    """A seller asks 4 euro throughout, at 1.25 and from April on 1.5 dollars."""
    euro = {"list_currency": "EUR", "gpu": "new"}
    rows = [
        rent("big", 1.0, "2026-01-01", None, "2026-06-30", gpu="old"),
        rent("small", 5.0, "2026-01-01", "2026-04-01", **euro, list_currency_usd=1.25, list_price_per_gpu_hour=4.0),
        rent(
            "small", 6.0, "2026-04-01", None, "2026-06-30", **euro, list_currency_usd=1.5, list_price_per_gpu_hour=4.0
        ),
    ]
    made = capacity_price.build(tables(rows, TWO)).filter(pl.col("segment") == CAPACITY).sort("period")
    assert made["cheapest_usd_per_pflop_hour"].to_list() == pytest.approx([5, 5, 5, 6, 6, 6])
    abroad = [
        {**quote, "list_currency": "EUR", "list_currency_usd": rate, "list_price_per_gpu_hour": price / 1.25}
        for quote in quotes(GPUS, "small", 0.5)
        for price in [quote["price_usd_per_gpu_hour"]]
        for rate in [1.25 if quote["valid_from"] < dt.date(2026, 4, 1) else 1.5]
    ]
    levels = whole(price_index.build(tables([*quotes(GPUS), *abroad]))).sort("period")
    assert levels["index_level"].to_list() == pytest.approx(LEVEL, rel=1e-9)


def test_a_level_moves_by_entry_alone_and_says_so():
    made = price_index.build(tables(offers(), TWO)).filter(pl.col("segment") == CAPACITY).sort("period")
    mean = made.filter(pl.col("method") == "pflop_hour")
    assert mean["index_level"].to_list()[-1] == pytest.approx((25 * 4 / 80) ** 0.25)
    assert mean["entered_items"].to_list() == [0, 0, 0, 2, 0, 0]
    assert mean["matched_items"].to_list() == [3, 3, 3, 3, 5, 5]
    cheapest = price_deflation.build(tables(offers(), TWO)).filter(
        pl.col("segment") == CAPACITY, pl.col("method") == "pflop_hour_cheapest"
    )
    assert cheapest["annual_factor"].item() == pytest.approx(annual_factor(8, 4, 151))
    assert cheapest["output"].item() == "level"


def models(count: int) -> list[dict]:
    return [{"model": f"m{n:02d}", "points": 120.0 + 3 * n, "open": n % 3 == 0} for n in range(count)]


def token_tables(count: int):
    """Every model at exp(0.05 points) over 1,000, half of it if open, falling by the market's level."""
    rows, scores = [], []
    for model in models(count):
        begin = math.exp(0.05 * model["points"]) / 1000 * (0.5 if model["open"] else 1.0)
        for m, level in enumerate(LEVEL):
            end, seen = (MONTHS[m + 1], MONTHS[m]) if m < 5 else (None, "2026-06-30")
            rows.append(token(model["model"], begin * level, MONTHS[m], end, seen))
        given = {"benchmark": "epoch_capabilities_index", "score_unit": "index", "version_match": "only"}
        scores.append(score(model["model"], model["points"], "2026-01-01", **given))
    made = core(fct_token_price=rows)
    facts = {
        "model": [m["model"] for m in models(count)],
        "weights": ["open" if m["open"] else None for m in models(count)],
        "reasoning": [None] * count,
        "release_date": [dt.date(2026, 1, 1)] * count,
        "parameters_b": [None if n == 0 else 7.0 * (n % 5 + 1) for n in range(count)],
        "active_parameters_b": [3.5 if n == 1 else None for n in range(count)],
    }
    schema = {
        "model": pl.String,
        "weights": pl.String,
        "reasoning": pl.Boolean,
        "release_date": pl.Date,
        "parameters_b": pl.Float64,
        "active_parameters_b": pl.Float64,
    }
    return {**made, "dim_model": pl.DataFrame(facts, schema=schema), "fct_benchmark_score": pl.DataFrame(scores)}


def test_tokens_of_a_given_score():
    made = token_tables(12)
    segment = "tokens/hedonic/output/epoch_capabilities_index"
    levels = price_index.build(made).filter(pl.col("segment") == segment).sort("period")
    for method in ("tdh", "tdh_recent"):
        of_method = levels.filter(pl.col("method") == method, pl.col("output") == "multilateral")
        assert of_method["index_level"].to_list() == pytest.approx(LEVEL, rel=1e-9)
    table = hedonic_coefficient.build(made).filter(pl.col("segment") == segment)
    rows = {row["feature"]: row for row in table.iter_rows(named=True)}
    assert rows["capability_index"]["coefficient"] == pytest.approx(0.05)
    assert rows["weights_open"]["coefficient"] == pytest.approx(math.log(0.5))
    assert price_index.build(token_tables(9)).filter(pl.col("segment") == segment).is_empty(), "too few models a month"


def test_size_is_held_constant_beside_the_score_in_a_segment_of_its_own():
    made = token_tables(12)
    segment = "tokens/hedonic/output/epoch_capabilities_index_and_size"
    levels = price_index.build(made).filter(pl.col("segment") == segment).sort("period")
    for method in ("tdh", "tdh_without_size"):
        of_method = levels.filter(pl.col("method") == method, pl.col("output") == "multilateral")
        assert of_method["index_level"].to_list() == pytest.approx(LEVEL, rel=1e-9)
        assert of_method["matched_items"].to_list() == [11] * 6, "the model of unstated size is left out"
    table = hedonic_coefficient.build(made).filter(pl.col("segment") == segment)
    assert table.filter(pl.col("feature") == "log_size")["coefficient"].item() == pytest.approx(0, abs=1e-9)
    sizes = model_sizes(made)["size_b"].to_list()
    assert sizes[:3] == [None, 3.5, 21.0], "what works on a token, where it is stated"


def test_the_score_that_counts():
    given = {"benchmark": "gpqa_diamond", "version_match": "only"}
    rows = [
        score("a", 90.0, None, is_self_reported=True, **given),
        score("a", 60.0, None, variant="low", **given),
        score("a", 70.0, None, variant="high", **given),
        score("b", 100.0, None, **given),
        score("c", 50.0, None, benchmark="gpqa_diamond", version_match="later"),
        score("d", 40.0, None, source_id="epoch_llm_price_study", **given),
    ]
    found = model_scores({"fct_benchmark_score": pl.DataFrame(rows)}, "gpqa_diamond")
    assert found.to_dicts() == [{"kind": "a", "variant": "high", "score": 70.0}]
