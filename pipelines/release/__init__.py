"""Publishing one audited, immutable release, and reading it: list, compare, roll back, query.

Not here: how tables are made, how they are printed (cli).
"""
