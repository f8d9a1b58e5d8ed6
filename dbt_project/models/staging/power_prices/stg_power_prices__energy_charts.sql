-- Day-ahead prices of bidding zones from Energy-Charts, with every restatement a look showed.
select * from {{ market_intervals('energy_charts') }}
