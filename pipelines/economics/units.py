"""Constants of units, calendars and limits, each written once: `PERCENT * share`, `kw / KW_PER_MW`.

Not here: anything measured or chosen (core.assumption, pipelines/mart_kit/rules.py).
"""

PERCENT = 100.0
BPS_PER_UNIT = 1e4
TOKENS_PER_MTOK = 1e6
PER_BILLION = 1e9

WATTS_PER_KW = 1000.0
KW_PER_MW = 1000.0
WATTS_PER_MW = 1e6

HOURS_PER_YEAR = 8760.0
"""365 days of 24 hours; leap days are left out, as every source here leaves them out."""

HOURS_PER_MONTH = 730.0
"""A twelfth of a year: rates per kW-month are turned into hours with it (document 000:57)."""

MONTHS_PER_YEAR = 12.0
DAYS_PER_WEEK = 7.0
HOURS_PER_DAY = 24.0
SECONDS_PER_HOUR = 3600.0
SECONDS_PER_DAY = 86_400.0

MTOK_PER_HOUR_PER_TOKEN_PER_S = SECONDS_PER_HOUR / TOKENS_PER_MTOK
"""Million tokens an hour makes at one token per second."""

COUNTED_CHARACTERS = 1000.0
"""Characters that tokens are counted on: `tokens_per_1000_characters`."""

FLOP_PER_PARAMETER_AND_TOKEN = 2.0
"""A multiplication and an addition for each active parameter; attention over the context comes on top."""

NEGLIGIBLE_RATE = 1e-9
"""Below this a rate counts as zero: the annuity formula is 0/0 there and its limit is taken instead."""

SMALL_RATE = 1e-4
"""Below this a difference of present values is taken from its first two terms."""
