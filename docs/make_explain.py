"""docs/built/explain.md, the printed tree of one row of each mart, from a published release.

A few rows of core follow.

Not here: what the trees say; that is the marts' own code (pipelines/explain).
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from pipelines.explain.explaining import explain, figures
from pipelines.explain.text import as_text
from pipelines.home import progress
from pipelines.home.places import Home
from pipelines.mart_kit.all_marts import marts
from pipelines.release import query

PAGES = ("explain.md",)

ROWS = {
    "buy_vs_rent": "gpu = 'H100 SXM' and reading = 'professional'",
    "capability_frontier": (
        "benchmark = 'aider_polyglot' and threshold = 60 and model_class = 'all' and blend = 'input_output_3_1' "
        "and as_of_date = '2026-09-30'"
    ),
    "claim_check": "verdict = 'reproduced' and kind = 'derived'",
    "gpu_hour_margin": (
        "gpu = 'H100 SXM' and market = 'us_average' and commitment = 'on_demand' and rent_basis = 'headline_all'"
    ),
    "inconsistency_check": "inconsistency_id = 'I-01'",
    "model_result": "model_id = 'M08' and line = 'ladder_tokens_per_s' and value > 5000",
    "price_deflation": "segment = 'gpu_rental/H100 SXM/on_demand' and output = 'multilateral' and window_months = 0",
    "price_index": "segment = 'gpu_rental/H100 SXM/on_demand' and output = 'chained' and period = '2026-03-01'",
    "revenue_per_mw": "gpu = 'H100 SXM' and market = 'us_average' and reading = 'professional' and mw_basis = 'it'",
    "scenario_result": "scenario = 'stress_power' and mart = 'gpu_hour_margin' and difference <> 0",
    "token_margin": "model = 'deepseek-r1' and reading = 'professional' and cost_stack = 'owned_colo'",
}
"""Which row is shown, where the first one is not the one most people would ask for."""

CORE_ROWS = {
    "core.headline_rate": "gpu = 'H100 SXM' and commitment = 'on_demand' and provider_tier = 'all'",
    "core.throughput_median": "gpu = 'H200' and model = 'llama-2-70b' and scenario = 'Server'",
    "core.fct_token_price": "provider = 'deepseek' and token_kind = 'output' and processing = 'standard'",
}
"""Rows of core: one made of observations of many sellers, one of a benchmark, one that is an observation itself."""

HEAD = """# How a figure came about

`rackhour explain TABLE` shows any row of any mart as a tree: the formula of the figure, each operand with unit and
range, and what each rests on. It is read from a trace of the mart's own code
([ADR 0010](../adr/0010-how-a-figure-came-about.md)), so it cannot say anything else than what was computed.

A row of a core table (`core.headline_rate`, `core.token_price_asof`, `core.fct_gpu_rental_rate`) shows its columns with
what they mean, and the observations it was made of. A name without schema is a mart, else a core table.

- A **formula** line shows value, unit, low and high, then what the formula says and where it comes from.
- `core.TABLE` is a row of the warehouse: who asked which price, when it held, since when it is known, its grade (A own
  statement, B a collector, C an estimate or document), the citation, and any correction.
- `document` is a figure a document prints (000:43: [how to read it](../documents/README.md)); `stated` is a figure
  another publisher states; `ASSUMPTION of rackhour` is our choice, with its reason; `set by the mart` is a choice of
  the mart, with its reason.
- `--where` is one condition on the table's columns, such as `gpu in ('H100 SXM', 'H200') and is_stale`. It holds no
  subquery. Where several rows match, the newest is shown.
- An observation ends at the kept payload and the row in it, where the release says them.
- `--figure COLUMN` takes another figure, `all` every one; `--depth N` cuts the tree; `--format json` gives the same
  tree whole.

The rows below are printed by `make docs` from the published release, as of {as_of}. They change with the data.
"""


def page(home: Home, tables: Collection[str] | None = None) -> str:
    """The page with one row of each mart and of CORE_ROWS, or of these tables alone."""
    connection = query.connect(home)
    as_of = connection.sql("select max(as_of_date) from rackhour.core.calendar").fetchall()[0][0]
    parts = [HEAD.format(as_of=as_of)]
    for name, module in marts().items():
        if not figures(module.SCHEMA):
            continue  # it lists or counts; there is nothing to explain
        if tables is not None and name not in tables:
            continue
        progress.begin("explain", name)
        where = ROWS.get(name)
        asked = f'rackhour explain {name} --where "{where}"' if where else f"rackhour explain {name}"
        told = as_text(explain(connection, name, where))
        parts.append(f"## {name}\n\n```\n$ {asked}\n{told}```\n")
    for name, where in CORE_ROWS.items():
        if tables is not None and name not in tables:
            continue
        progress.begin("explain", name)
        told = as_text(explain(connection, name, where))
        parts.append(f'## {name}\n\n```\n$ rackhour explain {name} --where "{where}"\n{told}```\n')
    return "\n".join(parts)


def write(home: Home, folder: Path) -> None:
    """Write the page."""
    (folder / PAGES[0]).write_text(page(home), encoding="utf-8")
