"""M24, the bridge from list prices to 6.67 a million tokens: the mixes that cost it, and the line they lie on.

Not here: what share of a list price is received.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.marts import rack_hour_factory as factory

LINE = (
    "mixed_input_price_usd_per_mtok",
    "output_share_for_mix_price",
    "input_per_output_for_mix_price",
    "least_cached_share_of_input",
)


def cases(core: Core) -> Iterator[Cases]:
    """Mixes at one model's list prices, the line of solutions by tier, and both mixes at the day's list prices."""
    yield Cases(stated(core, "m24_mix"), ("mix_price_usd_per_mtok",), "m24_mix", rules.ILLUSTRATION)
    yield Cases(stated(core, "m24_line_of_solutions"), LINE, "m24_line_of_solutions", rules.ILLUSTRATION)
    priced = factory.priced_mixes(core).with_columns(case=pl.format("{}, {}", "model", "mix"))
    yield Cases(priced, ("mix_price_usd_per_mtok",), "observed", "professional")


MODEL = Model(
    model_id="M24",
    title="Pricing mix bridge",
    question="Which mix of input, cached input and output tokens costs 6.67 dollars a million at list prices?",
    where="002:17",
    cases=cases,
    inputs=factory.INPUTS,
    note=(
        "Document 002 prints 6.67 and neither the mix nor the prices behind it: both are rackhour's choices, and the "
        "reading is illustration. Mixes are shares of tokens, not of GPU-time. On long-context prices input "
        "alone costs more than 6.67 unless more than 37% of it is cached. List price is not realised revenue."
    ),
)
