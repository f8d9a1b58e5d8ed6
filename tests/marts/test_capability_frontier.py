"""Who reaches a score, at what price, and how fast that falls: worked by hand on invented models."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from pipelines.economics.index_numbers.resampling import draws
from pipelines.marts import capability_frontier, price_deflation, price_index
from pipelines.panels import capability
from pipelines.panels.deflators import frontier, frontier_study
from tests.marts.capability_core import DAYS, core, model, score, sold

SEGMENT = "frontier/quiz/50/all/input_output_3_1"


def table(made, **where):
    found = capability_frontier.build(made)
    assert capability_frontier.SCHEMA.problems(found).is_empty()
    where = {"model_class": "all", "blend": "input_output_3_1", "as_of_date": DAYS[-1], **where}
    return found.filter([pl.col(name) == value for name, value in where.items()])


def rows(made, module=frontier):
    found = price_deflation.table(module.deflation(made).with_columns(deflator=pl.lit(module.DEFLATOR)))
    assert price_deflation.SCHEMA.problems(found).is_empty()
    return found


def falling(count=6, factor=2.0):
    """Models that come out every two months, each `factor` times cheaper than the one before."""
    starts = [dt.date(2024, 1 + 2 * i, 1).isoformat() for i in range(count)]
    scores = [score(f"m{i}", 55.0 + 3 * (i % 3) + i, start) for i, start in enumerate(starts)]
    return scores, [sold(f"m{i}", 16.0 / factor**i, start) for i, start in enumerate(starts)]


def test_the_cheapest_seller_of_the_cheapest_model_that_reaches_the_score():
    scores = [score("weak", 40, "2024-01-01"), score("good", 50, "2024-01-01"), score("best", 80, "2024-01-01")]
    sales = [
        sold("weak", 0.1, "2024-01-05"),
        sold("good", 2.0, "2024-01-05"),
        sold("good", 1.5, "2024-01-05", provider="discounter"),
        sold("best", 1.8, "2024-01-05"),
    ]
    row = table(core(scores, sales)).row(0, named=True)
    assert (row["cheapest_model"], row["provider"], row["score"]) == ("good", "discounter", 50.0)
    assert row["price_usd_per_mtok"] == pytest.approx(1.5)
    assert (row["n_candidates"], row["sellers"], row["price_since"]) == (2, 2, dt.date(2024, 1, 5))
    assert row["score_observation_id"].startswith("score:good")
    assert row["price_observation_ids"].count("price:") == 2


def test_a_mix_weighs_the_two_prices_of_one_quote():
    made = core([score("a", 60, "2024-01-01")], [sold("a", 1.0, "2024-01-05")])
    made["token_price_asof"] = made["token_price_asof"].with_columns(output_usd_per_mtok=pl.lit(5.0))
    three, fourteen = (table(made, blend=f"input_output_{mix}_1")["price_usd_per_mtok"].item() for mix in (3, 14))
    assert (three, fourteen) == pytest.approx((2.0, 19 / 15), rel=1e-4)


def test_a_solved_benchmark_tells_nothing_but_a_rating_has_no_ceiling():
    made = core([score("a", 100, "2024-01-01")], [sold("a", 1.0, "2024-01-05")])
    assert table(made).is_empty()
    rated = core(
        [score("a", 1300, "2024-01-01", score_unit="elo")], [sold("a", 1.0, "2024-01-05")], thresholds=(1200.0,)
    )
    assert table(rated)["score_unit"].to_list() == ["elo"]


def test_classes_count_what_is_known():
    scores = [
        score("open", 60, "2024-01-01"),
        score("closed", 60, "2024-01-01"),
        score("closed", 90, "2024-01-01", variant="high"),
        score("unknown", 60, "2024-06-01"),
    ]
    sales = [sold(name, price, "2024-06-05") for name, price in (("open", 3.0), ("closed", 2.0), ("unknown", 1.0))]
    made = core(scores, sales, [model("open", "open", False), model("closed", "closed")])
    cheapest = {name: table(made, model_class=name)["cheapest_model"].to_list() for name in capability.CLASSES}
    assert cheapest == {"all": ["unknown"], "open": ["open"], "closed": ["closed"], "non_reasoning": ["open"]}
    row = table(made, model_class="closed").row(0, named=True)
    assert (row["score"], row["variant"]) == (90.0, "high")
    assert "what thinking adds" in row["does_not_say"]


def test_of_several_scores_a_strangers_speaks_then_the_better_graded_then_the_later():
    def chosen(*found):
        made = core(list(found), [sold("a", 1.0, "2024-01-05")], thresholds=(10.0,))
        return table(made)["score"].item()

    own = score("a", 99, "2024-01-01", is_self_reported=True)
    collected = score("a", 70, "2024-01-01", grade="B")
    early = score("a", 50, "2024-01-01", scored_on=dt.date(2024, 2, 1))
    assert chosen(own, collected) == 70
    assert chosen(own, collected, early) == 50
    assert chosen(own, collected, early, score("a", 45, "2024-01-01")) == 45


def test_a_score_its_publisher_states_no_longer_does_not_count():
    gone = score("a", 90, "2024-01-01", valid_to=dt.date(2024, 3, 1))
    made = core([gone, score("a", 60, "2024-01-01")], [sold("a", 1.0, "2024-01-05")])
    assert table(made)["score"].item() == 60
    assert table(core([gone], [sold("a", 1.0, "2024-01-05")])).is_empty()


def test_a_later_version_without_a_day_is_not_dated_by_the_first():
    sales = [sold("sonnet", 1.0, "2024-02-05")]
    undated = score("sonnet", 60, None, version_match="later")
    assert table(core([score("sonnet", 45, "2024-02-01"), undated], sales)).is_empty()
    assert not table(core([score("sonnet", 60, None)], sales)).is_empty()


def test_a_name_over_several_versions_enters_with_the_first_that_reaches_the_score():
    scores = [score("sonnet", 45, "2024-02-01"), score("sonnet", 60, "2024-07-10")]
    made = core(scores, [sold("sonnet", 1.0, "2024-02-05")])
    found = capability_frontier.build(made)
    assert found["as_of_date"].min() == dt.date(2024, 7, 31)
    entered = frontier.reaching(made).filter(pl.col("segment") == SEGMENT)
    assert entered["entered"].to_list() == [dt.date(2024, 7, 10)]


def test_what_was_asked_before_a_version_came_out_is_not_its_price():
    scores = [score("sonnet", 60, "2024-07-10")]
    sales = [sold("sonnet", 1.0, "2024-02-05", "2024-06-20"), sold("sonnet", 3.0, "2024-06-20")]
    entered = frontier.reaching(core(scores, sales)).filter(pl.col("segment") == SEGMENT)
    assert entered.select("entered", "price_usd_per_mtok").rows() == [(dt.date(2024, 7, 10), pytest.approx(3.0))]


def test_cost_of_a_right_answer_where_the_run_cost_is_known():
    scores = [
        score("cheap", 50, "2024-01-01", test_cases=200, run_cost_usd=30.0),
        score("dear", 80, "2024-01-01", test_cases=200, run_cost_usd=16.0),
        score("unknown", 60, "2024-01-01"),
        score("free", 60, "2024-01-01", test_cases=200, run_cost_usd=0.0),
    ]
    sales = [sold(name, 1.0 + i, "2024-01-05") for i, name in enumerate(("cheap", "dear", "unknown", "free"))]
    row = table(core(scores, sales)).row(0, named=True)
    # 30 USD over 200 cases of which half are right; 16 USD over 200 of which four in five.
    assert (row["cheapest_model"], row["cost_of_pass_usd"]) == ("cheap", pytest.approx(0.30))
    assert (row["least_cost_of_pass_model"], row["least_cost_of_pass_usd"]) == ("dear", pytest.approx(0.10))
    assert (row["n_candidates"], row["n_costed"]) == (4, 2)
    assert row["does_not_say"].startswith("how many tokens an answer takes")
    assert "at those of its own day" in row["does_not_say"]


def test_a_fall_by_hand():
    made = rows(core(*falling())).filter(pl.col("segment") == SEGMENT)
    row = made.filter(pl.col("method") == "epoch_rule").row(0, named=True)
    starts = [dt.date(2024, 1 + 2 * i, 1) for i in range(6)]
    days = [(start - starts[0]).days for start in starts]
    mean = sum(days) / 6
    slope = sum((d - mean) * -i for i, d in enumerate(days)) / sum((d - mean) ** 2 for d in days)
    assert row["annual_factor"] == pytest.approx(2.0 ** (-365 * slope))
    assert row["t_low"] < row["annual_factor"] < row["t_high"]
    assert row["dropped_factor_min"] <= row["annual_factor"] <= row["dropped_factor_max"]
    assert (row["n"], row["resampled_units"], row["output"]) == (6, 6, "trend")
    assert (row["first_period"], row["last_period"]) == (starts[0], starts[-1])
    assert row["span_days"] == days[-1]
    assert row["is_extrapolated"]
    assert sorted(made["method"]) == ["epoch_rule", "logit_rule", "lowest_offer"]
    assert made["deflator"].unique().to_list() == ["quality_adjusted"]


def test_a_price_cut_is_a_candidate_and_a_rise_is_none():
    scores = [score("a", 60, "2024-01-01")]
    sales = [
        sold("a", 8.0, "2024-01-02", "2024-03-15"),
        sold("a", 2.0, "2024-03-15", "2024-06-15"),
        sold("a", 4.0, "2024-06-15"),
    ]
    entered = frontier.reaching(core(scores, sales)).filter(pl.col("segment") == SEGMENT)
    assert entered.select("entered", "price_usd_per_mtok").rows() == [
        (dt.date(2024, 1, 2), pytest.approx(8.0)),
        (dt.date(2024, 3, 15), pytest.approx(2.0)),
    ]


def test_a_price_that_stood_there_when_its_seller_was_first_looked_at_is_dated_only_for_a_new_model():
    scores = [score("old", 60, "2022-01-01"), score("new", 60, "2024-01-20"), score("unknown", 60, None)]
    sales = [sold(name, 1.0, "2024-02-01", provider="late") for name in ("old", "new", "unknown")]
    entered = frontier.reaching(core(scores, sales, first_look="2024-02-01")).filter(pl.col("segment") == SEGMENT)
    assert dict(entered.select("model", "dated").rows()) == {"old": False, "new": True, "unknown": False}
    shown = table(core(scores, sales, first_look="2024-02-01"))
    assert not shown["price_start_is_known"].item()
    assert "since when" in shown["does_not_say"].item()


def test_undated_models_are_left_out_and_counted():
    scores, sales = falling()
    scores.append(score("old", 60, "2021-01-01"))
    sales.append(sold("old", 0.001, "2023-01-01", provider="late"))
    made = rows(core(scores, sales)).filter(pl.col("segment") == SEGMENT, pl.col("method") == "epoch_rule")
    without = rows(core(*falling())).filter(pl.col("segment") == SEGMENT, pl.col("method") == "epoch_rule")
    assert made["annual_factor"].item() == without["annual_factor"].item()
    assert made["coverage_pct"].item() == pytest.approx(100 * 6 / 7)


def test_a_model_that_nobody_prices_lowers_coverage():
    scores, sales = falling()
    made = rows(core([*scores, score("unsold", 60, "2024-01-01"), score("weak", 40, "2024-01-01")], sales))
    made = made.filter(pl.col("segment") == SEGMENT, pl.col("output") == "trend")
    assert made["coverage_pct"].to_list() == pytest.approx([100 * 6 / 7] * 2)


def test_first_offers_dated_by_release_as_the_study_dates_them():
    scores, sales = falling()
    # The same models, each seen for sale ten days late but for the first: a shorter way for the same fall.
    late = [{**sale, "start": sale["start"] + dt.timedelta(days=10 * (i > 0))} for i, sale in enumerate(sales)]
    on_time, delayed = (rows(core(scores, found)).filter(pl.col("segment") == SEGMENT) for found in (sales, late))
    published = pl.col("method") == "epoch_rule"
    assert delayed.filter(published)["annual_factor"].item() != on_time.filter(published)["annual_factor"].item()
    by_release = delayed.filter(published)["release_dated_factor"].item()
    assert by_release == pytest.approx(on_time.filter(published)["annual_factor"].item())


def test_price_cuts_are_no_first_offers():
    scores, sales = falling()
    cuts = [sold(f"m{i}", 0.001, "2024-12-15", provider="discounter") for i in range(6)]
    logit = pl.col("method") == "logit_rule"
    made, cut = (
        rows(core(scores, found)).filter(pl.col("segment") == SEGMENT, logit) for found in (sales, sales + cuts)
    )
    assert made["annual_factor"].item() == pytest.approx(cut["annual_factor"].item())


def test_a_low_that_came_and_went_within_a_month_is_no_price():
    sales = [
        sold("m", 1.0, "2024-01-15", "2024-03-20"),
        sold("m", 0.1, "2024-03-20", "2024-04-10"),
        sold("m", 1.0, "2024-04-10"),
    ]
    lows = [
        candidates["price_usd_per_mtok"].min()
        for candidates in (frontier.reaching(core([score("m", 60, "2024-01-01")], kept)) for kept in (sales, sales[:2]))
    ]
    assert lows == [1.0, 0.1]


def test_where_thinking_costs_more_a_token_its_score_stands_beside_no_price():
    name = "gemini-2.5-flash-preview"
    thinks, bare = score(name, 70, "2025-04-17"), score(name, 55, "2025-04-17", variant="no thinking")
    made = capability.scores(core([thinks, bare], [sold(name, 0.2, "2025-05-03")]))
    assert set(made["score"]) == {55.0}


def test_the_model_the_study_leaves_out_by_name_is_left_out():
    made = core([score("o1-mini", 60, "2024-01-01")], [sold("o1-mini", 1.0, "2024-01-02")])
    assert frontier.reaching(made).is_empty()
    assert not capability_frontier.build(made).is_empty()


def test_three_points_or_a_quarter_are_no_trend():
    assert rows(core(*falling(3))).filter(pl.col("output") == "trend").is_empty()
    scores = [score(f"m{i}", 50.0 + i, "2024-01-01") for i in range(6)]
    sales = [sold(f"m{i}", 9.0 - i, f"2024-02-{1 + 4 * i:02d}") for i in range(6)]
    assert rows(core(scores, sales)).filter(pl.col("output") == "trend").is_empty()


def test_the_lowest_offer_rises_where_a_seller_leaves():
    scores = [score(name, 60, "2024-01-01") for name in ("early", "cheap", "late")]
    scores.append(score("unsold", 20, "2024-12-15"))
    sales = [
        sold("early", 4.0, "2024-01-05"),
        sold("cheap", 1.0, "2024-03-05", "2024-09-05"),
        sold("late", 2.0, "2024-08-05"),
    ]
    made = core(scores, sales)
    levels = price_index.table(frontier.index(made).with_columns(deflator=pl.lit("quality_adjusted")))
    assert price_index.SCHEMA.problems(levels).is_empty()
    levels = levels.filter(pl.col("segment") == SEGMENT).sort("period")
    assert levels["period"].to_list() == [dt.date(2024, month, 1) for month in range(1, 13)]
    assert levels["index_level"].to_list() == pytest.approx([1, 1, *[0.25] * 6, *[0.5] * 4])
    assert levels["items_in_period"].to_list() == [1, 1, *[2] * 5, 3, *[2] * 4]
    assert levels["matched_items"].unique().to_list() == [1]
    factors = rows(made).filter(pl.col("segment") == SEGMENT)
    row = factors.filter(pl.col("method") == "lowest_offer").row(0, named=True)
    # Half the price from January to December, 335 days.
    assert row["annual_factor"] == pytest.approx(2 ** (365 / 335))
    assert (row["n"], row["months"], row["matched_ends"], row["ci_low"]) == (3, 12, 1, None)
    # No line: one model's cut and another's entry are two points.
    assert factors.height == 1
    # Where the newest version scored is of September, what stands still since is no price that did not fall.
    until = rows(core([*scores[:3], score("unsold", 20, "2024-09-15")], sales)).filter(pl.col("segment") == SEGMENT)
    assert until["last_period"].to_list() == [dt.date(2024, 9, 1)]


def test_an_interval_of_the_lowest_offer_by_plain_loops():
    scores = [score(f"m{i}", 60, "2024-01-01") for i in range(8)] + [score("unsold", 20, "2024-12-15")]
    sales = [sold(f"m{i}", 10.0 + i, "2024-01-05", "2024-07-05") for i in range(8)]
    sales += [sold(f"m{i}", 1.0 + i % 3, "2024-07-05") for i in range(6)]
    found = rows(core(scores, sales)).filter(pl.col("segment") == SEGMENT, pl.col("method") == "lowest_offer")
    first, last = [10.0 + i for i in range(8)], [1.0 + i % 3 if i < 6 else None for i in range(8)]
    factors = []
    for drawn in draws(8):
        start = [price for price, times in zip(first, drawn, strict=True) if times]
        end = [price for price, times in zip(last, drawn, strict=True) if times and price is not None]
        if end:
            factors.append((min(start) / min(end)) ** (365 / 335))
    assert found.select("ci_low", "ci_high").row(0) == pytest.approx(tuple(np.quantile(factors, [0.05, 0.95])))


def test_the_study_keeps_its_own_prices_and_enters_nothing_else():
    days = [f"2023-{month:02d}-01" for month in (1, 4, 7, 10)]
    scores = [
        score(f"s{i}", 60, start, source_id=capability.STUDY, price_usd_per_mtok=10.0**-i)
        for i, start in enumerate(days)
    ]
    made = core(scores)
    ladder = pl.DataFrame({"series": [capability.STUDY], "benchmark": ["quiz"], "threshold": [43.9]})
    made["frontier_threshold"] = ladder
    row = rows(made, frontier_study).row(0, named=True)
    assert (row["segment"], row["method"], row["n"]) == ("frontier_study/quiz/43.9", "epoch_rule", 4)
    # A tenth each quarter of 91 days or so.
    assert row["annual_factor"] == pytest.approx(10 ** (365 / 91), rel=0.05)
    assert rows(made).is_empty()
    assert capability_frontier.build(made).is_empty()


def test_a_row_is_made_again_from_what_it_stands_on():
    made = core(*falling())
    row = rows(made).filter(pl.col("segment") == SEGMENT, pl.col("method") == "epoch_rule").row(0, named=True)
    basis = frontier.basis(made, "price_deflation", row)
    again = price_deflation.table(basis.again(basis.observed["value"].to_numpy()).with_columns(deflator=pl.lit("x")))
    assert again.filter(pl.col("method") == "epoch_rule")["annual_factor"].item() == row["annual_factor"]
    for module, lacking in ((frontier, "no offers"), (frontier_study, "no candidates")):
        with pytest.raises(LookupError, match=lacking):
            module.basis(made, "price_deflation", {"segment": "frontier/none", "method": "epoch_rule"})


@pytest.mark.parametrize("mart", [price_index, price_deflation], ids=lambda mart: mart.SCHEMA.table)
def test_a_lowest_offer_is_made_again_from_what_it_stands_on(mart):
    made = core(*falling())
    offered = frontier.index(made) if mart is price_index else frontier.deflation(made)
    whole = mart.table(offered.with_columns(deflator=pl.lit("quality_adjusted")))
    row = whole.filter(pl.col("segment") == SEGMENT, pl.col("method") == "lowest_offer").row(-1, named=True)
    basis = frontier.basis(made, mart.SCHEMA.table, row)
    again = mart.table(basis.again(basis.observed["value"].to_numpy()).with_columns(deflator=pl.lit("x")))
    same = again.filter([pl.col(name) == row[name] for name in mart.SCHEMA.key])
    for value in (
        ("index_level",) if mart is price_index else ("annual_factor", "method_factor_min", "method_factor_max")
    ):
        assert same[value].item() == row[value]


def test_a_core_without_scores_gives_tables_without_rows():
    assert capability_frontier.build(core()).equals(capability_frontier.SCHEMA.empty())
    assert rows(core()).is_empty()
    assert rows(core(), frontier_study).is_empty()
