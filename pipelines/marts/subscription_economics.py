"""Subscription economics: what a subscriber's month costs to serve, would cost at list prices, and is paid.

Grain: plan x user_type x reading. The tokens of a day are the document's in both readings.

`as_published`: its cost of a million tokens, its month, no cache; what it prints beside what its own operands give.
`professional`: list prices of the newest day, part of the input read from the cache, cost as an assumed share of the
list price; one row more, for a developer who thinks on every query.

Not here: the limits of a plan (M35), the free plan (nobody states its tokens), what a token costs to serve.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL, formulas
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import EVERY_SUBJECT, Core, assumed
from pipelines.mart_kit.carry import aliased, carry, dropped
from pipelines.mart_kit.identity import equal, parts
from pipelines.mart_kit.schema import Schema, columns, day, figure, label, number, ranged

KEY = ("plan", "user_type", "reading")
INPUTS = ("assumption", "token_price_asof")

PLOT = ("monthly_cost_usd",)

DOCUMENT = "m36_cost_to_serve"
CHOICES = "professional_subscription"

PROVIDER = "anthropic"
MODEL = "claude-opus-4-5"
"""The model the document counts a plan's limits in (004:224), at the newest day's price; smaller ones cost less."""

PLAN_OF_USER_TYPE = {
    "casual_pro": "pro",
    "heavy_pro": "pro",
    "claude_code_moderate": "max_5x",
    "claude_code_heavy": "max_20x",
    "max_worst_case": "max_20x",
    "coding_50_sessions": "max_20x",
    "thinking_every_query": "max_20x",
}

FIGURES = (
    "written_mtok_per_day",
    "input_cost_usd_per_month",
    "output_cost_usd_per_month",
    "monthly_cost_usd",
    "markup",
    "api_equivalent_usd",
    "api_equivalent_uncached_usd",
)
PRINTED = ("printed_markup", "implied_output_cost_usd_per_mtok")
THINKING = "written_per_visible_token"
HABITS = ("input_mtok_per_day", "output_mtok_per_day", "price_usd")
LIST_PRICES = {
    "input_usd_per_mtok": "input_list_usd_per_mtok",
    "cached_input_usd_per_mtok": "cached_input_list_usd_per_mtok",
    "output_usd_per_mtok": "output_list_usd_per_mtok",
}

_F = formulas(AS_PUBLISHED)

SCHEMA = Schema(
    table="subscription_economics",
    kind="answer",
    description=(
        "One row per plan, type of user and reading.\n"
        "A subscriber's month at cost and at list prices. The tokens of a day are the document's, and no lab publishes "
        "what a token costs it: the cost is the document's estimate (as_published) or an assumed share of the observed "
        "list price (professional). Low and high are corners of the operands' ranges."
    ),
    key=KEY,
    columns=columns(
        label("plan", "Plan subscribed to.", enumerated=True),
        label("user_type", "Habit of the subscriber.", enumerated=True),
        label("reading", "as_published or professional.", enumerated=True),
        day("as_of_date", "Day of the list prices; the document's date for as_published."),
        label("model", "Model whose list prices are taken. See core.dim_model."),
        number("input_mtok_per_day", "Mtok/day", "Input of a day, as the document states it.", minimum=0),
        number("output_mtok_per_day", "Mtok/day", "Visible output of a day, as the document states it.", minimum=0),
        ranged(number("written_per_visible_token", "1", "Tokens written for each visible one; 1 is no thinking.")),
        ranged(figure(_F, "written_mtok_per_day", minimum=0)),
        ranged(number("cached_input_share", "1", "Share of input read from the cache: an assumption.", minimum=0)),
        number("days_per_month", "day", "Days a month is taken to have."),
        number("input_list_usd_per_mtok", "usd/Mtok", "List price of input.", minimum=0),
        number("cached_input_list_usd_per_mtok", "usd/Mtok", "List price of input read from the cache.", minimum=0),
        number("output_list_usd_per_mtok", "usd/Mtok", "List price of output.", minimum=0),
        ranged(
            number(
                "compute_share_of_list_price",
                "1",
                "Share of a list price that serving costs: an assumption without evidence for this lab; null where the "
                "document states a cost of its own.",
                nullable=True,
                minimum=0,
            )
        ),
        ranged(number("input_cost_usd_per_month", "usd/month", "Cost of the month's input.", minimum=0)),
        ranged(number("output_cost_usd_per_month", "usd/month", "Cost of the month's output.", minimum=0)),
        ranged(figure(_F, "monthly_cost_usd", minimum=0)),
        number("price_usd", "usd/month", "Price of the plan.", minimum=0),
        ranged(figure(_F, "markup", minimum=0)),
        ranged(figure(_F, "api_equivalent_usd", minimum=0)),
        ranged(figure(_F, "api_equivalent_uncached_usd", minimum=0)),
        number("printed_monthly_cost_usd", "usd/month", "Cost of the month as the document prints it.", nullable=True),
        figure(_F, "printed_markup", nullable=True),
        figure(_F, "implied_output_cost_usd_per_mtok", nullable=True),
        label("note", "What a reader must know.", nullable=True),
    ),
    rules=(
        equal(
            "input and output add up to the month",
            parts("input_cost_usd_per_month", "output_cost_usd_per_month"),
            "monthly_cost_usd",
        ),
        equal("the markup is price over cost", "price_usd / monthly_cost_usd", "markup"),
    ),
)


def published_rows(core: Core) -> pl.DataFrame:
    """The document's users with its operands, no figure computed. None before the document is known."""
    rows = assumed(core, DOCUMENT)
    if rows.is_empty():
        return rows
    users = rows.filter(pl.col("subject") != EVERY_SUBJECT).select(
        "subject", *carry(*HABITS, "printed_monthly_cost_usd")
    )
    common = dropped(rows.filter(pl.col("subject") == EVERY_SUBJECT), "subject", *HABITS, "printed_monthly_cost_usd")
    dates = core["assumption"].filter(pl.col("assumption_set") == DOCUMENT)["valid_from"]
    return _labelled(users.join(common, how="cross"), rules.AS_PUBLISHED).with_columns(
        as_of_date=pl.lit(dates.max()),
        note=pl.format(
            "the document prints a cost of {} a month; its own rates give less or more (I-72)",
            pl.col("printed_monthly_cost_usd").round(2),
        ),
    )


def observed_rows(core: Core) -> pl.DataFrame:
    """The same users at the newest day's list prices, and one who thinks on every query; no figure computed."""
    document, choices = assumed(core, DOCUMENT), assumed(core, CHOICES)
    prices = core["token_price_asof"].filter(
        (pl.col("provider") == PROVIDER)
        & (pl.col("model") == MODEL)
        & (pl.col("processing") == "standard")
        & (pl.col("tier") == "base")
    )
    prices = prices.filter(pl.col("as_of_date") == pl.col("as_of_date").max())
    if document.is_empty() or prices.is_empty():
        return pl.DataFrame()
    common = dropped(choices.filter(pl.col("subject") == EVERY_SUBJECT), "subject", *HABITS)
    users = document.filter(pl.col("subject") != EVERY_SUBJECT).select("subject", *carry(*HABITS))
    thinking = choices.filter(pl.col("subject") != EVERY_SUBJECT)
    thinking = thinking.select("subject", *carry(*HABITS, THINKING))
    without = dropped(common, THINKING)
    rows = pl.concat([users.join(common, how="cross"), thinking.join(without, how="cross")], how="diagonal")
    listed = prices.select("as_of_date", *aliased(LIST_PRICES))
    return _labelled(rows.join(listed, how="cross"), rules.PROFESSIONAL).with_columns(
        note=pl.lit(
            "list prices observed; tokens, share from the cache and cost share are assumptions without evidence"
        )
    )


def _labelled(rows: pl.DataFrame, reading: str) -> pl.DataFrame:
    return rows.rename({"subject": "user_type"}).with_columns(
        plan=pl.col("user_type").replace_strict(PLAN_OF_USER_TYPE, return_dtype=pl.String),
        reading=pl.lit(reading),
        model=pl.lit(MODEL),
    )


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    stated, observed = published_rows(core), observed_rows(core)
    parts = []
    if not stated.is_empty():
        parts.append(compute(stated, (*FIGURES, *PRINTED), reading=AS_PUBLISHED))
    if not observed.is_empty():
        parts.append(compute(observed, FIGURES, reading=PROFESSIONAL))
    if not parts:
        return SCHEMA.empty()
    made = pl.concat(parts, how="diagonal")
    absent = [pl.lit(None, dtype=pl.Float64).alias(name) for name in SCHEMA.names if name not in made.columns]
    return SCHEMA.conform(made.with_columns(absent))
