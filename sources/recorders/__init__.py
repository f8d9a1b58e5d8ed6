"""Committed generators of curated CSVs: figures transcribed from captures into our own schema, with citation.

Run by hand (`python -m sources.recorders.NAME --shared PATH`); the product never imports them.
Not here: judgment. What is implausible is recorded as it was published and judged by contract and staging.
"""
