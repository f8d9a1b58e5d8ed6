"""The build database: landing laid out for dbt, dbt inside this process, and the one reader of core.

Not here: SQL models (dbt_project), arithmetic (economics, marts), publishing (release).
"""
