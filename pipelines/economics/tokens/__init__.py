"""Prices of tokens: structure, mixes, falls, and what an answer or a month of them costs. Not here: cost of serving."""
