"""The wiring: publishers, dbt nodes, marts and the release as assets of one Dagster graph, each with its checks.

Factories find what is there (source.yml entries, the parsed dbt project, mart modules): adding one adds no line
here. Not here: any work; every asset calls one function of another room and shows what it gave back.
"""
