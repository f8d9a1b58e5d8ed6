{# Groups of the model in which more items than the share carry the flag, with both counts. #}
{% test flagged_in_at_most_a_share(model, flag, item, per, share) %}
select
    {{ per }},
    count(distinct {{ item }}) as items,
    count(distinct {{ item }}) filter ({{ flag }}) as flagged
from {{ model }}
group by {{ per }}
having count(distinct {{ item }}) filter ({{ flag }}) > {{ share }} * count(distinct {{ item }})
{% endtest %}
