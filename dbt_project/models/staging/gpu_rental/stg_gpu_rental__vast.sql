-- noqa: disable=AM04
-- Vast's marketplace by GPU, country and way of renting, one row per change of its quartile or range. USD per GPU-hour.
{% set market = '(select * from ' ~ ref('stg_gpu_rental__market') ~ " where source_id = 'vast')" -%}
select * exclude (known_to, offer_count)
from {{ snapshots_as_of(market, stands_for='offer_count') }}
