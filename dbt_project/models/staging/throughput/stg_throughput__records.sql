-- noqa: disable=AM04
-- Throughputs of systems as their publishers state them, known by the as-of day.
select * from {{ records_as_of(source('landing', 'throughput__records')) }}
