"""Panels of prices by item and month, and the deflators made of them: what indices and frontiers stand on.

Not here: index formulas (pipelines/economics/index_numbers), the tables that publish them (pipelines/marts).
"""
