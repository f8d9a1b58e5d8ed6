-- US dollars per euro: the mean of the month's daily reference rates, known on the last day averaged.
select
    observation_id,
    source_id,
    base_currency,
    quote_currency,
    interval_start,
    interval_end,
    rate as usd_per_eur,
    last_rate_date,
    rate_count,
    known_from
from {{ records_as_of(source('landing', 'power_prices_fx_rate__records')) }}
