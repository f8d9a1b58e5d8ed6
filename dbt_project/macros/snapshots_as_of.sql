{#
  Snapshots of lists of what holds today, folded into one row per change, as known on the as-of day.

  rows: rows of sources whose payloads pile up, look by look, of any number of sources. Beside the contract's columns
  each has `item` (what names a thing priced) and `figure` (whose change is a change), as the family's contract declares
  them (sources/<family>/contract.py, pipelines/warehouse/family_views.py). landing.seen holds the looks at their groups of items.

  A figure that consecutive looks at its group show is one row: valid from the first of them, seen last on the last.
  The next look that does not show it ends it: closed, not deleted. A reappearance starts a new row; where the same bytes
  came back, its observation_id is the landed row's with the day behind it (landed_id takes that off). Of two looks at
  a group on one day the later one counts. payload_sha256 and row_number are those of the row that the id names.

  A look that shows less than a share of what the looks of the last days showed (rules.csv, shrunk_list_*) says nothing
  of what it lacks: it ends no row, and counts for the items it shows alone.

  A figure without a date of its own may bear the day it ends (valid_to): it ends on that day at the latest, and where it
  is first seen later than that it is known of the day before its end alone.

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
            spells.next_date as next_full_date,
            spells.is_shrunk,
            spells.full_spells,
            spells.is_first,
            case when row.known_basis = 'published' then row.valid_from end as dated_from,
            case when row.known_basis = 'published' then row.valid_to end as dated_to,
            case when row.known_basis <> 'published' then row.valid_to end as ends_on,
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

    -- The spells that speak of an item, counted: whole ones, and shrunk ones that show it.
    placed as (
        select
            *,
            full_spells + sum(cast(is_shrunk and place_in_spell = 1 as integer)) over (
                partition by source_id, capture_group, item order by spell
            ) as item_spell,
            nullif(
                least(
                    coalesce(next_full_date, date '9999-12-31'),
                    coalesce(
                        min(case when is_shrunk then first_day end) over (
                            partition by source_id, capture_group, item
                            order by spell
                            range between 1 following and unbounded following
                        ),
                        date '9999-12-31'
                    )
                ),
                date '9999-12-31'
            ) as next_date
        from (
            select
                *,
                row_number() over (
                    partition by source_id, capture_group, item, spell order by row_number
                ) as place_in_spell
            from shown
        )
    ),

    runs as (
        select
            *,
            item_spell - dense_rank() over (
                partition by source_id, capture_group, item, figure, dated_from, dated_to
                order by item_spell
            ) as run
        from placed
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
            * exclude (observation_id, valid_from, valid_to, known_from, last_observed, observation_count, ends_on),
            case
                when first_day > look_date then observation_id || '@' || first_day else observation_id
            end as observation_id,
            min(first_day) over same_run as known_from,
            max(looked_on) over same_run as last_observed,
            sum(last_turn - first_turn + 1) over same_run as observation_count,
            cast(coalesce(sum(look_rows) over same_run, 0) as bigint) as landed_rows,
            nullif(max(coalesce(next_date, date '9999-12-31')) over same_run, date '9999-12-31') as missed_on,
            max_by(struct_pack(ends_on := ends_on), spell) over same_run as latest
        from once
        window same_run as (
            partition by source_id, capture_group, item, figure, dated_from, dated_to, run
        )
        qualify row_number() over (same_run order by spell) = 1
    ),

    -- The day an item ends may be told when its figure has changed already: it holds for the figure before, too.
    told as (
        select
            * exclude (latest),
            least(
                latest.ends_on,
                min(latest.ends_on) over (
                    partition by source_id, capture_group, item
                    order by spell
                    rows between 1 following and unbounded following
                )
            ) as ends_on
        from folded
    ),

    followed as (
        select
            *,
            ends_on <= {{ as_of() }} as has_ended,
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
        from told
    )

    select
        * exclude (
            spell, first_turn, last_turn, first_day, last_day, next_date, dated_from, dated_to, looked_on, run,
            missed_on, followed_on, is_restated, look_date, is_first, look_rows, item, figure, next_full_date, is_shrunk,
            full_spells, place_in_spell, item_spell, ends_on, has_ended, last_observed
        ),
        coalesce(dated_from, least(known_from, ends_on - 1)) as valid_from,
        case
            when dated_to is not null then case when dated_to <= {{ as_of() }} then dated_to end
            when dated_from is null then least(missed_on, case when has_ended then ends_on end)
            when missed_on is null or is_restated then null
            when followed_on is null then greatest(missed_on, dated_from + 1)
            when followed_on <= {{ as_of() }} then followed_on
        end as valid_to,
        case when is_restated then missed_on end as known_to,
        case when has_ended then least(last_observed, ends_on - 1) else last_observed end as last_observed
    from followed
  )
{%- endmacro %}

{#
  Spells of looks: consecutive looks at a group that are the same bytes, read once, as known on the as-of day.
    spell        its place among the group's
    is_first     whether it is the first time the payload's group was shown
    is_shrunk    whether it shows less than a share of the most rows that looks of the last days showed, or the look
                 before it where there is none of those; a list of few rows never is (rules.csv, shrunk_list_*)
    full_spells  how many of the spells up to this one are not shrunk
    next_date    the first day of the next one that is not
    row_count, most_rows  what it shows, and what it is held against
#}
{% macro look_spells() -%}
  (
    with rule as (
        select
            max(value) filter (rule = 'shrunk_list_share') as share,
            max(value) filter (rule = 'shrunk_list_minimum') as minimum,
            cast(max(value) filter (rule = 'shrunk_list_days') as integer) as days
        from {{ ref('rules') }}
    ),

    daily as (
        select *
        from {{ source('landing', 'seen') }}
        where capture_date <= {{ as_of() }}
        qualify row_number() over (partition by source_id, capture_group, capture_date order by position desc) = 1
    ),

    counted as (
        select
            daily.*,
            portion.row_count,
            lag(portion.row_count) over (
                partition by daily.source_id, daily.capture_group order by daily.capture_date
            ) as rows_before
        from daily
        left join {{ source('landing', 'portion') }} as portion
            on
                daily.source_id = portion.source_id
                and daily.payload_sha256 = portion.payload_sha256
                and daily.capture_group = portion.capture_group
                and daily.row_date = portion.look_date
    ),

    most as (
        select
            look.source_id,
            look.capture_group,
            look.capture_date,
            max(earlier.row_count) as lately
        from counted as look
        cross join rule
        inner join counted as earlier
            on
                look.source_id = earlier.source_id
                and look.capture_group = earlier.capture_group
                and look.capture_date > earlier.capture_date
                and look.capture_date - rule.days <= earlier.capture_date
        group by look.source_id, look.capture_group, look.capture_date
    ),

    sized as (
        select
            counted.*,
            rule.share,
            rule.minimum,
            coalesce(most.lately, counted.rows_before) as most_rows
        from counted
        cross join rule
        left join most
            on
                counted.source_id = most.source_id
                and counted.capture_group = most.capture_group
                and counted.capture_date = most.capture_date
    ),

    looks as (
        select
            *,
            coalesce(most_rows >= minimum and row_count < share * most_rows, false) as is_shrunk,
            row_number() over (partition by source_id, capture_group order by capture_date) as turn
        from sized
    ),

    turns as (
        select
            *,
            row_number() over (partition by source_id, capture_group order by turn) - row_number() over (
                partition by source_id, capture_group, payload_sha256, row_date, is_shrunk order by turn
            ) as island
        from looks
    ),

    spells as (
        select
            source_id,
            payload_sha256,
            capture_group,
            row_date,
            is_shrunk,
            dense_rank() over (partition by source_id, capture_group order by min(turn)) as spell,
            row_number() over (
                partition by source_id, payload_sha256, capture_group, row_date order by min(turn)
            ) = 1 as is_first,
            min(turn) as first_turn,
            max(turn) as last_turn,
            min(capture_date) as first_day,
            max(capture_date) as last_day,
            any_value(row_count) as row_count,
            max(most_rows) as most_rows
        from turns
        group by source_id, payload_sha256, capture_group, row_date, is_shrunk, island
    )

    select
        *,
        count(*) filter (not is_shrunk) over (partition by source_id, capture_group order by spell) as full_spells,
        min(case when not is_shrunk then first_day end) over (
            partition by source_id, capture_group order by spell rows between 1 following and unbounded following
        ) as next_date
    from spells
  )
{%- endmacro %}

{# The id of the row in landing that a folded row was made of: what a correction names. #}
{% macro landed_id(observation_id) -%}
    split_part({{ observation_id }}, '@', 1)
{%- endmacro %}
