-- noqa: disable=AM04
-- Change-only histories of rents, each counted by the captures of its own group. In the publishers' units.
select * from {{ runs_as_of(source('landing', 'gpu_rental__runs')) }}
