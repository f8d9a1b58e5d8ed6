-- noqa: disable=AM04
-- Scores as their publishers state them, known by the as-of day.
select * from {{ records_as_of(source('landing', 'benchmark_scores__records')) }}
