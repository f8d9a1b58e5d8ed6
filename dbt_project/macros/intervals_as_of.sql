{#
  Figures of past and coming intervals (an hour of a market, a month of sales), folded over successive looks of one
  source, as known on the as-of day.

  source_id: a source whose payloads pile up. key: the columns that name an interval's figure. figure: the columns whose
  change is a restatement.

  A look is a payload seen on a day, and it covers the span of intervals its rows of a group lie in: looks at other
  spans say nothing about an interval. A figure that consecutive looks at its interval show is one row, known from the
  first of them. The next look that shows another figure, or no longer shows the key, ends what was known (known_to):
  restated or vanished, closed, not deleted. Of two looks on one day the later one counts.
#}
{% macro intervals_as_of(source_id, key, figure) -%}
  (
    with looks as (
        select
            payload_sha256,
            capture_group,
            capture_date,
            position,
            row_number() over (partition by capture_group order by capture_date, position)
            - row_number() over (partition by capture_group, payload_sha256 order by capture_date, position) as spell
        from {{ source('landing', 'seen') }}
        where source_id = '{{ source_id }}' and capture_date <= {{ as_of() }}
    ),

    -- Looks that follow each other and are the same bytes are read once.
    spells as (
        select
            payload_sha256,
            capture_group,
            min(capture_date) as first_day,
            max(capture_date) as last_day,
            min(position) as first_position,
            count(distinct capture_date) as look_count
        from looks
        group by payload_sha256, capture_group, spell
    ),

    spans as (
        select
            payload_sha256,
            capture_group,
            min(interval_start) as opens,
            max(interval_end) as closes
        from {{ source('landing', source_id) }}
        group by payload_sha256, capture_group
    ),

    covered as (
        select
            spells.*,
            spans.opens,
            spans.closes
        from spells
        inner join spans
            on spells.payload_sha256 = spans.payload_sha256 and spells.capture_group = spans.capture_group
    ),

    intervals as (
        select distinct
            capture_group,
            interval_start as starts,
            interval_end as ends
        from {{ source('landing', source_id) }}
    ),

    turns as (
        select
            intervals.*,
            covered.payload_sha256,
            covered.first_day,
            covered.last_day,
            covered.look_count,
            row_number() over same_interval as turn,
            lead(covered.first_day) over same_interval as next_day
        from intervals
        inner join covered
            on
                intervals.capture_group = covered.capture_group
                and intervals.starts >= covered.opens
                and intervals.ends <= covered.closes
        window same_interval as (
            partition by intervals.capture_group, intervals.starts, intervals.ends
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
            turns.next_day
        from {{ source('landing', source_id) }} as row
        inner join turns
            on
                row.payload_sha256 = turns.payload_sha256
                and row.capture_group = turns.capture_group
                and row.interval_start = turns.starts
                and row.interval_end = turns.ends
        -- A row that stands twice in one look stands once here.
        qualify row_number() over (
            partition by row.capture_group, {{ key | join(', ') }}, turns.turn order by row.row_number
        ) = 1
    ),

    runs as (
        select
            *,
            turn - row_number() over (
                partition by capture_group, {{ key | join(', ') }}, {{ figure | join(', ') }} order by turn
            ) as run
        from shown
    ),

    folded as (
        select
            * exclude (known_from, last_observed, observation_count),
            min(first_day) over same_run as known_from,
            max(last_day) over same_run as last_observed,
            cast(sum(look_count) over same_run as bigint) as observation_count,
            nullif(max(coalesce(next_day, date '9999-12-31')) over same_run, date '9999-12-31') as known_to
        from runs
        window same_run as (
            partition by capture_group, {{ key | join(', ') }}, {{ figure | join(', ') }}, run
        )
        qualify row_number() over (same_run order by turn) = 1
    )

    select * exclude (
        first_day, last_day, look_count, turn, next_day, run, look_date, row_number, payload_sha256, valid_to
    ),
    case when valid_to <= {{ as_of() }} then valid_to end as valid_to
    from folded
    -- What another look on the same day replaced was never known.
    where known_to is null or known_to > known_from
  )
{%- endmacro %}

{# The market intervals of one source: a price restated or confirmed is another figure. #}
{% macro market_intervals(source_id) -%}
  {{ intervals_as_of(
      source_id,
      key=[
          'zone_label', 'sector', 'resolution', 'auction', 'interval_start', 'interval_end', 'timezone', 'price_unit'
      ],
      figure=['price', 'data_status']
  ) }}
{%- endmacro %}

{# The months of retail sales of one source, in US cents: a printed digit that differs is another figure. #}
{% macro retail_months(source_id) -%}
  {{ intervals_as_of(
      source_id,
      key=['zone_label', 'sector', 'interval_start', 'interval_end', 'price_unit'],
      figure=['price', 'sales_mwh', 'revenue_kusd', 'data_status']
  ) }}
{%- endmacro %}
