{#
  The version a benchmark's label names, and the effort it was asked with: Epoch AI writes the effort or the budget of
  thinking behind the version ("o3-2025-04-16_high", "claude-sonnet-4-20250514_16K"). A copy run at home ("ollama/...",
  mostly of fewer bits) keeps its whole label: nobody sells it.
#}
{% macro effort_pattern() -%}
    '_(none|minimal|low|medium|high|xhigh|max|thinking|[0-9]+[kK])$'
{%- endmacro %}

{% macro benchmark_version(label) -%}
    case
        when {{ label }} like 'ollama/%' then lower({{ label }})
        else {{ model_name("regexp_replace(" ~ label ~ ", " ~ effort_pattern() ~ ", '')") }}
    end
{%- endmacro %}

{% macro benchmark_effort(label) -%}
    nullif(lower(regexp_extract({{ label }}, {{ effort_pattern() }}, 1)), '')
{%- endmacro %}
