"""M33, caching and batch: after how many reads a cached prompt pays for its write, and what a batch saves.

Both counts of I-67 stand side by side: the surcharge of the write alone, and the whole write as extra. `professional`
takes the multiples out of the list prices of the newest day. Not here: how often prompts are read again.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pipelines.documents.listed import newest_list_prices
from pipelines.documents.model import Cases, Model
from pipelines.mart_kit import rules
from pipelines.mart_kit.assumed import Core, stated
from pipelines.mart_kit.carry import aliased, carry

CACHING = "m33_caching"
BATCH = "m33_batch"
BREAK_EVEN = (
    "cache_breakeven_reads",
    "cache_breakeven_whole_reads",
    "cache_breakeven_reads_whole_write",
    "cache_breakeven_whole_reads_whole_write",
)
WRITES = {"5-minute cache": "cache_write_list_usd_per_mtok", "1-hour cache": "cache_write_1h_list_usd_per_mtok"}
PROVIDER = "anthropic"


def observed_caching(core: Core) -> pl.DataFrame:
    """A row per model of the provider the document speaks of, and kind of cache, with both prices of the newest day."""
    prices = newest_list_prices(core).filter(pl.col("provider") == PROVIDER)
    kinds = [
        prices.select(
            pl.concat_str("model", pl.lit(f" | {kind}")).alias("case"),
            *carry("input_list_usd_per_mtok", "cached_input_list_usd_per_mtok", ends=False),
            *aliased({column: "cache_write_list_usd_per_mtok"}, ends=False),
        )
        for kind, column in WRITES.items()
    ]
    return pl.concat(kinds).drop_nulls()


def observed_batch(core: Core) -> pl.DataFrame:
    """A row per provider and model that is listed both ways: the output prices of the newest day."""
    keys = ["provider", "model"]
    batch = newest_list_prices(core, "batch").select(
        *keys, *aliased({"output_list_usd_per_mtok": "batch_list_usd_per_mtok"}, ends=False)
    )
    both = newest_list_prices(core).join(batch, on=keys).filter(pl.col("output_list_usd_per_mtok") > 0)
    return both.select(
        pl.concat_str(keys, separator=" | ").alias("case"),
        *aliased({"output_list_usd_per_mtok": "standard_list_usd_per_mtok"}, ends=False),
        *carry("batch_list_usd_per_mtok", ends=False),
    )


def cases(core: Core) -> Iterator[Cases]:
    """A case per kind of cache as stated, and per listed model as observed."""
    caching = stated(core, CACHING)
    if caching.is_empty():
        return
    yield Cases(caching, (*BREAK_EVEN, "cache_read_discount_pct"), CACHING)
    yield Cases(stated(core, BATCH), ("discounted_batch_usd_per_mtok",), BATCH)
    multiples = ("cache_write_multiple", "cache_read_multiple")
    yield Cases(observed_caching(core), (*multiples, *BREAK_EVEN), "observed", rules.PROFESSIONAL)
    yield Cases(observed_batch(core), ("batch_discount_pct",), "observed", rules.PROFESSIONAL)


MODEL = Model(
    model_id="M33",
    title="Caching and batch break-even",
    question="How often must a cached prompt be read before caching is cheaper?",
    where="004:160-166",
    cases=cases,
    inputs=("assumption", "token_price_asof"),
    caveats=("I-55", "I-67"),
    note=(
        "With the write counted as the first use, 1 read pays for five minutes and 2 for an hour; the printed 8 is not "
        "derivable either way."
    ),
)
