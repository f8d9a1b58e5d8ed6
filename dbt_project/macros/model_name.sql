{#
  The name a label gives a model, without the path before it ("vendor/model", "@cf/vendor/model"), in lower case.
  A label with a blank is a phrase and no path. Versions of Claude are spelled with a dash, as Anthropic's own list
  spells them, where resellers write a point.
#}
{% macro model_name(label) -%}
  case
    when {{ label }} like '% %' then lower({{ label }})
    when regexp_matches(lower({{ label }}), '(^|/)claude-[^/]*$')
      then replace(regexp_extract(lower({{ label }}), '[^/]+$'), '.', '-')
    else regexp_extract(lower({{ label }}), '[^/]+$')
  end
{%- endmacro %}
