"""Figures held against each other, whatever they are of: plain arithmetic, differences, counts of claims.

A folder beside the subjects because its formulas belong to none of them. Not here: figures with a meaning of their own.
"""
