{#
  The figures users loaded from files of their own into one family, as known on the as-of day. Reads
  landing.loaded_<family>, which holds the rows of every such source: `item` and `figure` are hashes of what tells
  figures apart and of what they say (sources/loaded.py), `position` is the order in which a source's files came.

  records: dated rows. A later file that says another figure for an item and day restates it: the earlier one gets a
  known_to. Where no end is stated, a figure ends where the item's next one begins.
  snapshots: every row is what one day showed. Consecutive looks at a group that show a figure are one row; the next
  look that does not show it ends it. Of two files that show a group on one day the later one counts.
  landed_rows: the landed rows a row was folded from. What a later file of the same day replaced is counted beside them
  in stg_landing__replaced.
#}
{% macro loaded_as_of(family) -%}
  (
    with known as (
        select
            *,
            min(known_from) over (
                partition by source_id, capture_group, item, figure, valid_from
            ) as first_known
        from {{ source('landing', 'loaded_' ~ family) }}
        where known_from <= {{ as_of() }}
    ),

    statements as (
        select
            *,
            count(*) over (partition by source_id, item, valid_from, known_from) as stated_rows
        from known
        where shape = 'records'
        qualify row_number() over (
            partition by source_id, item, valid_from, known_from
            order by position desc
        ) = 1
    ),

    turned as (
        select
            *,
            coalesce(
                figure <> lag(figure) over (partition by source_id, item, valid_from order by known_from), true
            ) as is_news
        from statements
    ),

    numbered as (
        select
            *,
            count(*) filter (is_news) over (
                partition by source_id, item, valid_from
                order by known_from
            ) as statement
        from turned
    ),

    said as (
        select
            * exclude (last_observed, observation_count),
            max(last_observed) over same_statement as last_observed,
            cast(sum(observation_count) over same_statement as bigint) as observation_count,
            cast(sum(stated_rows) over same_statement as bigint) as landed_rows
        from numbered
        window same_statement as (partition by source_id, item, valid_from, statement)
        qualify row_number() over (same_statement order by known_from) = 1
    ),

    current_or_not as (
        select
            *,
            lead(known_from) over (partition by source_id, item, valid_from order by known_from) as known_to
        from said
    ),

    records as (
        select
            * exclude (valid_to),
            coalesce(
                valid_to,
                lead(valid_from) over (partition by source_id, item, known_to is null order by valid_from, known_from)
            ) as valid_to
        from current_or_not
    ),

    looks as (
        select
            source_id,
            capture_group,
            valid_from,
            max(position) as position,
            row_number() over (partition by source_id, capture_group order by valid_from) as turn,
            lead(valid_from) over (partition by source_id, capture_group order by valid_from) as next_look
        from known
        where shape = 'snapshots' and valid_from <= {{ as_of() }}
        group by source_id, capture_group, valid_from
    ),

    shown as (
        select
            known.*,
            looks.turn,
            looks.next_look,
            looks.turn - row_number() over (
                partition by known.source_id, known.capture_group, known.item, known.figure
                order by looks.turn
            ) as run
        from known
        inner join looks
            on
                known.source_id = looks.source_id
                and known.capture_group = looks.capture_group
                and known.valid_from = looks.valid_from
                and known.position = looks.position
    ),

    snapshots as (
        select
            * exclude (valid_to, known_from, last_observed, observation_count),
            min(first_known) over same_run as known_from,
            max(valid_from) over same_run as last_observed,
            count(*) over same_run as observation_count,
            cast(count(*) over same_run as bigint) as landed_rows,
            nullif(max(coalesce(next_look, date '9999-12-31')) over same_run, date '9999-12-31') as valid_to
        from shown
        window same_run as (partition by source_id, capture_group, item, figure, run)
        qualify row_number() over (same_run order by turn) = 1
    )

    select
        * exclude (
            item, figure, first_known, position, is_news, stated_rows, statement, valid_to, last_observed, turn,
            next_look, run, look_date
        ),
        case when valid_to <= {{ as_of() }} then valid_to end as valid_to,
        least(last_observed, {{ as_of() }}) as last_observed
    from (
        select * from records
        union all by name
        select * from snapshots
    ) as folded
  )
{%- endmacro %}
