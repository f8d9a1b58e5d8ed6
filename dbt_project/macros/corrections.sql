{# How a person's decisions (stg_corrections__acting) change a figure and a verdict. Rules speak first, people last. #}

{# The figure that stands: set by hand, scaled by hand, or as published. Null stays null. #}
{% macro corrected_price(published, correction='correction') -%}
    coalesce({{ correction }}.set_price, {{ published }} * coalesce({{ correction }}.multiply_price_by, 1))
{%- endmacro %}

{# The reason a row is set aside, or null. `by_rule` is the first rule it broke, or null. #}
{% macro verdict(by_rule, correction='correction') -%}
    case
        when {{ correction }}.verdict = 'reject' then {{ correction }}.reason_code
        when
            {{ correction }}.verdict = 'release'
            and ({{ correction }}.reason_code is null or {{ correction }}.reason_code = {{ by_rule }})
            then null
        else {{ by_rule }}
    end
{%- endmacro %}

{# What the verdict rests on: the person's reason where a person decided, else the rule's own evidence. #}
{% macro evidence(by_rule, rule_evidence, correction='correction') -%}
    case
        when {{ correction }}.verdict = 'reject'
            then 'correction ' || {{ correction }}.verdict_correction_id || ': ' || {{ correction }}.verdict_reason
        when {{ verdict(by_rule, correction) }} is not null then {{ rule_evidence }}
    end
{%- endmacro %}

{# The corrections that changed a row, by id; null where none did. #}
{% macro correction_ids(by_rule, correction='correction') -%}
    nullif(
        concat_ws(
            ', ',
            {{ correction }}.figure_correction_id,
            case
                when coalesce({{ verdict(by_rule, correction) }}, '') <> coalesce({{ by_rule }}, '')
                    then {{ correction }}.verdict_correction_id
            end
        ),
        ''
    )
{%- endmacro %}
