-- Hub prices of US markets, with every restatement a look showed.
select * from {{ market_intervals('gridstatus_hubs') }}
