"""Fetching publishers, keeping what they sent as it came, and judging every row; users' own files and history too.

Not here: what a payload means (sources), names and units (dbt_project).
"""
