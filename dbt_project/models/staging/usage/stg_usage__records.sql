-- noqa: disable=AM04
-- How busy machines were and what they were asked, known by the as-of day.
select * from {{ records_as_of(source('landing', 'usage__records')) }}
