"""docs/explain.md, the printed tree of one row of each mart: `RACKHOUR_HOME=... python -m docs.make_explain`.

Not here: what the trees say; that is the marts' own code (pipelines/explain).
"""

from __future__ import annotations

from pathlib import Path

from pipelines import query
from pipelines.catalogue import marts
from pipelines.explain.explaining import explain, figures
from pipelines.explain.text import as_text
from pipelines.home import Home

TARGET = Path(__file__).parent / "explain.md"

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

HEAD = """# How a figure came about

`rackhour explain MART` shows any row of any mart as a tree: the formula of the figure, each operand with unit and
range, and what each rests on. It is read from a trace of the mart's own code
(docs/adr/0010-how-a-figure-came-about.md), so it cannot say anything else than what was computed.

- A **formula** line shows value, unit, low and high, then what the formula says and where it comes from.
- `core.TABLE` is a row of the warehouse: who asked which price, when it held, since when it is known, its grade (A own
  statement, B a collector, C an estimate or document), the citation, and any correction.
- `document` is a figure a document prints (000:43, see docs/documents/README.md); `stated` is a figure another
  publisher states; `ASSUMPTION of rackhour` is our choice, with its reason; `set by the mart` is a choice of the
  mart, with its reason.
- `--figure COLUMN` takes another figure, `all` every one; `--depth N` cuts the tree; `--format json` gives the same
  tree whole. There is no site yet: the JSON is what its pages will read.

The rows below are printed by `python -m docs.make_explain` from one release, as of {as_of}. They change with the data.
"""


def page(home: Home) -> str:
    """The whole page."""
    connection = query.connect(home)
    as_of = connection.sql("select max(as_of_date) from rackhour.core.calendar").fetchall()[0][0]
    parts = [HEAD.format(as_of=as_of)]
    for name, module in marts().items():
        if not figures(module.SCHEMA):
            continue  # it lists or counts; there is nothing to explain
        where = ROWS.get(name)
        asked = f'rackhour explain {name} --where "{where}"' if where else f"rackhour explain {name}"
        told = as_text(explain(connection, name, where))
        parts.append(f"## {name}\n\n```\n$ {asked}\n{told}```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    TARGET.write_text(page(Home.from_environment()), encoding="utf-8")
    print(f"{TARGET.name} written")
