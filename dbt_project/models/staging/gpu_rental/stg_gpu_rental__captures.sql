-- Days on which somebody looked, of every rental history, up to the as-of day.
{% set histories = [
    'gpu_rates_gcosts', 'gpu_rates_karpenter_aws', 'gpu_rates_karpenter_azure', 'gpu_rates_fsdl',
    'gpu_rates_gpurentalprices', 'gpu_rates_prime_intellect',
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
