"""Measured, not asserted: what a refresh, an unchanged re-run and a query cost, and what the floor is.

Times wobble on shared machines: medians and ratios count. Not here: tests.
"""
