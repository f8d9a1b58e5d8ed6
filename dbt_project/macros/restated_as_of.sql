{# Figures of past intervals as known on the as-of day: those first seen by then, last seen and counted by the captures
   up to then. Unlike a run of list prices, such a figure is looked at after its interval, so its captures start when
   it becomes known. Every capture of these sources shows every past interval: the calendar has one group. #}
{% macro restated_as_of(source_id) -%}
  (
    with known as (
        select * from {{ source('landing', source_id) }} where known_from <= {{ as_of() }}
    ),

    spans as (
        select distinct known_from, last_observed from known
    ),

    seen as (
        select
            span.known_from,
            span.last_observed as last_ever_observed,
            max(capture.capture_date) as last_observed,
            count(distinct capture.capture_date) as observation_count
        from spans as span
        inner join {{ source('landing', 'captures') }} as capture
            on
                capture.source_id = '{{ source_id }}'
                and capture.capture_date between span.known_from and least(span.last_observed, {{ as_of() }})
        group by all
    )

    select
        figure.* exclude (valid_to, last_observed, observation_count),
        case when figure.valid_to <= {{ as_of() }} then figure.valid_to end as valid_to,
        coalesce(seen.last_observed, least(figure.last_observed, {{ as_of() }})) as last_observed,
        coalesce(seen.observation_count, 1) as observation_count
    from known as figure
    left join seen
        on figure.known_from = seen.known_from and figure.last_observed = seen.last_ever_observed
  )
{%- endmacro %}
