"""Token prices judged by magnitude: synthetic histories one rule at a time, then three years of eight real lists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from tests.dbt.judging import compiled, judge

FIRST = dt.date(2026, 1, 1)
DOUBT = "doubt"


@pytest.fixture(scope="module")
def sql(tmp_path_factory) -> str:
    return compiled(tmp_path_factory.mktemp("judged"), "stg_token_prices__judged")


def runs(*prices: tuple[float, int], model: str = "m", source: str = "s", provider: str = "p", start: int = 0) -> list:
    """A synthetic item: prices in turn, each with the number of daily looks that saw it."""
    rows, day = [], start
    for number, (price, looks) in enumerate(prices):
        known, last = FIRST + dt.timedelta(day), FIRST + dt.timedelta(day + looks - 1)
        day += looks
        ends = FIRST + dt.timedelta(day) if number < len(prices) - 1 else None
        rows.append(
            (
                f"{source} {provider} {model} {price:g} #{number}",
                source,
                provider,
                model,
                price,
                known,
                last,
                looks,
                ends,
            )
        )
    return rows


def frame(*items: list) -> pl.DataFrame:
    columns = ["observation_id", "source_id", "provider", "model", "price_usd_per_mtok", "known_from", "last_observed"]
    made = pl.DataFrame(
        [row for rows in items for row in rows], schema=[*columns, "observation_count", "valid_to"], orient="row"
    )
    fixed = {"token_kind": "input", "processing": "standard", "tier": "base", "route": "", "grade": "B"}
    return made.with_columns(
        pl.col("valid_to").cast(pl.Date),
        pl.col("provider").alias("provider_label"),
        pl.col("model").alias("model_label"),
        pl.col("known_from").alias("valid_from"),
        *[pl.lit(value).alias(name) for name, value in fixed.items()],
    )


def doubts(sql: str, *items: list) -> dict[str, str | None]:
    verdicts = judge(sql, {"stg_token_prices__labelled": frame(*items)}, DOUBT)
    return {name: verdict for name, (verdict, _) in verdicts.items() if verdict}


@pytest.mark.parametrize(
    ("prices", "doubted"),
    [
        ([(2.5, 100), (1.0, 5)], {}),
        ([(10.0, 30), (2.0, 30)], {}),  # o3, -80 percent
        ([(2.0, 300), (0.03, 30)], {}),  # the widest real fall
        ([(0.075, 3), (75, 1)], {"75 #1": "unit_factor_1000"}),
        ([(0.075, 100), (75, 300), (0.075, 5)], {"75 #1": "unit_factor_1000"}),
        ([(0.075, 100), (75, 9), (76, 9), (0.08, 5)], {"75 #1": "unit_factor_1000", "76 #2": "unit_factor_1000"}),
        ([(3.0, 40), (0.003, 1), (303, 2)], {"0.003 #1": "unit_factor_1000", "303 #2": "unit_factor_100"}),
        ([(0.003, 5), (300, 5)], {"300 #1": "unit_factor_100000"}),
        ([(1.0, 5), (150, 5)], {"150 #1": "far_from_its_own_history"}),
        ([(75, 1), (0.075, 1)], {"75 #0": "far_from_its_own_history", "0.075 #1": "far_from_its_own_history"}),
        ([(75, 2), (0.075, 3)], {"75 #0": "far_from_its_own_history"}),
        ([(0.075, 1), (75, 2), (0.075, 1)], {"75 #1": "far_from_its_own_history"}),
        ([(75, 2), (1.5, 1)], {}),
    ],
)
def test_a_price_beside_its_own_history(sql, prices, doubted):
    assert doubts(sql, runs(*prices)) == {f"s p m {name}": reason for name, reason in doubted.items()}


def test_another_publisher_confirms_a_new_level_and_another_file_of_the_list_does_not(sql):
    moved = runs((0.075, 9), (75, 9))
    assert doubts(sql, moved, runs((75, 3), source="other", start=12)) == {}
    assert doubts(sql, moved, runs((40, 3), source="other", start=12)) == {"s p m 75 #1": "unit_factor_1000"}
    one = runs((0.075, 9), (75, 9), source="llm_prices_current")
    same = runs((75, 9), source="llm_prices_historical", start=9)
    assert doubts(sql, one, same) == {"llm_prices_current p m 75 #1": "unit_factor_1000"}


def test_two_other_publishers_that_agree_show_a_missed_unit(sql):
    agreeing = [runs((2.0, 5), source="t"), runs((2.1, 5), source="u")]
    assert doubts(sql, runs((205, 1), start=3), *agreeing) == {"s p m 205 #0": "unit_factor_100"}
    assert doubts(sql, runs((140, 1), start=3), *agreeing) == {}
    assert doubts(sql, runs((205, 1), start=3), agreeing[0]) == {}


def test_other_sellers_are_a_yardstick_from_three_on(sql):
    sellers = [runs((price, 5), provider=name) for name, price in (("a", 1.0), ("b", 1.1), ("c", 0.9))]
    far = runs((60, 1), start=3)
    assert doubts(sql, far, *sellers) == {"s p m 60 #0": "far_from_other_sellers"}
    assert doubts(sql, far, *sellers[:2]) == {}
    # What others ask later does not change what was said of it.
    late = [runs((price, 5), provider=name, start=9) for name, price in (("a", 1.0), ("b", 1.1), ("c", 0.9))]
    assert {name for name in doubts(sql, far, *late) if " p m " in name} == set()


def test_a_whole_list_that_moves_by_one_factor_waits_for_a_second_source(sql):
    items = [runs((number + 1.0, 9), (4.0 * (number + 1), 9), model=f"m{number}") for number in range(6)]
    still = [runs((1.5, 18), model=f"still{number}") for number in range(5)]
    moved = {rows[1][0]: "provider_wide_jump" for rows in items}
    assert doubts(sql, *items, *still) == moved
    # Not most of the list, not enough models, not far enough, not one factor: news.
    assert doubts(sql, *items, *still, runs((1.5, 18), model="one more")) == {}
    assert doubts(sql, *items[:4]) == {}
    small = [runs((number + 1.0, 9), (1.9 * (number + 1), 9), model=f"m{number}") for number in range(6)]
    assert doubts(sql, *small) == {}
    apart = [runs((1.0, 9), (3.0 + number, 9), model=f"m{number}") for number in range(6)]
    assert doubts(sql, *apart) == {}
    seconded = [runs((4.0 * (number + 1), 3), model=f"m{number}", source="t", start=15) for number in range(6)]
    assert doubts(sql, *items, *still, *seconded) == {}


def test_evidence_names_the_yardstick_the_ratio_and_the_days(sql):
    rows = frame(runs((0.075, 100), (75, 3)))
    _, evidence = judge(sql, {"stg_token_prices__labelled": rows}, DOUBT)["s p m 75 #1"]
    assert evidence == "median 0.075 of 100 earlier observations, 2026-01-01 to 2026-04-10; ratio 1000"


def test_a_later_day_changes_no_earlier_verdict(sql):
    """Built day by day: what was said of a row with enough history on its first day is said of it on the last."""
    items = [runs((0.075, 9), (75, 9), (0.075, 9)), runs((1.0, 4), (110, 2), (120, 20), model="n")]
    whole = frame(*items)
    end = doubts(sql, *items)
    for day in sorted(set(whole["known_from"])):
        known = whole.filter(pl.col("known_from") <= day)
        # A run as that day saw it: what came after was not counted yet.
        seen = pl.min_horizontal((pl.lit(day) - pl.col("known_from")).dt.total_days() + 1, "observation_count")
        known = known.with_columns(
            seen.alias("observation_count"),
            pl.min_horizontal("last_observed", pl.lit(day)).alias("last_observed"),
            pl.when(pl.col("valid_to") <= day).then("valid_to").alias("valid_to"),
        )
        then = judge(sql, {"stg_token_prices__labelled": known}, DOUBT)
        assert {name: verdict for name, (verdict, _) in then.items() if verdict} == {
            name: verdict for name, verdict in end.items() if name in then
        }


# Errors that stood in public lists, and cuts that were news: provider, label, kind, price.
ERRORS = [
    ("models.dev", "openrouter", "openai/gpt-5.4-mini", "input", 7.5e-07),
    ("models.dev", "helicone", "mistral-small", "input", 75.0),
    ("models.dev", "helicone", "mistral-nemo", "output", 40.0),
    ("models.dev", "agentrouter", "glm-4.5", "input", 0.003),
    ("litellm", "perplexity", "perplexity/pplx-7b-online", "output", 500.0),
    ("tokencost(litellm)", "vertex_ai-language-models", "gemini-1.5-flash", "input", 0.004688),
    ("openrouter", "google", "google/gemini-pro", "input", 0.5),
]
CUTS = ["deepseek", "/o3", "gpt-4o", "gemini-1.5", "gemini-2"]


@pytest.fixture(scope="module")
def lists(sql, shared: Path) -> pl.DataFrame:
    """Eight public lists as they stood, 2023-07 to 2026-11, uncleaned, folded into runs; with the verdict on each."""
    panel = pl.read_parquet(shared / "data/token_prices/token_price_panel.parquet")
    kinds = {"input": "input_usd_mtok", "output": "output_usd_mtok", "cached_input": "cache_read_usd_mtok"}
    long = (
        pl.concat(
            panel.select(
                "as_of", "source", "provider", "model_id", pl.lit(kind).alias("kind"), pl.col(column).alias("p")
            )
            for kind, column in kinds.items()
        )
        .filter(pl.col("p").is_finite() & (pl.col("p") >= 0))
        .filter(pl.col("p") <= pl.when(pl.col("kind") == "output").then(1500).otherwise(375))  # the contract's
        .with_columns(pl.col("source").str.replace(r"^openrouter.*", "openrouter"), pl.col("provider").fill_null("?"))
        .group_by("as_of", "source", "provider", "model_id", "kind")
        .agg(pl.col("p").min())
    )
    looks = long.select("source", "as_of").unique().sort("source", "as_of")
    looks = looks.with_columns(
        pl.int_range(pl.len()).over("source").alias("turn"), pl.col("as_of").shift(-1).over("source").alias("next")
    )
    item = ["source", "provider", "model_id", "kind"]
    folded = (
        long.join(looks, on=["source", "as_of"])
        .sort("turn")
        .with_columns((pl.col("turn") - pl.int_range(pl.len()).over(*item, "p")).alias("run"))
        .group_by(*item, "p", "run")
        .agg(
            pl.col("as_of").min().alias("known_from"),
            pl.col("as_of").max().alias("last_observed"),
            pl.len().alias("observation_count"),
            pl.col("next").last().alias("valid_to"),
        )
        .sort(*item, "known_from")
        .with_row_index("observation_id")
    )
    rows = folded.select(
        pl.col("observation_id").cast(pl.String),
        pl.col("source").alias("source_id"),
        pl.col("provider").str.to_lowercase(),
        pl.col("model_id").str.extract(r"([^/]+)$").str.to_lowercase().alias("model"),
        pl.col("model_id").alias("model_label"),
        pl.col("provider").alias("provider_label"),
        pl.col("kind").alias("token_kind"),
        pl.col("p").alias("price_usd_per_mtok"),
        "known_from",
        pl.col("known_from").alias("valid_from"),
        "last_observed",
        "observation_count",
        "valid_to",
        pl.lit("standard").alias("processing"),
        pl.lit("base").alias("tier"),
        pl.when(pl.col("model_id").str.ends_with(":free")).then(pl.lit("free")).otherwise(pl.lit("")).alias("route"),
        pl.lit("B").alias("grade"),
    )
    verdicts = judge(sql, {"stg_token_prices__labelled": rows}, DOUBT)
    return rows.with_columns(
        pl.Series("doubt", [verdicts[name][0] for name in rows["observation_id"]], dtype=pl.String),
        pl.Series("evidence", [verdicts[name][1] for name in rows["observation_id"]], dtype=pl.String),
    )


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error[2])
def test_errors_that_stood_in_public_lists_are_caught(lists, error):
    names = ("source_id", "provider_label", "model_label", "token_kind", "price_usd_per_mtok")
    found = lists.filter(*[pl.col(name) == value for name, value in zip(names, error, strict=True)])
    assert found.height > 0
    assert found["doubt"].null_count() == 0


def test_no_unit_error_of_eleven_months_is_left(lists):
    """wandb's models stood 100,000 times too high: what the contract let through is no higher than elsewhere."""
    wandb = lists.filter(pl.col("provider_label") == "wandb", pl.col("doubt").is_null())
    assert wandb["price_usd_per_mtok"].max() <= 20


@pytest.mark.parametrize("name", CUTS)
def test_real_cuts_are_news(lists, name):
    """Runs whose price fell against the run before, among the labs' own labels: none is doubted."""
    labs = ["openai", "deepseek", "google", "gemini", "vertex_ai-language-models"]
    of_labs = lists.filter(pl.col("provider_label").is_in(labs) & (pl.col("source_id") != "tokencost(litellm)"))
    item = ["source_id", "provider_label", "model_label", "token_kind"]
    before = pl.col("price_usd_per_mtok").shift(1).over(item, order_by="known_from")
    fallen = of_labs.filter(pl.col("price_usd_per_mtok") < before, pl.col("price_usd_per_mtok") > 0)
    fallen = fallen.filter(("/" + pl.col("model_label")).str.contains(name, literal=True))
    assert fallen.height > 0
    assert fallen.filter(pl.col("doubt").is_not_null()).select("model_label", "doubt", "evidence").rows() == []


def test_what_is_doubted_is_little(lists):
    """Zeros and moving names aside; each of the 54 was looked at by hand. Of 44,878 runs."""
    judged = lists.filter(pl.col("doubt").is_not_null())
    judged = judged.filter(~pl.col("doubt").is_in(["zero_is_not_a_price", "moving_alias"]))
    assert lists.height == 44_878
    assert judged.height == 54
    assert judged["evidence"].null_count() == 0
