"""What hardware serves and what a served token costs: throughput, cost, factories. Not here: list prices of tokens."""
