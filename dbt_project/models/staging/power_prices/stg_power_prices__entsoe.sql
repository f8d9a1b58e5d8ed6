-- Day-ahead prices of bidding zones from ENTSO-E, with every restatement a look showed.
select * from {{ market_intervals('entsoe') }}
