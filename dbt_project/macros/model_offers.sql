{#
  What labels say, by the rules of seed model_label_rule in their order: the model's name, and the terms of the offer
  that the label names beside it (null where it names none).

  labels: a relation of provider (canonical, null where nobody sells), provider_label and path (lower case), each pair of
  provider_label and path once. A rule speaks of a name that holds the text `contains` (a quick look before the pattern)
  and matches the whole `pattern`, at the seller `provider` (canonical, or as one source names it; empty: any). It puts
  `model_name` in its place and `value` into the column it names; \1 and \2 are the pattern's groups.
#}
{% macro model_offers(labels) -%}
  (
    with rules as (
        select
            list(
                struct_pack(
                    provider := provider,
                    contains := coalesce(contains, ''),
                    pattern := pattern,
                    model_name := model_name,
                    column_name := column_name,
                    value := value
                ) order by position
            ) as in_order
        from {{ ref('model_label_rule') }}
    )

    select
        label.provider_label,
        label.path,
        unnest(
            list_reduce(
                rules.in_order,
                (offer, rule) -> case
                    -- Two conditions in one would be tried in any order, the dear one first too.
                    when
                        case
                            when
                                (rule.provider is null or rule.provider in (label.provider, label.provider_label))
                                and contains(offer.name, rule.contains)
                                then regexp_matches(offer.name, rule.pattern)
                        end
                        then struct_pack(
                            name := regexp_replace(offer.name, rule.pattern, rule.model_name)
                            {% for column in ['region', 'quantisation', 'processing', 'route', 'snapshot'] %}
                                , {{ column }} := case
                                    when rule.column_name = '{{ column }}'
                                        then regexp_replace(offer.name, rule.pattern, rule.value)
                                    else offer.{{ column }}
                                end
                            {% endfor %}
                        )
                    else offer
                end,
                struct_pack(
                    name := label.path
                    {% for column in ['region', 'quantisation', 'processing', 'route', 'snapshot'] %}
                        , {{ column }} := cast(null as varchar)
                    {% endfor %}
                )
            )
        )
    from {{ labels }} as label
    cross join rules
  )
{%- endmacro %}
