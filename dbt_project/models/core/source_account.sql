-- The account of every source: each accepted row is in exactly one place, or the difference says how many are lost. The
-- audit of a release stops where one is, or where a fact stands on a day on which nobody looked (pipelines/release/audit.py).
{% set fates = ['in_facts', 'folded', 'left_out', 'quarantined', 'unmapped', 'calendar', 'reference'] %}
with accepted as (
    select
        source_id,
        cast(sum(row_count) as bigint) as row_count
    from {{ ref('stg_landing__portions') }}
    group by source_id
),

counted as (
    select
        source_id,
        {% for fate in fates %}
            coalesce(sum(row_count) filter (fate = '{{ fate }}'), 0) as {{ fate }}_rows,
        {% endfor %}
        sum(row_count) as all_rows,
        string_agg(rule || ': ' || row_count, '; ' order by row_count desc, rule) filter (
            fate in ('left_out', 'quarantined', 'unmapped')
        ) as rules
    from {{ ref('source_fate') }}
    group by source_id
),

-- A price that no look of its source vouches for is in no headline and no coverage.
unseen as (
    select
        fact.source_id,
        count(*) as fact_rows
    from {{ ref('fct_gpu_rental_rate') }} as fact
    anti join {{ ref('stg_gpu_rental__captures') }} as look
        on
            fact.source_id = look.source_id
            and fact.capture_group = look.capture_group
            and look.capture_date between fact.valid_from and fact.last_observed
    group by fact.source_id
    union all
    select
        fact.source_id,
        count(*)
    from {{ ref('fct_token_price') }} as fact
    inner join {{ source('landing', 'source_catalog') }} as catalog on fact.source_id = catalog.source_id
    anti join {{ ref('stg_token_prices__looks') }} as look on fact.source_id = look.source_id
    where fact.known_basis = 'first_seen' and catalog.counts_looks and catalog.shape in ('runs', 'snapshots')
    group by fact.source_id
),

-- Lists whose newest look shows so little that it ends no price (macro look_spells).
shrunk as (
    select
        source_id,
        string_agg(
            capture_group || ' on ' || last_day || ': ' || row_count || ' of ' || most_rows || ' rows', '; '
            order by capture_group
        ) as lists
    from (
        select *
        from {{ ref('stg_landing__spells') }}
        qualify row_number() over (partition by source_id, capture_group order by spell desc) = 1
    )
    where is_shrunk
    group by source_id
)

select
    catalog.source_id,
    catalog.family,
    catalog.shape,
    coalesce(accepted.row_count, 0) as accepted_rows,
    {% for fate in fates %}
        cast(coalesce(counted.{{ fate }}_rows, 0) as bigint) as {{ fate }}_rows,
    {% endfor %}
    cast(coalesce(accepted.row_count, 0) - coalesce(counted.all_rows, 0) as bigint) as difference_rows,
    cast(coalesce(unseen.fact_rows, 0) as bigint) as unseen_fact_rows,
    counted.rules,
    shrunk.lists as shrunk_lists
from {{ source('landing', 'source_catalog') }} as catalog
left join accepted on catalog.source_id = accepted.source_id
left join counted on catalog.source_id = counted.source_id
left join unseen on catalog.source_id = unseen.source_id
left join shrunk on catalog.source_id = shrunk.source_id
order by catalog.family, catalog.source_id
