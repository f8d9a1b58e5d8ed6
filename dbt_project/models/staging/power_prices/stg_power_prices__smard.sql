-- Day-ahead prices of Germany's zone and its neighbours, from SMARD, with every restatement a look showed.
select * from {{ market_intervals('smard') }}
