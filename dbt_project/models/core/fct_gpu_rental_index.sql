-- Figures about rents that are no seller's price. No headline, margin or matched index is made of them.
select
    observation_id,
    source_id,
    series,
    price_basis,
    gpu,
    form_factor,
    provider_tier,
    settles_on,
    cast(price as decimal(18, 9)) as price_usd_per_gpu_hour,
    sample_count,
    dispersion as dispersion_usd_per_gpu_hour,
    {{ observed(note=true) }}
from {{ ref('stg_gpu_rental__published') }}
where gpu is not null
order by series, gpu, form_factor, provider_tier, settles_on, valid_from
