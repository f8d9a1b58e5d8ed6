{#
  How a price is judged by magnitude, the same for tokens and rents. Every macro reads relations with the columns
  observation_id, item (what one source prices, by its keys), thing (the same across sources), publisher (whose list
  it is; two files of one list do not confirm each other), price, valid_from, valid_to, known_from, last_observed and observation_count.

  A row is compared with what was known before it, so that a later day does not change an earlier verdict. Two
  exceptions: of two prices with hardly any history nothing says which is wrong, so both are doubted until one has been
  seen often enough; and a publisher that confirms a new level may do so later (confirmed).
#}

{#
  Each row of `rows` beside the other prices of its item in `base`, weighted by how often each had been seen.
    history_price  the weighted median of what was known before the row
    history_count  observations behind it
    apart          how far the nearest other price of the item lies, whenever known: a ratio of at least 1
    apart_before   the same among those known before the row
    own_count      observations of the row itself while none of the others stood
  Prices seen side by side count once: how often each had been seen by then is not recorded.
#}
{% macro own_history(rows, base) -%}
    select
        observation_id,
        min(other_price) filter (is_before and cumulative_count * 2 >= before_count) as history_price,
        coalesce(max(before_count), 0) as history_count,
        min(other_from) filter (is_before) as history_from,
        max(other_last) filter (is_before) as history_last,
        min({{ ratio('price', 'other_price') }}) as apart,
        min({{ ratio('price', 'other_price') }}) filter (is_before) as apart_before,
        max(own_count) as own_count
    from (
        select
            *,
            sum(other_count) filter (is_before) over (
                partition by observation_id order by other_price, other_id
            ) as cumulative_count,
            sum(other_count) filter (is_before) over (partition by observation_id) as before_count
        from (
            select
                this.observation_id,
                this.price,
                other.observation_id as other_id,
                other.price as other_price,
                other.valid_from as other_from,
                other.last_observed as other_last,
                other.known_from <= this.known_from as is_before,
                case when other.last_observed < this.known_from then other.observation_count else 1 end as other_count,
                case
                    when this.last_observed < other.known_from or other.last_observed < this.known_from
                        then this.observation_count
                    else 1
                end as own_count
            from {{ rows }} as this
            inner join {{ base }} as other
                on this.item = other.item and this.observation_id <> other.observation_id
        ) as beside
    ) as counted
    group by observation_id
{%- endmacro %}

{# Rows of `rows` whose price another publisher states for the same thing while it holds, within the tolerance. #}
{% macro confirmed(rows, base, tolerance) -%}
    select distinct this.observation_id
    from {{ rows }} as this
    inner join {{ base }} as other
        on
            this.thing = other.thing
            and this.publisher <> other.publisher
            and this.valid_from < coalesce(other.valid_to, date '9999-12-31')
            and other.valid_from < coalesce(this.valid_to, date '9999-12-31')
            and abs(other.price / this.price - 1) <= {{ tolerance }}
{%- endmacro %}

{#
  Rows that moved by one factor with most of what their seller lists, on one day and in one source.
    sellers  SQL texts over `base`, each naming whose offers move together
    offer    SQL over `base` that names an offer; its kinds of price are one offer
    rule     relation of one row: jump_multiple, jump_tolerance, jump_minimum (offers), jump_share
#}
{% macro jumped_together(base, sellers, offer, rule) -%}
    with moves as (
        {% for seller in sellers %}
        select
            observation_id,
            source_id,
            {{ seller }} as seller,
            {{ offer }} as offer,
            valid_from,
            coalesce(valid_to, date '9999-12-31') as until_day,
            price / lag(price) over (partition by item order by valid_from, known_from, observation_id) as factor
        from {{ base }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
    ),

    large as (
        select moves.*
        from moves
        cross join {{ rule }} as rule
        where greatest(moves.factor, 1 / moves.factor) >= rule.jump_multiple
    ),

    together as (
        select
            this.observation_id,
            this.source_id,
            this.seller,
            this.valid_from,
            this.factor,
            count(distinct other.offer) as moved_count
        from large as this
        cross join {{ rule }} as rule
        inner join large as other
            on
                this.source_id = other.source_id
                and this.seller = other.seller
                and this.valid_from = other.valid_from
                and abs(this.factor / other.factor - 1) <= rule.jump_tolerance
        group by this.observation_id, this.source_id, this.seller, this.valid_from, this.factor, rule.jump_minimum
        having count(distinct other.offer) >= rule.jump_minimum
    ),

    listed as (
        select
            day.source_id,
            day.seller,
            day.valid_from,
            count(distinct moves.offer) as offer_count
        from (select distinct source_id, seller, valid_from from together) as day
        inner join moves
            on
                day.source_id = moves.source_id
                and day.seller = moves.seller
                and day.valid_from >= moves.valid_from
                and day.valid_from < moves.until_day
        group by day.source_id, day.seller, day.valid_from
    )

    select
        together.observation_id,
        together.factor,
        together.seller,
        together.moved_count,
        listed.offer_count
    from together
    cross join {{ rule }} as rule
    inner join listed
        on
            together.source_id = listed.source_id
            and together.seller = listed.seller
            and together.valid_from = listed.valid_from
    where together.moved_count > rule.jump_share * listed.offer_count
    qualify row_number() over (partition by together.observation_id order by together.moved_count desc, together.seller) = 1
{%- endmacro %}

{#
  The steps of judging by history, as a list of named queries for a model whose relations are `rule` (one row: factor_tolerance,
  history_minimum, own_multiple, pair_multiple, jump_...) and `factors` (value). They end in
    history_reading  rows that their history speaks against: rule_history and what own_history says
    jumped           rows of `base` that moved with a whole list
    jump_confirmed   those of them that another publisher confirms
  A history is read three times: what it speaks against the first time is no yardstick the second, when a price returns
  to where it stood; what returned is a yardstick the third.
#}
{% macro judged_by_history(base, sellers, offer) -%}
far_apart as (
    -- Items whose prices never lie far apart need no history.
    select base.*
    from {{ base }} as base
    cross join rule
    qualify
        max(base.price) over (partition by base.item) / min(base.price) over (partition by base.item)
        >= (select min(factors.value) from factors) * (1 - rule.factor_tolerance)
),

confirmed as (
    {{ confirmed('far_apart', base, '(select factor_tolerance from rule)') }}
),

{% for turn in ['first', 'second', 'history'] %}
    {{ turn }}_reading as (
        select
            history.*,
            history.history_count >= rule.history_minimum as has_history,
            {{ 'true' if loop.first else 'history.apart_before >= smallest.factor * (1 - rule.factor_tolerance)' }} as is_apart,
            {{ ratio('this.price', 'history.history_price') }} as history_ratio,
            case
                when has_history and is_apart and factors.value is not null
                    then 'unit_factor_' || cast(factors.value as integer)
                when has_history and is_apart and history_ratio >= rule.own_multiple
                    then 'far_from_its_own_history'
                -- Hardly any history on either side: nothing says which is wrong.
                when
                    not has_history
                    and history.own_count < rule.history_minimum
                    and history.apart >= rule.pair_multiple
                    then 'far_from_its_own_history'
            end as rule_history
        from ({{ own_history('far_apart', 'far_apart' if loop.first else 'after_' ~ loop.previtem) }}) as history
        inner join far_apart as this on history.observation_id = this.observation_id
        anti join confirmed on history.observation_id = confirmed.observation_id
        cross join rule
        cross join (select min(value) as factor from factors) as smallest
        left join factors
            on abs({{ ratio('this.price', 'history.history_price') }} / factors.value - 1) <= rule.factor_tolerance
        where rule_history is not null
        qualify
            row_number() over (
                partition by history.observation_id order by abs(history_ratio / factors.value - 1)
            ) = 1
    ),

    after_{{ turn }} as (
        select far_apart.*
        from far_apart
        anti join {{ turn }}_reading as reading
            on far_apart.observation_id = reading.observation_id and reading.has_history
    ),

{% endfor %}
settled as (
    select base.*
    from {{ base }} as base
    anti join history_reading on base.observation_id = history_reading.observation_id
),

jumped as (
    {{ jumped_together('settled', sellers, offer, 'rule') }}
),

jump_confirmed as (
    {{ confirmed('(from settled semi join jumped using (observation_id))', 'settled', '(select jump_tolerance from rule)') }}
)
{%- endmacro %}

{# A figure as evidence shows it: six digits. #}
{% macro shown(figure) -%}
    format('{:.6g}', cast({{ figure }} as double))
{%- endmacro %}

{# How far two prices lie apart, as a ratio of at least 1. #}
{% macro ratio(one, other) -%}
    greatest({{ one }} / {{ other }}, {{ other }} / {{ one }})
{%- endmacro %}

{# What a row's history says, as text; `history` is a reading of own_history with history_ratio. #}
{% macro history_evidence(history) -%}
    case
        when {{ history }}.history_price is null
            then 'every other price of the item lies at least ' || {{ shown(history ~ '.apart') }} || ' times away'
        else
            'median ' || {{ shown(history ~ '.history_price') }} || ' of ' || cast({{ history }}.history_count as integer)
            || ' earlier observations, ' || {{ history }}.history_from || ' to ' || {{ history }}.history_last || '; ratio '
            || {{ shown(history ~ '.history_ratio') }}
    end
{%- endmacro %}

{# What moved together, as text; `jumped` is a row of jumped_together. #}
{% macro jump_evidence(jumped, day) -%}
    {{ jumped }}.moved_count || ' of ' || {{ jumped }}.offer_count || ' offers on ' || {{ jumped }}.seller
    || ' moved by the factor ' || {{ shown(jumped ~ '.factor') }} || ' on ' || {{ day }}
{%- endmacro %}
