-- Days on which somebody looked, of every rental history and live list, up to the as-of day.
{% set histories = [
    'gpu_rates_gcosts', 'gpu_rates_karpenter_aws', 'gpu_rates_karpenter_azure', 'gpu_rates_fsdl',
    'gpu_rates_gpurentalprices', 'gpu_rates_prime_intellect',
] %}
{% set live_lists = [
    'vast', 'runpod', 'lambda_cloud', 'shadeform', 'gpuhunt', 'skypilot', 'azure_retail', 'aws_bulk',
] %}
{% for history in histories %}
    select
        '{{ history }}' as source_id,
        capture_group,
        capture_date
    from {{ source('landing', history ~ '_captures') }}
    where capture_date <= {{ as_of() }}
    union all
{% endfor %}
select distinct
    source_id,
    'all' as capture_group,
    valid_from as capture_date
from {{ source('landing', 'gpu_rates_documents') }}
where known_from <= {{ as_of() }}
union all
-- Of loaded files: the days their snapshots show, and the days on which their records began and were last seen.
select distinct
    source_id,
    capture_group,
    unnest(case when shape = 'snapshots' then [valid_from] else [valid_from, last_observed] end) as capture_date
from {{ source('landing', 'loaded_gpu_rental') }}
where known_from <= {{ as_of() }} and valid_from <= {{ as_of() }}
union all
select distinct
    source_id,
    capture_group,
    capture_date
from {{ source('landing', 'seen') }}
where capture_date <= {{ as_of() }} and source_id in ('{{ live_lists | join("', '") }}')
union all
-- Days that the tracker's recorded history tells already are not counted again.
select distinct
    live.source_id,
    live.capture_group,
    live.capture_date
from {{ source('landing', 'seen') }} as live
inner join {{ ref('stg_gpu_rental__gpurentalprices_handover') }} as handover
    on live.capture_group = handover.capture_group and live.capture_date >= handover.live_from
where live.capture_date <= {{ as_of() }} and live.source_id = 'gpurentalprices_live'
