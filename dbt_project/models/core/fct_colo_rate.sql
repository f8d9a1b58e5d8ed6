-- Levels of colocation rates with every restatement. Published changes ("up 26% on the year") are no levels and stay
-- out: the level they start from is not in the record.
select
    observation_id,
    source_id,
    market,
    market_label,
    publisher_label as publisher,
    facility_type,
    size_band,
    size_label,
    rate_type,
    cast(rate as decimal(18, 9)) as rate_usd_per_kw_month,
    cast(rate_low as decimal(18, 9)) as rate_usd_per_kw_month_low,
    cast(rate_high as decimal(18, 9)) as rate_usd_per_kw_month_high,
    power_included,
    valid_from,
    valid_to,
    known_from,
    coalesce(
        known_to,
        lead(known_from) over (
            partition by
                source_id, publisher_label, market, facility_type, size_label, rate_type, valid_from, valid_to
            order by known_from
        )
    ) as known_to,
    known_basis,
    last_observed,
    observation_count,
    grade,
    citation,
    note,
    payload_sha256,
    row_number
from {{ ref('stg_colo_rates__labelled') }}
where
    price_unit = 'usd_per_kw_month' and market is not null and size_band is not null and rejection is null
order by market, facility_type, size_band, rate_type, valid_from, known_from, source_id
