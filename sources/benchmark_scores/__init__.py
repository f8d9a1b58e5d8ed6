"""Benchmark scores: what models reached on tests, and what the run cost. Not here: prices in force, frontiers."""
