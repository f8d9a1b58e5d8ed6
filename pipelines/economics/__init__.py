"""Pure functions of economics: formulas as polars expressions, and index numbers.

Not here: reading or writing anything, tables, scenarios, orchestration.
"""
