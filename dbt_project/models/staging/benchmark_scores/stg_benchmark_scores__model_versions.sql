-- What Epoch AI says of each version, under the name prices carry. A version that is not the first of those a name
-- covers does not date the name.
with named as (
    select
        *,
        {{ benchmark_version('model_label') }} as version_name
    from {{ records_as_of(source('landing', 'benchmark_scores_model_version__records')) }}
)

select
    named.observation_id,
    named.source_id,
    named.model_label,
    coalesce(own.model, sold.model) as model,
    case when coalesce(own.version, 'only') <> 'later' then coalesce(own.release_date, named.release_date) end
        as release_date,
    case
        when named.accessibility like 'Open weights%' then 'open'
        when named.accessibility in ('API access', 'Hosted access (no API)') then 'closed'
    end as weights,
    named.organisation,
    named.valid_to,
    named.known_from,
    concat_ws('; day corrected: ', named.citation, case when own.release_date is not null then own.reason end) as citation
from named
left join {{ ref('xwalk_benchmark_model') }} as own
    on named.version_name = own.model_label and coalesce(own.source_id, 'epoch_benchmark_hub') = 'epoch_benchmark_hub'
inner join {{ sold_versions('named') }} as sold on named.version_name = sold.version_name
