"""What became of every figure the documents print: what their own operands give, what is observed today, the verdict.

Grain: claim_id. No verdict is stored: each follows from the bound formula, its operands and the data of the release.
The rule is in pipelines/documents/claims/verdict.py and docs/adr/0011.

Not here: bindings (sources/claims/curated), formulas, places where documents contradict themselves
(inconsistency_check).
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.documents.claims import arithmetic, observed, operands, places, references, verdict
from pipelines.documents.claims.figures import STATED, figures
from pipelines.economics.trace import HOW
from pipelines.mart_kit.carry import renamed
from pipelines.mart_kit.identity import holds
from pipelines.mart_kit.schema import MartError, Schema, columns, count, day, label, number

KEY = ("claim_id",)

TABLES = (
    "colo_rate_asof",
    "dim_gpu",
    "dim_model",
    "fct_gpu_rental_rate",
    "headline_rate",
    "power_price_asof",
    "throughput_median",
    "throughput_profile",
    "token_price_asof",
)
"""The core tables a binding's `observed` may refer to."""

MARTS = ("gpu_hour_margin", "price_deflation", "revenue_per_mw", "token_margin")
"""The marts it may refer to, as `marts.NAME`."""

PLOT = ("our_value",)
DUST = 1e-9
"""What two ways of adding up the same numbers may differ by, as a share."""

INPUTS = ("assumption", "calendar", "claim", "claim_binding", "inconsistency", *TABLES)

SCHEMA = Schema(
    table="claim_check",
    kind="audit",
    description=(
        "One row per claim_id: a figure a document prints.\n"
        "our_value is what the document's own operands give, in the claim's unit; our_value_from_data the same with "
        "what is observed today. Neither is stored: both are computed in the refresh."
    ),
    key=KEY,
    columns=columns(
        label("claim_id", "The claim (core.claim)."),
        label("document", "Document, by its number."),
        count("line", "Line of the document."),
        label("section", "Section of the document."),
        label("subject", "What it is about."),
        label("metric", "What is said of it."),
        label("kind", "How the document comes by it.", enumerated=True),
        number("published_low", "as the row states", "The printed figure, or the first of a range or pair."),
        number("published_high", "as the row states", "The second; null where one figure is printed.", nullable=True),
        label("unit", "Unit of every figure of the row; null for a bare number.", nullable=True),
        label("figure", "The formula that should give it; stated_value where nothing is computed.", nullable=True),
        number(
            "our_value",
            "as the row states",
            "What the document's own operands give: the low end where it prints a range and they give one.",
            nullable=True,
        ),
        number("our_value_low", "as the row states", "Low end, where an operand is a range.", nullable=True),
        number("our_value_high", "as the row states", "High end, where an operand is a range.", nullable=True),
        number(
            "our_value_from_data",
            "as the row states",
            "The same with observed operands put in, each the median of what is observed; null where none is.",
            nullable=True,
        ),
        number("data_low", "as the row states", "Low end over what is observed.", nullable=True),
        number("data_high", "as the row states", "High end over what is observed.", nullable=True),
        label(
            "verdict",
            "reproduced: both ends equal after rounding to the printed digits. rounds: less than one unit of the last "
            "printed digit or at most 2% away (5% where it is printed as approximate), or one of the two is a range "
            "that holds the other. contradicted: neither. superseded: a price, benchmark or input observed today more "
            "than 5% outside what was printed (reproduced where not). input: stated, and nothing here observes it. "
            "not_testable: derived but not derivable, or a market figure nobody here observes.",
            enumerated=True,
        ),
        label("reason", "Why the verdict is what it is."),
        label("arithmetic", "The computation in one line.", nullable=True),
        label("caveat", "Inconsistencies that name its line (inconsistency_check).", nullable=True),
        label("note", "How it is bound to its formula.", nullable=True),
        day("published_on", "Day of the document."),
        day("observed_on", "Newest day of what is observed of it.", nullable=True),
        day("as_of", "Day whose knowledge the release uses."),
    ),
    rules=(
        holds(
            "a computed verdict has a computed value",
            "verdict not in ('reproduced', 'rounds', 'contradicted')"
            " or coalesce(our_value, our_value_from_data) is not null",
        ),
        holds(
            "a figure that data replaced has one from data",
            "verdict <> 'superseded' or our_value_from_data is not null",
        ),
    ),
)


def build(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The table: every claim with its verdict, sorted by key. `core` holds the INPUTS and MARTS as frames."""
    bound = claim_operands(core)
    checked = judged(core["claim"], bound, found(bound))
    told = checked.join(_told(checked, bound), on="claim_id", how="left")
    unbound = core["claim_binding"].filter(pl.col("figure").is_null()).select("claim_id", pl.col("note").alias("why"))
    with_reason = told.join(unbound, on="claim_id", how="left").join(
        places.caveats(core["inconsistency"]), on=["document", "line"], how="left"
    )
    return SCHEMA.conform(
        with_reason.with_columns(
            reason=_reason(),
            as_of=pl.lit(core["calendar"]["as_of_date"].max(), dtype=pl.Date),
            published_on=pl.col("valid_from"),
        )
    )


def claim_operands(core: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row per bound claim (`item`) and operand, with the document's value and the observed one."""
    bindings = core["claim_binding"].filter(pl.col("figure").is_not_null()).with_columns(item=pl.col("bound_id"))
    seen = observed.observed(core, bindings["observed"].drop_nulls())
    return operands.resolved(bindings, core["claim"], core["assumption"], seen)


def found(bound: pl.DataFrame) -> pl.DataFrame:
    """One row per bound claim: what its operands give and what the data give, in the claim's unit."""
    about = bound.group_by("item", maintain_order=True).agg(
        pl.col("claim_id", "claim_end", "figure", "published_factor").first(),
        pl.col("is_observed").any(),
        pl.col("observed_on").max(),
    )
    of_data = bound.drop("value", "value_low", "value_high", HOW + "value", strict=False)
    data = figures(renamed(of_data, {"data": "value"}))
    made = about.join(figures(bound), on="item").join(renamed(data, {"value": "data"}), on="item")
    values, datas = ("value", "value_low", "value_high"), ("data", "data_low", "data_high")
    scaled = [how for name in ("value", "data") for how in references.divided(made.columns, name, "published_factor")]
    return made.with_columns(pl.col(*values, *datas) / pl.col("published_factor"), *scaled).with_columns(
        pl.when("is_observed").then(pl.col(*datas))
    )


def judged(claims: pl.DataFrame, bound: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Every claim with our values, those of the data, and the verdict."""
    printed = renamed(claims, {"value_low": "published_low", "value_high": "published_high"}).with_columns(
        # The digits themselves where the line shows them; the rule alone would take 0.10 for 0.1.
        pl.min_horizontal(
            pl.col(f"print_unit_{end}"),
            pl.col(f"published_{end}").map_elements(verdict.print_unit, return_dtype=pl.Float64, skip_nulls=True),
        ).alias(f"print_unit_{end}")
        for end in ("low", "high")
    )
    joined = printed.join(_whole(found), on="claim_id", how="left", maintain_order="left")
    ours = verdict.of_operands(pl.col("value"), pl.col("value_low"), pl.col("value_high"))
    seen = verdict.of_observation(pl.col("our_value_from_data"))
    by_observation = pl.col("is_observed").fill_null(False) & (
        (pl.col("kind") != "derived") | (pl.col("figure") == STATED)
    )
    rest = pl.when(pl.col("kind") == "input").then(pl.lit(verdict.INPUT)).otherwise(pl.lit(verdict.NOT_TESTABLE))
    return joined.with_columns(
        verdict=pl.coalesce(pl.when(by_observation).then(seen), ours, seen, rest),
        our_value=pl.when(pl.col("published_high").is_not_null())
        .then(pl.coalesce("value_low", "value"))
        .otherwise("value"),
        our_value_low=pl.col("value_low"),
        our_value_high=pl.col("value_high"),
    ).with_columns(references.of_ranges(joined.columns))


def _whole(found: pl.DataFrame) -> pl.DataFrame:
    """One row per claim: those bound end by end are put together. Raises MartError where one end is missing."""
    lone = found.filter(pl.col("claim_end").is_not_null()).filter(pl.len().over("claim_id") != 2)
    if lone.height:
        raise MartError(f"{lone['item'][0]}: bound at one end only, or at both and as a whole")
    by_ends = pl.col("claim_end").is_not_null().any()

    def end(column: str, which: str, extreme: pl.Expr) -> pl.Expr:
        return pl.when(by_ends).then(extreme).otherwise(pl.col(f"{column}_{which}").first()).alias(f"{column}_{which}")

    return found.group_by("claim_id", maintain_order=True).agg(
        pl.col("figure").first(),
        pl.col("is_observed").any(),
        pl.col("observed_on").max(),
        pl.col("value").mean(),
        end("value", "low", pl.col("value").min()),
        end("value", "high", pl.col("value").max()),
        pl.col("data").mean().alias("our_value_from_data"),
        end("data", "low", pl.col("data").min()),
        end("data", "high", pl.col("data").max()),
        *references.put_together(found.columns, by_ends),
    )


def _told(checked: pl.DataFrame, bound: pl.DataFrame) -> pl.DataFrame:
    """One row per bound claim: its arithmetic in one line, and the bindings' own remarks."""
    claims = {row["claim_id"]: row for row in checked.iter_rows(named=True)}
    rows = []
    for (claim_id,), of_it in bound.partition_by("claim_id", as_dict=True, maintain_order=True).items():
        ends = of_it.partition_by("item", maintain_order=True)
        applied = [arithmetic.applied(end["figure"][0], end.to_dicts()) for end in ends]
        divided = arithmetic.divided(of_it["published_factor"][0])
        notes = "; ".join(of_it["note"].drop_nulls().unique(maintain_order=True)) or None
        rows.append((claim_id, f"{' and '.join(applied)}{divided} = {_result(claims[str(claim_id)])}", notes))
    return pl.DataFrame(rows, schema={"claim_id": pl.String, "arithmetic": pl.String, "note": pl.String}, orient="row")


def _result(row: Mapping[str, object]) -> str:
    """What came out and what was printed: `0.9513; printed 0.95`."""
    which = ("our_value", "our_value_low", "our_value_high")
    if row["our_value"] is None:
        which = ("our_value_from_data", "data_low", "data_high")
    base, low, high = (row[name] for name in which)
    ours = arithmetic.number(base)  # type: ignore[arg-type]
    if low is not None and high is not None and low != high:
        ours = arithmetic.span(low, high) if base == low else f"{ours} ({arithmetic.span(low, high)})"  # type: ignore[arg-type]
    dated = f" on {row['observed_on']}" if row["our_value"] is None and row["observed_on"] else ""
    return f"{ours}{dated}; printed {arithmetic.span(row['published_low'], row['published_high'])}"  # type: ignore[arg-type]


def _reason() -> pl.Expr:
    """Why the verdict is what it is, in words."""
    by_data = pl.col("verdict").is_in([verdict.SUPERSEDED]) | pl.col("our_value").is_null()
    low, high = (
        pl.when(by_data).then("our_value_from_data").otherwise(ours) for ours in ("our_value", "our_value_high")
    )
    what = pl.when(by_data).then(pl.lit("what is observed")).otherwise(pl.lit("what its operands give"))
    high = pl.coalesce(high, low)
    unseen = (
        pl.when(pl.col("figure").is_not_null())
        .then(pl.lit("nothing it refers to is observed"))
        .when(pl.col("kind") == "derived")
        .then(pl.lit("derived, but not bound to a formula"))
        .otherwise(pl.lit("no source here observes it"))
    )
    return (
        pl.when(pl.col("verdict").is_in([verdict.INPUT, verdict.NOT_TESTABLE]))
        .then(pl.coalesce("why", unseen))
        .when(pl.col("published_high").is_null())
        .then(pl.format("{} {} what is printed", what, _apart(low, pl.col("published_low"))))
        .otherwise(
            pl.format(
                "{} {} the low end and {} the high end printed",
                what,
                _apart(low, pl.col("published_low")),
                _apart(high, pl.col("published_high")),
            )
        )
    )


def _apart(ours: pl.Expr, printed: pl.Expr) -> pl.Expr:
    """How far ours lies from what is printed: `is what is`, `is 4.6% above what is`."""
    share = 100.0 * (ours - printed) / printed.abs()
    return (
        pl.when((ours - printed).abs() <= DUST * printed.abs())
        .then(pl.lit("is"))
        .when(printed == 0.0)
        .then(pl.lit("is not"))
        .otherwise(
            pl.format(
                "is {}% {}",
                share.abs().round_sig_figs(2).cast(pl.String).str.strip_suffix(".0"),
                pl.when(share < 0).then(pl.lit("below")).otherwise(pl.lit("above")),
            )
        )
    )
