-- Day-ahead prices of countries by UTC day, from Ember, with every restatement a look showed.
select * from {{ market_intervals('ember_daily') }}
