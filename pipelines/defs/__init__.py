"""The wiring: publishers, dbt nodes, marts and the release as assets of one Dagster graph, each with its checks.

Factories find what is there (source.yml entries, the parsed dbt project, mart modules): adding one adds no line
here. Not here: any work; every asset calls one function of another room and shows what it gave back.
"""

import os

# Index numbers solve many small systems: BLAS threads only wait for each other there (0.7 s became 6 s on two busy
# cores), and how a sum is split among them may change its last digit. Read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
