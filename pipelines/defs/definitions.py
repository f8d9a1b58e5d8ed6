"""What `dg dev` loads: the whole graph, its job and its nightly schedule (`[tool.dg]` in pyproject.toml).

Not here: any asset; pipelines/defs has one module per kind.
"""

import dagster as dg

from pipelines.defs import database, dbt_nodes, landing, loaded, marts, nightly, publishing
from pipelines.defs.resource import BuildResource

defs = dg.Definitions(
    assets=[
        *landing.assets(),
        *loaded.assets(),
        *database.assets(),
        *dbt_nodes.assets(),
        *marts.assets(),
        *publishing.assets(),
    ],
    jobs=[nightly.refresh],
    schedules=[nightly.nightly],
    resources={"build": BuildResource()},
    executor=dg.in_process_executor,  # a build is one process: it holds one lock and one database file
)
