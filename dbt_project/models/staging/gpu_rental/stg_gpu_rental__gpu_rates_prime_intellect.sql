-- noqa: disable=AM04
-- Lowest offers on one marketplace; a capture is the whole marketplace. USD per GPU-hour.
-- The tracker folds spot and on-demand offers into one figure. Its own flag on the best deals shows spot for two
-- sellers alone, whose lowest offers are also half of their mean; theirs stay unspecified, the others' are on demand.
select
    run.* replace (
        case when lower(run.provider_label) in ('datacrunch', 'primecompute') then 'unspecified' else 'on_demand' end
            as commitment
    )
from {{ runs_as_of(source('landing', 'gpu_rates_prime_intellect')) }} as run
