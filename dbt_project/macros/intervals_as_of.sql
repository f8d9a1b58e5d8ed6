{#
  Figures of past and coming intervals (an hour of a market, a month of sales), folded over successive looks, as known
  on the as-of day.

  rows: rows of sources whose payloads pile up, of any number of sources, with `item` and `figure` as in snapshots_as_of;
  an interval's start and end belong to its item.

  A look is a payload seen on a day, and it covers the span of intervals its rows of a group lie in: looks at other
  spans say nothing about an interval. A figure that consecutive looks at its interval show is one row, known from the
  first of them. The next look that shows another figure, or no longer shows the key, ends what was known (known_to):
  restated or vanished, closed, not deleted. Of two looks on one day the later one counts: what the earlier one showed
  was never known, and is left out (`left_out`). landed_rows: the landed rows a row was folded from, each counted once.
#}
{% macro intervals_as_of(rows) -%}
  (
    with looks as (
        select
            source_id,
            payload_sha256,
            capture_group,
            capture_date,
            position,
            row_number() over (partition by source_id, capture_group order by capture_date, position)
            - row_number() over (
                partition by source_id, capture_group, payload_sha256 order by capture_date, position
            ) as spell
        from {{ source('landing', 'seen') }}
        where capture_date <= {{ as_of() }}
    ),

    -- Looks that follow each other and are the same bytes are read once.
    spells as (
        select
            source_id,
            payload_sha256,
            capture_group,
            row_number() over (
                partition by source_id, payload_sha256, capture_group order by min(capture_date), min(position)
            ) = 1 as is_first,
            min(capture_date) as first_day,
            max(capture_date) as last_day,
            min(position) as first_position,
            count(distinct capture_date) as look_count
        from looks
        group by source_id, payload_sha256, capture_group, spell
    ),

    spans as (
        select
            source_id,
            payload_sha256,
            capture_group,
            min(interval_start) as opens,
            max(interval_end) as closes
        from {{ rows }}
        group by source_id, payload_sha256, capture_group
    ),

    covered as (
        select
            spells.*,
            spans.opens,
            spans.closes
        from spells
        inner join spans
            on
                spells.source_id = spans.source_id
                and spells.payload_sha256 = spans.payload_sha256
                and spells.capture_group = spans.capture_group
    ),

    intervals as (
        select distinct
            source_id,
            capture_group,
            interval_start as starts,
            interval_end as ends
        from {{ rows }}
    ),

    turns as (
        select
            intervals.*,
            covered.payload_sha256,
            covered.is_first,
            covered.first_day,
            covered.last_day,
            covered.look_count,
            row_number() over same_interval as turn,
            lead(covered.first_day) over same_interval as next_day
        from intervals
        inner join covered
            on
                intervals.source_id = covered.source_id
                and intervals.capture_group = covered.capture_group
                and intervals.starts >= covered.opens
                and intervals.ends <= covered.closes
        window same_interval as (
            partition by intervals.source_id, intervals.capture_group, intervals.starts, intervals.ends
            order by covered.first_day, covered.first_position
        )
    ),

    shown as (
        select
            row.*,
            turns.first_day,
            turns.last_day,
            turns.look_count,
            turns.turn,
            turns.next_day,
            count(*) filter (turns.is_first) over (
                partition by row.source_id, row.capture_group, row.item, row.interval_start, row.interval_end, turns.turn
            ) as look_rows
        from {{ rows }} as row
        inner join turns
            on
                row.source_id = turns.source_id
                and row.payload_sha256 = turns.payload_sha256
                and row.capture_group = turns.capture_group
                and row.interval_start = turns.starts
                and row.interval_end = turns.ends
        -- A row that stands twice in one look stands once here.
        qualify row_number() over (
            partition by row.source_id, row.capture_group, row.item, row.interval_start, row.interval_end, turns.turn
            order by row.row_number
        ) = 1
    ),

    runs as (
        select
            *,
            turn - row_number() over (
                partition by source_id, capture_group, item, interval_start, interval_end, figure order by turn
            ) as run
        from shown
    ),

    folded as (
        select
            * exclude (known_from, last_observed, observation_count),
            min(first_day) over same_run as known_from,
            max(last_day) over same_run as last_observed,
            cast(sum(look_count) over same_run as bigint) as observation_count,
            cast(sum(look_rows) over same_run as bigint) as landed_rows,
            nullif(max(coalesce(next_day, date '9999-12-31')) over same_run, date '9999-12-31') as known_to
        from runs
        window same_run as (
            partition by source_id, capture_group, item, interval_start, interval_end, figure, run
        )
        qualify row_number() over (same_run order by turn) = 1
    )

    select
        * exclude (
            first_day, last_day, look_count, turn, next_day, run, look_date, look_rows, item, figure, valid_to
        ),
        case when valid_to <= {{ as_of() }} then valid_to end as valid_to,
        case when known_to <= known_from then 'replaced_the_same_day' end as left_out
    from folded
  )
{%- endmacro %}
