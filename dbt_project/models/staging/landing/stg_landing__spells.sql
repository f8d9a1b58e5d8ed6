-- Which payload a group of items showed from when to when, of every source whose payloads pile up.
{{ config(materialized='table') }}
select * from {{ look_spells() }}
