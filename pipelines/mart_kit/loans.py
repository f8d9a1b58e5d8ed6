"""Loans on a megawatt of GPUs and on the document's cash flows: sized, repaid and covered year by year.

Not here: the table (pipelines/marts/debt_capacity.py), formulas (pipelines/economics/capital).
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.compute import compute
from pipelines.economics.formula import AS_PUBLISHED, PROFESSIONAL
from pipelines.economics.schedule import years
from pipelines.mart_kit import owned_gpu, rents, rules
from pipelines.mart_kit.assumed import EVERY_SUBJECT, Core, assumed, constants, stated
from pipelines.mart_kit.carry import aggregated, aliased, because, carry, dropped, renamed, ruled

INPUTS = tuple(dict.fromkeys(rents.INPUTS + owned_gpu.INPUTS))

CAPACITY_SET = "m20_debt_capacity"
LOAN_SET = "m20_loans"
OUR_SET = "professional_debt"
LOAN_TERMS = ("covenant_dscr", "gearing_share", "tax_share", "reserve_months", "upfront_fee_share")
CASH_TERMS = ("rent_decline_per_year", "life_years", "residual_share")

RENT_BASES = ("headline_all", "headline_hyperscaler")
"""Over all providers; and over those who publish both reserved and on-demand rents, where the two can be compared."""

LEVEL_PRINCIPAL, ANNUITY, INTEREST_ONLY, SCULPTED = "level_principal", "annuity", "interest_only", "sculpted"
AMORTISATIONS = {LEVEL_PRINCIPAL: (1.0, 0.0), ANNUITY: (0.0, 0.0), INTEREST_ONLY: (0.0, 1.0), SCULPTED: (0.0, 0.0)}
"""Level principal and balloon share of each way of repaying; sculpted service follows the cash flow instead."""

OF_YEAR = ("revenue_in_year_usd", "cash_flow_in_year_usd", "operating_cost_in_year_usd", "tax_in_year_usd")
OPENING = {"cash_flow_in_year_usd": "cash_flow_usd_per_year", "revenue_in_year_usd": "revenue_usd_per_year"}
"""What of the first year stands in the table, and its name there."""

PUBLISHED_FIGURES = ("debt_service_usd", "dscr", "decline_to_breach_pct", "revenue_decline_to_breach_pct")
OF_LOAN = (
    "decline_to_breach_pct",
    "loan_life_cover_ratio",
    "reserve_account_usd",
    "upfront_fee_usd",
    "net_proceeds_usd",
    "tail_years",
    "balloon_usd",
    "balloon_cover_ratio",
)
OBSERVED_LINES = (
    "capacity_usd",
    "debt_service_usd",
    "dscr",
    "decline_to_breach_pct",
    "revenue_decline_to_breach_pct",
    *OF_LOAN[1:],
)


def repaid(rows: pl.DataFrame) -> pl.DataFrame:
    """Every row once per way of repaying, in its first year."""
    if rows.is_empty():
        return rows
    ways = [
        rows.with_columns(
            pl.lit(way).alias("amortisation"),
            *ruled("level_principal", level, "1 where equal parts are repaid every year, else 0"),
            *ruled("balloon_share", balloon, "share of the loan repaid at once at the end"),
            *ruled("loan_year", 1.0, "the first year"),
        )
        for way, (level, balloon) in AMORTISATIONS.items()
    ]
    return pl.concat(ways)


def published(core: Core) -> pl.DataFrame:
    """The document's rows: the loan its cash flows carry, and the loans it works out."""
    capacity = repaid(stated(core, CAPACITY_SET))
    if capacity.is_empty():
        return capacity
    capacity = compute(capacity, ("capacity_usd",), reading=AS_PUBLISHED)
    capacity = capacity.with_columns(aliased({"capacity_usd": "loan_usd"}))
    loans = repaid(stated(core, LOAN_SET)).filter(pl.col("amortisation") != SCULPTED)
    sized = compute(loans, ("capacity_usd",), reading=AS_PUBLISHED)
    dated = core["assumption"].filter(pl.col("assumption_set") == CAPACITY_SET)["valid_from"].max()
    note = (
        pl.when(pl.col("case").str.starts_with("uncontracted"))
        .then(pl.lit("000:295 prints 1 to 1.5 billion, the loan that repays nothing (I-45)"))
        .when(pl.col("case").str.starts_with("contracted"))
        .then(pl.lit("000:296 prints 3 to 4 billion, the loan that repays nothing (I-45)"))
        .when(pl.col("case").str.starts_with("$9.6B"))
        .then(pl.lit("no cash flow is stated; the service is far above the contract of 000:296 (I-50)"))
        .when(pl.col("tenor_years") > 5)
        .then(pl.lit("000:308 prints 45%, the fall to the other loan's cover and not to the covenant (I-47)"))
    )
    parts = [compute(rows, PUBLISHED_FIGURES, reading=AS_PUBLISHED) for rows in (capacity, sized)]
    made = renamed(
        pl.concat(parts, how="diagonal_relaxed"), {"contracted_revenue_usd_per_year": "revenue_usd_per_year"}
    )
    return made.with_columns(reading=pl.lit(rules.AS_PUBLISHED), as_of_date=pl.lit(dated, dtype=pl.Date), note=note)


def let(core: Core) -> pl.LazyFrame:
    """One row per day, GPU, commitment and rent basis: a MW let at the headline, with its costs."""
    terms = assumed(core, OUR_SET).filter(pl.col("subject") != EVERY_SUBJECT).rename({"subject": "commitment"})
    costs = owned_gpu.owned_cost(core).filter(pl.col("market") == rules.SERVING_MARKET)
    hardware = owned_gpu.owned_gpus(core)
    slots = compute(
        renamed(hardware, {"server_kw_per_gpu": "basis_kw_per_gpu"}), ("gpus_per_mw",), reading=PROFESSIONAL
    )
    # A MW of nameplate: what a server really draws changes its electricity, not how many of them the MW holds.
    sited = slots.select("gpu", "sale", *carry("gpus_per_mw", ends=False), *carry("purchase_price_usd"))
    return (
        rents.rents(core)
        .filter(pl.col("rent_basis").is_in(RENT_BASES))
        .join(terms.lazy(), on="commitment")
        .join(owned_gpu.sales(core), on="sale")
        .join(sited, on=["gpu", "sale"])
        .join(
            costs.select(
                "as_of_date",
                "gpu",
                "sale",
                *carry("non_capital_fixed_usd_per_gpu_hour", "electricity_usd_per_gpu_hour"),
            ),
            on=["as_of_date", "gpu", "sale"],
        )
        .with_columns(constants(core, rules.ASSUMPTION_SET, CASH_TERMS))
        .with_columns(constants(core, OUR_SET, LOAN_TERMS))
        .with_columns(case=pl.concat_str("gpu", "commitment", "rent_basis", separator=" | "))
    )


def by_year(core: Core) -> pl.DataFrame:
    """Every lease once per year of the longest tenor a lender gives for it, before any figure of the year."""
    leases = _flat_where_contracted(let(core)).collect()
    if leases.is_empty():
        return leases
    return years(leases, "longest_tenor_years").with_columns(because("loan_year", "each year of the loan"))


def offered(leases: pl.DataFrame) -> pl.DataFrame:
    """Every lease once per whole tenor and way of repaying."""
    whole = years(leases, "longest_tenor_years", "tenor_years")
    loans = repaid(whole.with_columns(because("tenor_years", "every whole year up to the longest tenor of the lease")))
    return dropped(loans, "loan_year")


def scheduled(loans: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Every loan once per year of its tenor, with what the lease earns in the year."""
    earned = flows.select("as_of_date", "case", *carry("loan_year", *OF_YEAR))
    return loans.join(earned, on=["as_of_date", "case"]).filter(pl.col("loan_year") <= pl.col("tenor_years"))


def observed(core: Core) -> pl.DataFrame:
    """The professional rows: every lease, every whole tenor it allows, every way of repaying."""
    laid = by_year(core)
    if laid.is_empty():
        return laid
    flows = compute(laid, OF_YEAR, reading=PROFESSIONAL)
    loans = offered(dropped(laid.filter(pl.col("loan_year") == 1), "loan_year"))
    schedule = scheduled(loans, flows)
    sized = _sized(schedule, loans)
    on = ["as_of_date", "case"]
    opening = flows.filter(pl.col("loan_year") == 1).select(*on, *aliased(OPENING))
    joined = sized.join(_covered(schedule, sized), on=list(_LOAN_KEY)).join(opening, on=on)
    contracted = pl.col("sale") == owned_gpu.PAID_IN_FULL
    return compute(joined, OF_LOAN, reading=PROFESSIONAL).with_columns(
        reading=pl.lit(rules.PROFESSIONAL),
        note=pl.when(contracted & (pl.col("rent_basis") == RENT_BASES[0])).then(
            pl.lit("reserved rents are those of other sellers than the on-demand headline's")
        ),
    )


_LOAN_KEY = ("as_of_date", "case", "tenor_years", "amortisation")


def _flat_where_contracted(leases: pl.LazyFrame) -> pl.LazyFrame:
    """A contracted rent does not fall within its term."""
    contracted = pl.col("sale") == owned_gpu.PAID_IN_FULL
    falling = leases.filter(~contracted)
    flat = dropped(leases.filter(contracted), "rent_decline_per_year").with_columns(
        ruled("rent_decline_per_year", 0.0, "a contracted rent does not fall within its term")
    )
    return pl.concat([falling, flat], how="diagonal")


def _ends(how: str, name: str, to: str) -> list[pl.Expr]:
    """The aggregate of a column and of each of its ends, under another name."""
    ends = [getattr(pl.col(f"{name}{end}"), how)().alias(f"{to}{end}") for end in ("_low", "_high")]
    return [*aggregated(how, name, to), *ends]  # type: ignore[arg-type]


def _sized(schedule: pl.DataFrame, loans: pl.DataFrame) -> pl.DataFrame:
    """The loans with their capacity: the tightest year's, or the sum of the years' where service is sculpted."""
    parts = compute(schedule, ("capacity_in_year_usd", "sculpted_part_usd"), reading=PROFESSIONAL)
    sculpted = pl.col("amortisation") == SCULPTED
    by = parts.filter(~sculpted).group_by(_LOAN_KEY, maintain_order=True)
    tightest = by.agg(*_ends("min", "capacity_in_year_usd", "cash_flow_capacity_usd"))
    by = parts.filter(sculpted).group_by(_LOAN_KEY, maintain_order=True)
    added = by.agg(*_ends("sum", "sculpted_part_usd", "cash_flow_capacity_usd"))
    carried = loans.join(pl.concat([tightest, added]), on=list(_LOAN_KEY))
    made = compute(carried, ("capacity_usd",), reading=PROFESSIONAL)
    return made.with_columns(aliased({"capacity_usd": "loan_usd"}, ends=False))


def _covered(schedule: pl.DataFrame, sized: pl.DataFrame) -> pl.DataFrame:
    """Service, cover and headroom of the loan as it is signed: its size and rate have no ends, the cash flow has."""
    signed = sized.select(*_LOAN_KEY, *carry("loan_usd", "cash_flow_capacity_usd", ends=False))
    terms = ("debt_rate_per_year", "required_dscr")
    flow = schedule.select(*_LOAN_KEY, *carry("loan_year", *OF_YEAR))
    base = schedule.select(
        *_LOAN_KEY,
        *carry("loan_year", "level_principal", "balloon_share", "cash_flow_in_year_usd", *terms, ends=False),
        *carry("covenant_dscr"),
    ).join(signed, on=list(_LOAN_KEY))
    sculpted = pl.col("amortisation") == SCULPTED
    fixed = compute(base.filter(~sculpted), ("debt_service_usd",), reading=PROFESSIONAL)
    follows = compute(base.filter(sculpted), ("sculpted_service_usd",), reading=PROFESSIONAL)
    follows = renamed(follows, {"sculpted_service_usd": "debt_service_usd"})
    served = pl.concat([fixed, follows], how="diagonal")
    on = [*_LOAN_KEY, "loan_year"]
    yearly = dropped(served, "cash_flow_in_year_usd").join(flow.select(*on, *carry(*OF_YEAR)), on=on)
    covered = compute(
        yearly, ("dscr_in_year", "revenue_headroom_in_year_pct", "loan_life_part_usd"), reading=PROFESSIONAL
    )
    tightest = covered.group_by(_LOAN_KEY, maintain_order=True).agg(
        *_ends("min", "dscr_in_year", "dscr"),
        *_ends("min", "revenue_headroom_in_year_pct", "revenue_decline_to_breach_pct"),
        *_ends("sum", "loan_life_part_usd", "loan_life_cash_flow_usd"),
    )
    opening = covered.filter(pl.col("loan_year") == 1)
    return tightest.join(opening.select(*_LOAN_KEY, *carry("debt_service_usd", ends=False)), on=list(_LOAN_KEY))
