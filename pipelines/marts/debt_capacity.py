"""Debt capacity: the loan a cash flow carries by tenor and way of repaying, its service, cover and headroom.

Grain: as_of_date x case x tenor_years x amortisation x reading.

`as_published`: the cash flows and loans of the document, one year standing for all.
`professional`: a megawatt of owned GPUs at an average US site, let at the headline rents of the day: on demand at
falling rents, or reserved for a term and paid for in full. Cash flow year by year after tax and repairs; the loan is
sized on the base case, so the ends of cover and headroom say what the ranges do to that loan.

Sources: core.headline_rate, dim_gpu, dim_market, power_price_asof, colo_rate_asof, assumption.
Not here: interest's own tax shield, sites, GPUs without a purchase price or server watts.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.economics.formula import PROFESSIONAL, formulas
from pipelines.mart_kit.identity import equal
from pipelines.mart_kit.loans import INPUTS as LOAN_INPUTS
from pipelines.mart_kit.loans import OF_LOAN, observed, published
from pipelines.mart_kit.schema import Schema, columns, day, figure, flag, label, number, ranged

KEY = ("as_of_date", "case", "tenor_years", "amortisation", "reading")
INPUTS = LOAN_INPUTS
PLOT = ("capacity_usd",)

_F = formulas(PROFESSIONAL)

SCHEMA = Schema(
    table="debt_capacity",
    kind="answer",
    description=(
        "One row per day, case, tenor, way of repaying and reading.\n"
        "The loan a cash flow carries, its first year's service, the cover of its tightest year and how far cash flow "
        "or revenue may fall before the covenant. Professional rows are per MW of server nameplate. Cover asked for, "
        "rates, gearing, utilisation and the fall of rents are assumptions. Low and high are corners of the ranges."
    ),
    key=KEY,
    columns=columns(
        day("as_of_date", "Month end or as-of day the row holds for; the document's date for as_published."),
        label("case", "Cash flow and lease behind the loan: a case of the document, or GPU, commitment, rent basis."),
        number("tenor_years", "year", "Years over which the loan is repaid.", minimum=0),
        label("amortisation", "How the loan is repaid.", enumerated=True),
        label("reading", "as_published or professional.", enumerated=True),
        ranged(
            number(
                "cash_flow_usd_per_year",
                "usd/year",
                "Cash flow of the first year; professional: of a MW of servers.",
                nullable=True,
            )
        ),
        ranged(
            number(
                "revenue_usd_per_year",
                "usd/year",
                "Revenue of the first year; professional: of a MW of servers.",
                nullable=True,
                minimum=0,
            )
        ),
        ranged(number("required_dscr", "1", "Cover the lender sizes the loan on.", minimum=1)),
        ranged(number("covenant_dscr", "1", "Cover at which the loan is in breach.", minimum=0)),
        ranged(number("debt_rate_per_year", "1/year", "Interest of the loan.", minimum=0)),
        ranged(
            number(
                "capacity_usd",
                "usd",
                "Largest loan: cash flow over the cover asked for, at the loan's service; in the professional reading "
                "per MW of servers, and no more than the gearing of their hardware. Null where the document's cash "
                "flow is not stated.",
                nullable=True,
                minimum=0,
            )
        ),
        number("loan_usd", "usd", "The loan that the service is of: the base capacity, or the document's.", minimum=0),
        ranged(
            number(
                "debt_service_usd", "usd/year", "Interest and principal of the first year.", nullable=True, minimum=0
            )
        ),
        ranged(number("dscr", "1", "Cash flow over service: the smallest of the loan's years.", nullable=True)),
        ranged(figure(_F, "decline_to_breach_pct", unbounded=True, maximum=100)),
        ranged(
            number(
                "revenue_decline_to_breach_pct",
                "percent",
                "Fall of revenue that takes cover to the covenant while no cost falls: the smallest of the years.",
                nullable=True,
                maximum=100,
            )
        ),
        *[ranged(figure(_F, name, nullable=True)) for name in OF_LOAN[1:]],
        flag("rent_is_indicative", "Fewer providers than a headline needs.", nullable=True),
        flag("rent_is_stale", "Older than its sources' cadence allows.", nullable=True),
        label("note", "What a reader must know.", nullable=True),
    ),
    rules=(
        equal(
            "proceeds are the loan less reserve and fee",
            "loan_usd - reserve_account_usd - upfront_fee_usd",
            "net_proceeds_usd",
        ),
        equal("the fall to breach follows from cover", "100 * (1 - covenant_dscr / dscr)", "decline_to_breach_pct"),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: both readings, sorted by key. `core` holds the INPUTS as frames."""
    parts = [part for part in (observed(core), published(core)) if not part.is_empty()]
    if not parts:
        return SCHEMA.empty()
    table = pl.concat(parts, how="diagonal_relaxed")
    ends = [name for name in SCHEMA.names if name not in table.columns]
    return SCHEMA.conform(table.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in ends))
