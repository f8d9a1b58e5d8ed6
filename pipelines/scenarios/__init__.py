"""Scenarios: named sets of changed inputs, and what they change in the marts.

A scenario is a function of core tables: it gives them back with values replaced, and every mart is built from them by
its own code. Not here: formulas, and any value (sources/assumptions/scenarios).
"""
