-- noqa: disable=AM04
-- Dated rents; they hold for the days they state. In the publishers' units.
select * from {{ records_as_of(source('landing', 'gpu_rental__records')) }}
