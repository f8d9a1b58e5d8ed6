{#
  The version a benchmark's label names, and the effort it was asked with: Epoch AI writes the effort or the budget of
  thinking behind the version ("o3-2025-04-16_high", "claude-sonnet-4-20250514_16K"; "_unknown" where it is not known). A copy run at
  home ("ollama/...", mostly of fewer bits) keeps its whole label: nobody sells it.
#}
{% macro effort_pattern() -%}
    '_(none|minimal|low|medium|high|xhigh|max|thinking|unknown|[0-9]+[kK])$'
{%- endmacro %}

{# The last part of a label in small letters; the numbers of a Claude with a dash, as Anthropic's own list has them. #}
{% macro benchmark_version(label) -%}
    case
        when {{ label }} like 'ollama/%' then lower({{ label }})
        else regexp_replace(
            regexp_replace(
                lower(regexp_replace({{ label }}, {{ effort_pattern() }}, '')), '^[^ ]*/([^/ ]+)$', '\1'
            ),
            '^(claude-.*\d)\.(\d)',
            '\1-\2'
        )
    end
{%- endmacro %}

{% macro benchmark_effort(label) -%}
    nullif(nullif(lower(regexp_extract({{ label }}, {{ effort_pattern() }}, 1)), ''), 'unknown')
{%- endmacro %}

{# The name under which versions (a relation with version_name) are sold: the rules', or the crosswalk's. A copy run at
   home keeps its own. #}
{% macro sold_versions(versions) -%}
  (
    select
        offer.path as version_name,
        case when offer.path like 'ollama/%' then offer.path else coalesce(listed.model, offer.name) end as model
    from {{ model_offers("(select distinct null as provider, null as provider_label, version_name as path from " ~ versions ~ ")") }} as offer
    left join {{ ref('xwalk_model') }} as listed
        on offer.name = listed.model_label and listed.provider is null and listed.first_day is null
  )
{%- endmacro %}
