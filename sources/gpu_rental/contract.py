"""What a rental price must be to be let in: the rules a row can break by itself.

Not here: canonical names and plausibility beside other rows (staging and core, where they can be read in SQL).
"""

from __future__ import annotations

import datetime as dt

import pandera.polars as pa
import polars as pl

from sources.contract import Contract, Observation, Unit, field

COMMITMENTS = (
    "on_demand",
    "spot",
    "community",
    "serverless",
    "reserved_1y",
    "reserved_3y",
    "reserved",
    "capacity_block",
    "unspecified",
)
# What staging can bring to a GPU-hour, and one thing it cannot: the price of GPUs without the machine around them.
# usc is the US cent: two publishers state whole cents. The prefix is all that tells the two apart.
PRICE_UNITS = (
    "usd_per_gpu_hour",
    "usd_per_instance_hour",
    "usc_per_instance_hour",
    "usd_per_instance_term",
    "usd_per_gpus_without_machine_hour",
)
TERMS = ("reserved_1y", "reserved_3y")
PRICE_BASES = ("paid", "index", "forward")
TIERS = ("all", "hyperscaler", "neocloud", "regional_cloud", "marketplace", "serverless")
PANELS = ("gcp_h100_spot", "h100_sxm_on_demand")


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
    term_months: float = field(
        unit="month",
        description="How long the renter is bound, where it is stated.",
        is_later=True,
        nullable=True,
        gt=0,
        le=120,
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


class PanelQuote(Observation):
    """A quote of a panel that is read as a price index: who, where and on which terms, over one run of equal prices."""

    panel: str = field(unit=None, description="The panel it belongs to.", isin=PANELS)
    period: str = field(unit=None, description="How often the panel was looked at.", isin=("day", "month"))
    provider_label: str = field(
        unit=None, description="Who rents it out, as the source spells it.", str_length={"min_value": 1}
    )
    sku_label: str = field(unit=None, description="The offer's name.", nullable=True)
    gpu_label: str = field(unit=None, description="The GPU as the source spells it.", str_length={"min_value": 1})
    region_label: str = field(unit=None, description="The provider's name of the region.", nullable=True)
    gpu_count: float = field(
        unit="GPU", description="GPUs of the instance, or the fewest to rent.", nullable=True, ge=1
    )
    commitment: str = field(unit=None, description="What the price binds to.", isin=COMMITMENTS)
    price: float = field(unit="USD", description="As published, per what price_unit says.", gt=0)
    price_unit: str = field(unit=None, description="What the price buys an hour of.", isin=PRICE_UNITS[:2])
    list_currency: str = field(unit=None, description="Currency of the provider's own list.", isin=("EUR", "USD"))
    # The euro has stood between 0.82 and 1.60 USD since 1999 (as in the contract of power prices).
    fx_rate: float = field(
        unit="USD/EUR", description="Reference rate the price was converted at.", nullable=True, ge=0.5, le=2.0
    )
    fx_date: dt.date = field(unit=None, description="Day of that rate.", nullable=True)

    @pa.dataframe_check(name="instances_state_their_gpus")
    def _instances(cls, data: pa.PolarsData) -> pl.LazyFrame:
        holds = (pl.col("price_unit") == "usd_per_gpu_hour") | pl.col("gpu_count").is_not_null()
        return data.lazyframe.select(holds)

    @pa.dataframe_check(name="foreign_lists_have_their_rate")
    def _converted(cls, data: pa.PolarsData) -> pl.LazyFrame:
        converted = pl.col("fx_rate").is_not_null() & pl.col("fx_date").is_not_null()
        return data.lazyframe.select((pl.col("list_currency") != "USD") == converted)


class PublishedFigure(Observation):
    """A figure about rents that is no seller's price: an index, a median of what was paid, a price expected later."""

    series: str = field(unit=None, description="The publisher's series.", str_length={"min_value": 1})
    price_basis: str = field(
        unit=None, description="Median of what was paid, index, or price expected later.", isin=PRICE_BASES
    )
    gpu_label: str = field(unit=None, description="The GPU as the source spells it.", str_length={"min_value": 1})
    provider_tier: str = field(unit=None, description="Whose rents it is about.", isin=TIERS)
    settles_on: dt.date = field(unit=None, description="Day a forward is about; null for others.", nullable=True)
    price: float = field(unit="USD", description="Per GPU-hour.", gt=0)
    sample_count: float = field(unit="count", description="Rentals behind it, where stated.", nullable=True, ge=0)
    dispersion: float = field(unit="USD", description="Standard deviation, where stated.", nullable=True, ge=0)

    @pa.dataframe_check(name="forwards_say_when_they_settle")
    def _forwards_settle(cls, data: pa.PolarsData) -> pl.LazyFrame:
        holds = (pl.col("price_basis") == "forward") == pl.col("settles_on").is_not_null()
        return data.lazyframe.select(holds & (pl.col("settles_on") > pl.col("valid_from")).fill_null(True))


ITEM = (
    "provider_label",
    "sku_label",
    "gpu_label",
    "gpu_memory_gb",
    "region_label",
    "gpu_count",
    "commitment",
    "term_months",
    "price_unit",
)
# A reservation is published as one price for its whole term: brought to an hour of years of 8,760 hours.
UNITS = (
    Unit("usc_per_instance_hour", to="usd_per_instance_hour", divide_by=100),
    Unit("usd_per_instance_term", to="usd_per_instance_hour", divide_by=8760, commitment="reserved_1y"),
    Unit("usd_per_instance_term", to="usd_per_instance_hour", divide_by=3 * 8760, commitment="reserved_3y"),
)
CONTRACTS = {
    "observation": Contract(Rental, item=ITEM, figure=("price", "price_low", "price_high"), price_units=UNITS),
    "panel": Contract(PanelQuote),
    "published": Contract(PublishedFigure),
}
