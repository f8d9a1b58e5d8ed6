{#
  A change-only history as it was known on the as-of day (docs/adr/0001): runs known by then, ended only if the end
  was known, last seen and counted by the captures up to then.

  source_id: the history in schema landing; its calendar is <source_id>_captures.
  capture_group: SQL over `run` that names the row's capture group.
#}
{% macro runs_as_of(source_id, capture_group) -%}
  (
    with known as (
        select * from {{ source('landing', source_id) }} as run where run.known_from <= {{ as_of() }}
    ), seen as (
        select
            run.observation_id,
            max(capture.capture_date) as last_observed,
            count(*) as observation_count
        from known as run
        inner join {{ source('landing', source_id ~ '_captures') }} as capture
            on capture.capture_group = {{ capture_group }}
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
{% macro records_as_of(source_id) -%}
  (
    select
        record.* exclude (valid_to, last_observed),
        case when record.valid_to <= {{ as_of() }} then record.valid_to end as valid_to,
        least(record.last_observed, {{ as_of() }}) as last_observed
    from {{ source('landing', source_id) }} as record
    where record.known_from <= {{ as_of() }}
  )
{%- endmacro %}
