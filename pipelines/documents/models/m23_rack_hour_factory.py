"""M23, the rack-hour factory: bill, tokens, contribution and break-evens of a year of rented racks.

Not here: the whole grid on observed prices (marts.rack_hour_factory).
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.marts import rack_hour_factory as factory

POINT = {"tokens_per_s_per_rack": 50_000.0, "inference_share": 0.5}
"""The point of the grid the cases without a grid are told for."""

GRID_FIGURES = ("mtok_per_rack_hour", "fixed_cost_usd_per_mtok", "factory_contribution_usd", "gross_profit_usd")
CEILINGS = (
    "decode_tokens_per_s",
    "prefill_tokens_per_s",
    "mixed_tokens_per_s_per_rack",
    "spare_memory_gb",
)


def cases(core: Core) -> Iterator[Cases]:
    """The document's site on our rents at one point, our grid, allocation and ceilings; then observed prices."""
    rows, points = factory.documented(core), factory.grid(core)
    if rows.is_empty() or points.is_empty():
        return
    at = points.filter(*[pl.col(name) == value for name, value in POINT.items()])
    one = rows.join(at, how="cross").with_columns(case="scenario")
    yield Cases(one, ("racks", *factory.FIGURES), factory.DOCUMENT_SET, rules.ILLUSTRATION)
    reference = rows.filter(pl.col("site") == factory.REFERENCE_SITE)
    named = pl.format("{}, {} tok/s, {}%", "rent", _whole("tokens_per_s_per_rack"), _whole("inference_share", 100))
    gridded = reference.join(points, how="cross").with_columns(case=named)
    yield Cases(gridded, GRID_FIGURES, "m23_throughput_grid", rules.ILLUSTRATION)
    uses = stated(core, "m23_allocation").rename({"case": "use"})
    split = reference.join(uses, how="cross").with_columns(case=pl.format("{}, {}", "rent", "use"))
    yield Cases(split, ("allocated_rack_hours", "allocated_cost_usd"), "m23_allocation", rules.ILLUSTRATION)
    yield Cases(stated(core, "m23_roofline"), CEILINGS, "m23_roofline", rules.ILLUSTRATION)
    priced = factory.observed(core)
    if not priced.is_empty():
        priced = priced.join(at, how="cross").with_columns(case="scenario")
        yield Cases(priced, ("mix_price_usd_per_mtok", *factory.FIGURES), "observed", "professional")


def _whole(name: str, times: float = 1.0) -> pl.Expr:
    return (pl.col(name) * times).round().cast(pl.Int64)


MODEL = Model(
    model_id="M23",
    title="Rack-hour factory",
    question="What must a year of rented racks serve, at which price and share of its hours, to pay its bill?",
    where="002:16-22",
    cases=cases,
    inputs=factory.INPUTS,
    note=(
        "Document 002 shows its readers no rents, allocation, throughput or realised price: all of them are rackhour's "
        "choices, and the reading is illustration. Contribution charges training to the factory, gross profit does "
        "not. Ceilings are theoretical: sustained throughput is far lower, which is why it is scanned from 5,000 "
        "tokens per second."
    ),
)
