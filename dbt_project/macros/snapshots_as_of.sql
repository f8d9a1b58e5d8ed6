{#
  Snapshots of lists of what holds today, folded into one row per change, as known on the as-of day.

  rows: rows of sources whose payloads pile up, look by look, of any number of sources. Beside the contract's columns
  each has `item` (what names a thing priced) and `figure` (whose change is a change), as the family's contract declares
  them (sources/<family>/contract.py, pipelines/warehouse/family_views.py). landing.seen holds the looks at their groups of items.

  A figure that consecutive looks at its group show is one row: valid from the first of them, seen last on the last.
  The next look that does not show it ends it: closed, not deleted. A reappearance starts a new row; where the same bytes
  came back, its observation_id is the landed row's with the day behind it (landed_id takes that off). Of two looks at
  a group on one day the later one counts. payload_sha256 and row_number are those of the row that the id names.

  Where the publisher dates a figure (known_basis published) its own date stands, which may lie ahead. Such a figure
  that vanishes ends where its item's next dated figure begins, or on the day it is missed; one that vanishes before it
  began (announced, then cancelled), or that is replaced with the same date, was restated: it gets a known_to.

  landed_rows: how many landed rows the row was folded from, each counted once, in the first row made of it; where
  `rows` are no landed rows themselves, `stands_for` is SQL for how many of them one is made of.
#}
{% macro snapshots_as_of(rows, stands_for='1') -%}
  (
    with shown as (
        select
            row.*,
            spells.spell,
            spells.first_turn,
            spells.last_turn,
            spells.first_day,
            spells.last_day,
            spells.next_date,
            spells.is_first,
            case when row.known_basis = 'published' then row.valid_from end as dated_from,
            case when row.known_basis = 'published' then row.valid_to end as dated_to,
            -- A row the publisher carried along without looking says so by an earlier last_observed.
            case
                when row.last_observed < row.look_date then row.last_observed else spells.last_day
            end as looked_on
        from {{ rows }} as row
        inner join {{ ref('stg_landing__spells') }} as spells
            on
                row.source_id = spells.source_id
                and row.payload_sha256 = spells.payload_sha256
                and row.capture_group = spells.capture_group
                and row.look_date = spells.row_date
    ),

    runs as (
        select
            *,
            spell - dense_rank() over (
                partition by source_id, capture_group, item, figure, dated_from, dated_to
                order by spell
            ) as run
        from shown
    ),

    -- A row that stands twice in one look stands once here.
    once as (
        select
            *,
            sum({{ stands_for }}) filter (is_first) over (
                partition by spell, source_id, capture_group, item, figure, dated_from, dated_to
            ) as look_rows
        from runs
        qualify row_number() over (
            partition by spell, source_id, capture_group, item, figure, dated_from, dated_to
            order by row_number
        ) = 1
    ),

    folded as (
        select
            * exclude (observation_id, valid_from, valid_to, known_from, last_observed, observation_count),
            case
                when first_day > look_date then observation_id || '@' || first_day else observation_id
            end as observation_id,
            min(first_day) over same_run as known_from,
            max(looked_on) over same_run as last_observed,
            sum(last_turn - first_turn + 1) over same_run as observation_count,
            cast(coalesce(sum(look_rows) over same_run, 0) as bigint) as landed_rows,
            nullif(max(coalesce(next_date, date '9999-12-31')) over same_run, date '9999-12-31') as missed_on
        from once
        window same_run as (
            partition by source_id, capture_group, item, figure, dated_from, dated_to, run
        )
        qualify row_number() over (same_run order by spell) = 1
    ),

    followed as (
        select
            *,
            min(dated_from) over (
                partition by source_id, capture_group, item
                order by dated_from
                range between interval 1 day following and unbounded following
            ) as followed_on,
            -- Cancelled before it began, or another figure took its place from the same day on.
            coalesce(
                missed_on is not null
                and (
                    dated_from > missed_on
                    or count(*) over (partition by source_id, capture_group, item, dated_from) > 1
                ),
                false
            ) and dated_from is not null as is_restated
        from folded
    )

    select
        * exclude (
            spell, first_turn, last_turn, first_day, last_day, next_date, dated_from, dated_to, looked_on, run,
            missed_on, followed_on, is_restated, look_date, is_first, look_rows, item, figure
        ),
        coalesce(dated_from, known_from) as valid_from,
        case
            when dated_to is not null then case when dated_to <= {{ as_of() }} then dated_to end
            when missed_on is null or is_restated then null
            when dated_from is null then missed_on
            when followed_on is null then greatest(missed_on, dated_from + 1)
            when followed_on <= {{ as_of() }} then followed_on
        end as valid_to,
        case when is_restated then missed_on end as known_to
    from followed
  )
{%- endmacro %}

{#
  Spells of looks: consecutive looks at a group that are the same bytes, read once, as known on the as-of day.
    spell      its place among the group's
    is_first   whether it is the first time the payload's group was shown
#}
{% macro look_spells() -%}
  (
    with daily as (
        select *
        from {{ source('landing', 'seen') }}
        where capture_date <= {{ as_of() }}
        qualify row_number() over (partition by source_id, capture_group, capture_date order by position desc) = 1
    ),

    looks as (
        select
            source_id,
            payload_sha256,
            capture_group,
            row_date,
            capture_date,
            row_number() over (partition by source_id, capture_group order by capture_date) as turn,
            lead(capture_date) over (partition by source_id, capture_group order by capture_date) as next_date
        from daily
    ),

    turns as (
        select
            *,
            row_number() over (partition by source_id, capture_group order by turn) - row_number() over (
                partition by source_id, capture_group, payload_sha256, row_date order by turn
            ) as spell
        from looks
    )

    select
        source_id,
        payload_sha256,
        capture_group,
        row_date,
        dense_rank() over (partition by source_id, capture_group order by min(turn)) as spell,
        row_number() over (
            partition by source_id, payload_sha256, capture_group, row_date order by min(turn)
        ) = 1 as is_first,
        min(turn) as first_turn,
        max(turn) as last_turn,
        min(capture_date) as first_day,
        max(capture_date) as last_day,
        nullif(max(coalesce(next_date, date '9999-12-31')), date '9999-12-31') as next_date
    from turns
    group by source_id, payload_sha256, capture_group, row_date, spell
  )
{%- endmacro %}

{# The id of the row in landing that a folded row was made of: what a correction names. #}
{% macro landed_id(observation_id) -%}
    split_part({{ observation_id }}, '@', 1)
{%- endmacro %}
