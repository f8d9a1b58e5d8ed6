-- noqa: disable=AM04
-- Vast's marketplace by GPU, country and way of renting, one row per change of its quartile or range. USD per GPU-hour.
-- Single offers that a correction rejects are in no price: they stand here as they came, left out.
select * exclude (known_to, offer_count)
from {{ snapshots_as_of(ref('stg_gpu_rental__vast_market'), stands_for='offer_count') }}
union all by name
select
    offer.* exclude (look_date),
    'rejected_by_correction' as left_out
from {{ source('landing', 'vast') }} as offer
inner join {{ ref('stg_landing__spells') }} as spell
    on
        offer.source_id = spell.source_id
        and offer.payload_sha256 = spell.payload_sha256
        and offer.capture_group = spell.capture_group
        and offer.look_date = spell.row_date
        and spell.is_first
inner join {{ ref('stg_corrections__acting') }} as correction
    on offer.observation_id = correction.observation_id and correction.verdict = 'reject'
