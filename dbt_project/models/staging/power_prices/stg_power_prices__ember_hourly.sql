-- Day-ahead prices of countries by hour, from Ember, with every restatement a look showed.
select * from {{ market_intervals('ember_hourly') }}
