"""A subscriber's month: what the tokens cost to serve, what they would cost at list prices, and what is paid for them.

Tokens are in millions, an output price is per million, a plan's price per month.
What a token of the month costs to serve differs by reading: the document has a cost per million of its own; we take
a share of the list price, cache reads at theirs. No lab publishes what a token costs it; list prices are observed. The
share is an assumption, and its range is wide.

Not here: which plan, model or habit is taken (operands).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import DAYS_PER_WEEK, PERCENT, TOKENS_PER_MTOK


@formula(unit="Mtok", source="M35; document 004:224")
def window_output_mtok(window_limit_usd: pl.Expr, output_list_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Output tokens the limit of one window buys at the list price."""
    return window_limit_usd / output_list_usd_per_mtok


@formula(unit="1", source="M35; document 004:226")
def windows_per_week(weekly_limit_usd: pl.Expr, window_limit_usd: pl.Expr) -> pl.Expr:
    """Windows a week's limit lasts."""
    return weekly_limit_usd / window_limit_usd


@formula(unit="Mtok", source="M35; ledger I-71")
def weekly_output_mtok(weekly_limit_usd: pl.Expr, output_list_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Output tokens a week's limit buys at the list price."""
    return weekly_limit_usd / output_list_usd_per_mtok


@formula(unit="usd/month", source="M35; document 004:227; ledger I-71")
def limit_value_usd_per_month(weekly_limit_usd: pl.Expr, days_per_month: pl.Expr) -> pl.Expr:
    """Weekly limit x days of the month / 7: the list value of a plan used to its limits."""
    return weekly_limit_usd * days_per_month / DAYS_PER_WEEK


@formula(unit="usd/month", source="M35; document 004:229")
def apparent_loss_usd_per_month(limit_value_usd_per_month: pl.Expr, price_usd: pl.Expr) -> pl.Expr:
    """List value less the plan's price. Not a loss: a list price is no cost."""
    return limit_value_usd_per_month - price_usd


@formula(unit="Mtok/day", source="M37; document 004:257-260: thinking is written, and billed, as output")
def written_mtok_per_day(output_mtok_per_day: pl.Expr, written_per_visible_token: pl.Expr) -> pl.Expr:
    """Visible output x tokens written for each visible one (1 without thinking)."""
    return output_mtok_per_day * written_per_visible_token


@formula(unit="usd/month", source="M36; document 004:233-239,285", reading="as_published")
def input_cost_usd_per_month__as_published(
    input_mtok_per_day: pl.Expr, input_cost_usd_per_mtok: pl.Expr, days_per_month: pl.Expr
) -> pl.Expr:
    """Days x input of a day x its cost."""
    return days_per_month * input_mtok_per_day * input_cost_usd_per_mtok


@formula(
    unit="usd/month",
    source="docs/economics.md#token-cost: list price observed, share of it assumed; cache reads at their own price",
    reading="professional",
)
def input_cost_usd_per_month__professional(
    input_mtok_per_day: pl.Expr,
    blended_input_list_usd_per_mtok: pl.Expr,
    compute_share_of_list_price: pl.Expr,
    days_per_month: pl.Expr,
) -> pl.Expr:
    """Days x input of a day x its list price, partly from the cache, x the share that serving costs."""
    return days_per_month * input_mtok_per_day * blended_input_list_usd_per_mtok * compute_share_of_list_price


@formula(unit="usd/month", source="M36; document 004:233-239,286", reading="as_published")
def output_cost_usd_per_month__as_published(
    written_mtok_per_day: pl.Expr, output_cost_usd_per_mtok: pl.Expr, days_per_month: pl.Expr
) -> pl.Expr:
    """Days x output of a day, thinking included, x its cost."""
    return days_per_month * written_mtok_per_day * output_cost_usd_per_mtok


@formula(
    unit="usd/month",
    source="docs/economics.md#token-cost: list price observed, share of it assumed",
    reading="professional",
)
def output_cost_usd_per_month__professional(
    written_mtok_per_day: pl.Expr,
    output_list_usd_per_mtok: pl.Expr,
    compute_share_of_list_price: pl.Expr,
    days_per_month: pl.Expr,
) -> pl.Expr:
    """Days x output of a day, thinking included, x its list price x the share that serving costs."""
    return days_per_month * written_mtok_per_day * output_list_usd_per_mtok * compute_share_of_list_price


@formula(unit="usd/month", source="M36; document 004:233-239; ledger I-72")
def monthly_cost_usd(input_cost_usd_per_month: pl.Expr, output_cost_usd_per_month: pl.Expr) -> pl.Expr:
    """What a subscriber's tokens of a month cost to serve."""
    return input_cost_usd_per_month + output_cost_usd_per_month


@formula(unit="1", source="M36; document 004:233-239")
def markup(price_usd: pl.Expr, monthly_cost_usd: pl.Expr) -> pl.Expr:
    """Plan's price over cost; below 1 the subscriber costs more than they pay."""
    return price_usd / monthly_cost_usd


@formula(unit="1", source="M36; document 004:233-239")
def printed_markup(price_usd: pl.Expr, printed_monthly_cost_usd: pl.Expr) -> pl.Expr:
    """Plan's price over the cost the document prints."""
    return price_usd / printed_monthly_cost_usd


@formula(unit="usd/Mtok", source="M36; ledger I-72: what the printed costs suppose")
def implied_output_cost_usd_per_mtok(
    printed_monthly_cost_usd: pl.Expr,
    input_cost_usd_per_month: pl.Expr,
    written_mtok_per_day: pl.Expr,
    days_per_month: pl.Expr,
) -> pl.Expr:
    """The cost of output that gives the printed cost of a month, input as the document has it."""
    return (printed_monthly_cost_usd - input_cost_usd_per_month) / (days_per_month * written_mtok_per_day)


@formula(unit="usd/Mtok", source="docs/economics.md#token-cost: mean price of input, part of it read from the cache")
def blended_input_list_usd_per_mtok(
    input_list_usd_per_mtok: pl.Expr, cached_input_list_usd_per_mtok: pl.Expr, cached_input_share: pl.Expr
) -> pl.Expr:
    """List price of a million input tokens of which a share comes from the cache."""
    return input_list_usd_per_mtok * (1.0 - cached_input_share) + cached_input_list_usd_per_mtok * cached_input_share


@formula(
    unit="usd/month", source="docs/economics.md#token-cost: the month's tokens at list prices, cache reads at theirs"
)
def api_equivalent_usd(
    input_mtok_per_day: pl.Expr,
    blended_input_list_usd_per_mtok: pl.Expr,
    written_mtok_per_day: pl.Expr,
    output_list_usd_per_mtok: pl.Expr,
    days_per_month: pl.Expr,
) -> pl.Expr:
    """What the same month would cost through the API."""
    daily = input_mtok_per_day * blended_input_list_usd_per_mtok + written_mtok_per_day * output_list_usd_per_mtok
    return days_per_month * daily


@formula(unit="usd/month", source="docs/economics.md#token-cost: the month's tokens at list prices, nothing cached")
def api_equivalent_uncached_usd(
    input_mtok_per_day: pl.Expr,
    input_list_usd_per_mtok: pl.Expr,
    written_mtok_per_day: pl.Expr,
    output_list_usd_per_mtok: pl.Expr,
    days_per_month: pl.Expr,
) -> pl.Expr:
    """What the same month would cost through the API if no input came from the cache."""
    daily = input_mtok_per_day * input_list_usd_per_mtok + written_mtok_per_day * output_list_usd_per_mtok
    return days_per_month * daily


@formula(unit="usd", source="M37; document 004:265-266")
def answer_price_usd(visible_tokens: pl.Expr, thinking_tokens: pl.Expr, output_list_usd_per_mtok: pl.Expr) -> pl.Expr:
    """(thinking + visible) x output price: linear in both."""
    return (visible_tokens + thinking_tokens) * output_list_usd_per_mtok / TOKENS_PER_MTOK


@formula(unit="percent", source="M37; document 004:266")
def thinking_premium_pct(visible_tokens: pl.Expr, thinking_tokens: pl.Expr) -> pl.Expr:
    """What thinking adds to the price of the visible answer."""
    return PERCENT * thinking_tokens / visible_tokens


@formula(unit="1", source="M37; document 004:267")
def thinking_multiple(visible_tokens: pl.Expr, thinking_tokens: pl.Expr) -> pl.Expr:
    """Price of the answer with thinking over its price without."""
    return (visible_tokens + thinking_tokens) / visible_tokens


@formula(unit="1", source="M38; document 004:282")
def session_input_per_output_token(session_input_mtok: pl.Expr, session_output_mtok: pl.Expr) -> pl.Expr:
    """Input tokens a coding session reads for each token it writes."""
    return session_input_mtok / session_output_mtok


@formula(unit="usd", source="M38; document 004:285")
def session_input_cost_usd(session_input_mtok: pl.Expr, input_cost_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Input of a session x its cost."""
    return session_input_mtok * input_cost_usd_per_mtok


@formula(unit="usd", source="M38; document 004:286")
def session_output_cost_usd(session_output_mtok: pl.Expr, output_cost_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Output of a session x its cost."""
    return session_output_mtok * output_cost_usd_per_mtok


@formula(unit="usd", source="M38; document 004:287")
def session_cost_usd(session_input_cost_usd: pl.Expr, session_output_cost_usd: pl.Expr) -> pl.Expr:
    """Input and output of a session."""
    return session_input_cost_usd + session_output_cost_usd


@formula(unit="usd/day", source="M38; document 004:289")
def sessions_cost_usd_per_day(session_cost_usd: pl.Expr, sessions_per_day: pl.Expr) -> pl.Expr:
    """A developer's sessions of a day."""
    return session_cost_usd * sessions_per_day


@formula(unit="usd/month", source="M38; document 004:289")
def sessions_cost_usd_per_month(sessions_cost_usd_per_day: pl.Expr, days_per_month: pl.Expr) -> pl.Expr:
    """A developer's sessions of a month."""
    return sessions_cost_usd_per_day * days_per_month
