-- noqa: disable=AM04
-- What sources say of a chip and its server, known by the as-of day.
select * from {{ records_as_of(source('landing', 'hardware__records')) }}
