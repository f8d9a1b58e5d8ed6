-- noqa: disable=AM04
-- Dated token prices. In their own units.
select * from {{ records_as_of(source('landing', 'token_prices__records')) }}
