"""Assumptions: operands the documents state, and choices of ours where nobody observes. Not here: any result."""
