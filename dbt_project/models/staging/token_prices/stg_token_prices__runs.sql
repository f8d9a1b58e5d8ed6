-- noqa: disable=AM04
-- Change-only histories of token prices, counted by their captures. In their own units.
select * from {{ runs_as_of(source('landing', 'token_prices__runs')) }}
