-- noqa: disable=AM04
-- Single offers of marketplaces that a correction rejects: they are in no price and stand here as they came, left out.
select
    offer.* exclude (look_date),
    'rejected_by_correction' as left_out
from {{ ref('stg_gpu_rental__offers') }} as offer
inner join {{ ref('stg_landing__spells') }} as spell
    on
        offer.source_id = spell.source_id
        and offer.payload_sha256 = spell.payload_sha256
        and offer.capture_group = spell.capture_group
        and offer.look_date = spell.row_date
        and spell.is_first
inner join {{ ref('stg_corrections__acting') }} as correction
    on offer.observation_id = correction.observation_id and correction.verdict = 'reject'
