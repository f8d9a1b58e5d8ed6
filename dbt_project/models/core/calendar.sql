-- Month ends from 2023-01 to the as-of day, and the as-of day itself.
with month_ends as (
    select cast(last_day(cast(generated.day as date)) as date) as as_of_date
    from
        generate_series(
            make_date(cast((select value from {{ ref('rules') }} where rule = 'calendar_first_month') as integer), 1, 1),
            {{ as_of() }},
            interval 1 month
        ) as generated (day)
)

select as_of_date
from month_ends
where as_of_date < {{ as_of() }}
union all
select {{ as_of() }} as as_of_date
order by as_of_date
