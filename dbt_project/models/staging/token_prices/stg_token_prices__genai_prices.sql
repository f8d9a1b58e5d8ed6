-- Readings of the list (a release, or a day's live list), folded: a statement that stands unchanged in consecutive
-- readings is one row. A dated statement that a reading drops or changes was restated: it gets a known_to. A
-- statement without a date holds while readings show it, as a capture's does: its price ends with the first reading
-- that shows another, or on the day the list itself gives.
with records as (
    select
        *,
        coalesce(note like 'true start unknown%', false) as is_undated
    from {{ source('landing', 'genai_prices') }}
    where known_from <= {{ as_of() }}
),

-- One reading a day: the last one. A list that came again unchanged was read again.
daily as (
    select *
    from {{ source('landing', 'seen') }}
    where source_id = 'genai_prices' and capture_date <= {{ as_of() }}
    qualify row_number() over (partition by capture_date order by position desc) = 1
),

readings as (
    select
        capture_date as read_on,
        payload_sha256,
        row_number() over (partition by payload_sha256 order by capture_date) = 1 as is_first,
        row_number() over (order by capture_date) as turn,
        lead(capture_date) over (order by capture_date) as next_read_on
    from daily
),

stated as (
    select
        record.* exclude (last_observed),
        reading.turn,
        reading.is_first,
        -- A figure that stood when its payload came stood when it came again.
        case
            when record.last_observed = record.look_date then reading.read_on else record.last_observed
        end as last_observed,
        case when not record.is_undated then record.valid_from end as dated_from,
        case when not record.is_undated then record.valid_to end as dated_to
    from records as record
    inner join readings as reading on record.payload_sha256 = reading.payload_sha256
),

runs as (
    select
        *,
        turn - dense_rank() over (
            partition by
                provider_label,
                model_label,
                token_kind,
                processing,
                tier,
                price_unit,
                price,
                is_undated,
                dated_from,
                dated_to
            order by turn
        ) as run
    from stated
),

folded as (
    select
        first(observation_id order by turn, observation_id) as observation_id,
        first(payload_sha256 order by turn, observation_id) as payload_sha256,
        first(row_number order by turn, observation_id) as row_number,
        count(*) filter (is_first) as landed_rows,
        source_id,
        provider_label,
        model_label,
        last(model_name order by turn, model_name) as model_name,
        token_kind,
        processing,
        tier,
        price,
        price_unit,
        is_undated,
        min(valid_from) as valid_from,
        last(valid_to order by turn, valid_to) filter (valid_to is not null) as stated_to,
        min(known_from) as known_from,
        first(known_basis order by turn, known_basis) as known_basis,
        max(last_observed) as last_observed,
        count(distinct turn) as observation_count,
        min(grade) as grade,
        first(citation order by turn, citation) as citation,
        max(turn) as last_turn
    from runs
    group by
        source_id,
        provider_label,
        model_label,
        token_kind,
        processing,
        tier,
        price,
        price_unit,
        is_undated,
        dated_from,
        dated_to,
        run
)

select
    statement.* exclude (is_undated, stated_to, last_turn, last_observed),
    case
        when statement.stated_to <= {{ as_of() }} then statement.stated_to
        when statement.is_undated then reading.next_read_on
    end as valid_to,
    case when not statement.is_undated then reading.next_read_on end as known_to,
    least(statement.last_observed, {{ as_of() }}) as last_observed
from folded as statement
inner join readings as reading on statement.last_turn = reading.turn
