-- Each look at a marketplace's offers as prices of the marketplace: one row per look, GPU, memory, country and way of
-- renting. A host counts once, with the median of its offers per GPU; the price is the lower quartile over hosts
-- (rules_gpu_rental, market_quantile), the range the lowest and the highest offer. USD per GPU-hour. Every single offer
-- stays in landing.
with rule as (
    select max(value) as market_quantile from {{ ref('rules_gpu_rental') }} where rule = 'market_quantile'
),

offers as (
    select
        offer.source_id,
        offer.provider_label,
        offer.payload_sha256,
        offer.capture_group,
        offer.look_date,
        offer.row_number,
        offer.gpu_label,
        offer.commitment,
        offer.grade,
        offer.citation,
        -- A part of a GPU is no GPU: it stands apart from the whole ones, under its share.
        case when offer.gpu_count < 1 then offer.gpu_count end as gpu_count,
        -- Cards of one memory report it some MiB apart.
        round(offer.gpu_memory_gb) as gpu_memory_gb,
        nullif(trim(regexp_extract(offer.region_label, '[^,]*$')), '') as region_label,
        {{ corrected_price('offer.price') }}
        / case offer.price_unit when 'usd_per_gpu_hour' then 1 else offer.gpu_count end as price_per_gpu,
        -- Where hosts are not named, offers of one place at one price to the cent are taken for one host's: a machine is
        -- listed by one, two, four and eight of its GPUs, and a farm by each of its machines.
        coalesce(
            nullif(regexp_extract(offer.sku_label, '^host [0-9]+'), ''),
            concat_ws(' at ', offer.region_label, round(price_per_gpu, 2))
        ) as host
    from {{ ref('stg_gpu_rental__offers') }} as offer
    left join {{ ref('stg_corrections__acting') }} as correction on offer.observation_id = correction.observation_id
    where coalesce(correction.verdict, '') <> 'reject'
),

hosts as (
    select
        source_id,
        provider_label,
        payload_sha256,
        capture_group,
        look_date,
        gpu_label,
        gpu_memory_gb,
        region_label,
        gpu_count,
        commitment,
        host,
        max(grade) as grade,
        min(citation) as citation,
        min(row_number) as row_number,
        median(price_per_gpu) as price,
        min(price_per_gpu) as lowest,
        max(price_per_gpu) as highest,
        count(*) as offer_count
    from offers
    group by all
),

asked as (
    select
        source_id,
        provider_label,
        payload_sha256,
        capture_group,
        look_date,
        gpu_label,
        gpu_memory_gb,
        region_label,
        gpu_count,
        commitment,
        max(grade) as grade,
        min(citation) as citation,
        min(row_number) as row_number,
        list(price order by price) as prices,
        min(lowest) as price_low,
        max(highest) as price_high,
        count(*) as seller_count,
        sum(offer_count) as offer_count
    from hosts
    group by all
),

-- Where the quantile falls between two hosts it lies between their prices (DuckDB's own takes constants alone).
market as (
    select
        asked.*,
        rule.market_quantile * (asked.seller_count - 1) as place,
        asked.prices[cast(floor(place) as bigint) + 1] as price_below,
        asked.prices[cast(ceil(place) as bigint) + 1] as price_above,
        price_below + (price_above - price_below) * (place - floor(place)) as price
    from asked
    cross join rule
)

select
    payload_sha256,
    capture_group,
    look_date,
    -- Of its offers the first in the payload.
    row_number,
    source_id || ':' || left(
        md5(
            concat_ws(
                '|', payload_sha256, gpu_label, coalesce(gpu_memory_gb, 0), coalesce(region_label, ''),
                coalesce(gpu_count, 1), commitment
            )
        ),
        16
    ) as observation_id,
    source_id,
    provider_label,
    'lower quartile of hosts' as sku_label,
    gpu_label,
    gpu_memory_gb,
    region_label,
    gpu_count,
    commitment,
    price,
    price_low,
    price_high,
    'usd_per_gpu_hour' as price_unit,
    'USD' as currency,
    look_date as valid_from,
    cast(null as date) as valid_to,
    look_date as known_from,
    'first_seen' as known_basis,
    look_date as last_observed,
    cast(1 as bigint) as observation_count,
    grade,
    citation,
    format('{} hosts, {} offers; a host counts by its median', seller_count, offer_count) as note,
    cast(seller_count as bigint) as seller_count,
    cast(offer_count as bigint) as offer_count,
    struct_pack(
        gpu_label := gpu_label, gpu_memory_gb := gpu_memory_gb, region_label := region_label, gpu_count := gpu_count,
        commitment := commitment
    ) as item,
    struct_pack(
        price := price, price_low := price_low, price_high := price_high, seller_count := seller_count
    ) as figure
from market
