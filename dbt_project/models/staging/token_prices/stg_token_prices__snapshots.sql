-- noqa: disable=AM04
-- Lists of today's token prices: one row per spell in which consecutive readings show one figure. In their own units.
-- Where a list dates its figures, a dated one keeps its day, and one that a reading drops is restated.
select * from {{ snapshots_as_of(source('landing', 'token_prices__snapshots')) }}
