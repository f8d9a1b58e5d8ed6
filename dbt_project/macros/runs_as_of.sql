{#
  Change-only histories as they were known on the as-of day (docs/adr/0001): runs known by then, ended only if the end
  was known, last seen and counted by the captures up to then.

  rows: histories of one family, each row with its capture_group; landing.captures holds their calendars.
#}
{% macro runs_as_of(rows) -%}
  (
    with known as (
        select * from {{ rows }} as run where run.known_from <= {{ as_of() }}
    ), seen as (
        select
            run.observation_id,
            max(capture.capture_date) as last_observed,
            count(*) as observation_count
        from known as run
        inner join {{ source('landing', 'captures') }} as capture
            on capture.source_id = run.source_id
            and capture.capture_group = run.capture_group
            and capture.capture_date between run.valid_from and least(run.last_observed, {{ as_of() }})
        group by run.observation_id
    )
    select
        run.* exclude (valid_to, last_observed, observation_count),
        case when run.valid_to <= {{ as_of() }} then run.valid_to end as valid_to,
        seen.last_observed,
        seen.observation_count
    from known as run
    inner join seen on run.observation_id = seen.observation_id
  )
{%- endmacro %}

{# Dated records without a calendar of captures, as known on the as-of day. #}
{% macro records_as_of(rows) -%}
  (
    select
        record.* exclude (valid_to, last_observed),
        case when record.valid_to <= {{ as_of() }} then record.valid_to end as valid_to,
        least(record.last_observed, {{ as_of() }}) as last_observed
    from {{ rows }} as record
    where record.known_from <= {{ as_of() }}
  )
{%- endmacro %}
