"""What a rental price must be to be let in: the rules a row can break by itself.

Not here: canonical names and plausibility beside other rows (staging and core, where they can be read in SQL).
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, field

COMMITMENTS = (
    "on_demand",
    "spot",
    "community",
    "serverless",
    "reserved_1y",
    "reserved_3y",
    "reserved",
    "unspecified",
)
# What staging can bring to a GPU-hour, and one thing it cannot: the price of GPUs without the machine around them.
# usc is the US cent: two publishers state whole cents. Staging divides; the prefix is all that tells the two apart.
PRICE_UNITS = (
    "usd_per_gpu_hour",
    "usd_per_instance_hour",
    "usc_per_instance_hour",
    "usd_per_instance_term",
    "usd_per_gpus_without_machine_hour",
)
TERMS = ("reserved_1y", "reserved_3y")


class Rental(Observation):
    """A list price of renting one GPU, or an instance that holds some, for an hour or for a term."""

    provider_label: str = field(
        unit=None, description="Who rents it out, as the source spells it.", str_length={"min_value": 1}
    )
    sku_label: str = field(unit=None, description="The offer's name, or its CPUs and memory.", nullable=True)
    gpu_label: str = field(unit=None, description="The GPU as the source spells it.", str_length={"min_value": 1})
    gpu_memory_gb: float = field(unit="gigabyte", description="Memory of one GPU as stated.", nullable=True, gt=0)
    region_label: str = field(unit=None, description="The provider's name of the region.", nullable=True)
    gpu_count: float = field(
        unit="GPU",
        description="GPUs in the instance, or the fewest one must rent; a part of one is below 1. Zero is no count.",
        nullable=True,
        gt=0,
    )
    commitment: str = field(
        unit=None,
        description="What the price binds to; `unspecified` where the source mixes kinds.",
        isin=COMMITMENTS,
    )
    price: float = field(
        unit="USD", description="Per GPU or instance and hour or term, as price_unit says; cents where it does.", gt=0
    )
    price_low: float = field(unit="USD", description="Lowest where the source gives a range.", nullable=True, gt=0)
    price_high: float = field(unit="USD", description="Highest where it gives a range.", nullable=True, gt=0)
    price_unit: str = field(
        unit=None, description="What the price buys an hour of, or the whole term of.", isin=PRICE_UNITS
    )
    currency: str = field(
        unit=None,
        description="ISO code; only USD is taken, a converted price needs a dated rate beside it.",
        eq="USD",
    )

    @pa.dataframe_check(name="price_within_its_range")
    def _range_holds(cls, data: pa.PolarsData) -> pl.LazyFrame:
        low, price, high = pl.col("price_low"), pl.col("price"), pl.col("price_high")
        stated = low.is_null() & high.is_null()
        return data.lazyframe.select(stated | ((low <= price) & (price <= high)).fill_null(False))

    @pa.dataframe_check(name="gpu_count_known_where_priced_per_part_of_a_gpu")
    def _parts_are_priced_per_instance(cls, data: pa.PolarsData) -> pl.LazyFrame:
        holds = (pl.col("gpu_count").fill_null(1.0) >= 1) | (pl.col("price_unit") != "usd_per_gpu_hour")
        return data.lazyframe.select(holds)

    @pa.dataframe_check(name="term_known_where_priced_per_term")
    def _terms_are_stated(cls, data: pa.PolarsData) -> pl.LazyFrame:
        holds = (pl.col("price_unit") != "usd_per_instance_term") | pl.col("commitment").is_in(TERMS)
        return data.lazyframe.select(holds)


CONTRACTS = {"observation": Contract(Rental)}
