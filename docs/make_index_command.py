"""docs/index_command.md from real runs of `rackhour index`: `python -m docs.make_index_command`.

The own table is Turvey's fruit as tests/golden/index_turvey.json holds it; the panels come from the release in
RACKHOUR_HOME. Text is here, every figure comes from the command.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "index_command.md"

HEAD = """# A price index over your own table: `rackhour index`

Printed by `python -m docs.make_index_command` from real runs; the uses of a release are of the embedded data.

`rackhour index PATH --method M` reads a CSV or Parquet file with a row per item and period and prints `period,index`.
It is the code the price marts run (`pipelines/economics/index_numbers`), held against published values in
[index_oracles.md](index_oracles.md). It needs no release.

| `--method` | needs | takes |
|---|---|---|
| `carli`, `dutot`, `jevons` | prices | `--output fixed` (default) or `chained` |
| `laspeyres`, `paasche`, `fisher`, `tornqvist`, `walsh`, `sato-vartia` | prices, quantities | the same |
| `geks` | prices; quantities or `--base jevons` | `--base jevons`, `fisher`, `tornqvist`, `walsh`; windows |
| `tpd`, time product dummy | prices; quantities or `--weights none` | `--weights share`, `value`, `none`; windows |
| `gk`, Geary-Khamis | prices, quantities | windows |
| `tdh`, time dummy hedonic | prices, features | `--features a,b`, `--weights`; windows |

Windows: `--window N` with `--splice mean` (default), `movement`, `window`, `half` or `fixed-base` (moving, or
`--expanding`), `--splice-on recalculated` (default) or `published` levels; without a window, all periods at once. Where
quantities are given, `geks` takes Tornqvist and `tpd` shares by default, else Jevons and no weights.
"""

RULES = """## What it makes of a table

- **Columns** are `item`, `period`, `price` and, where there is one, `quantity`; `--item-col` and so on name others.
  Rows may stand in any order.
- **Periods** are dates, months (`2024-01`), quarters (`2024-Q1`), times or whole numbers, one kind in a file, in the
  order of time. Windows and links count the periods there are; a note says how many months or quarters have no row.
- **Several rows of one item in a period** become their unit value, sum of price x quantity over sum of quantity, and a
  note says how many. Without quantities that is an error: which of them is the price is not for us to say.
- **A row without a price** (empty, `NA`) is an item that was not offered; a note counts them. A price of zero or below
  is an error. A quantity of zero is an item that was offered and not bought.
- **Missing prices** between two sightings of an item: `--missing matched` compares matched items alone (default),
  `carry` takes the last price, `impute` moves it with the others. Nothing is filled before the first sighting or after
  the last.
- **A period that no path of shared items joins to the base** is an empty cell (`null` in JSON), a note on standard
  error names it, and the exit code is 0: the other levels stand. Exit code 1 is a table or options that cannot be used;
  then nothing is printed.
- **Features** belong to the item: they may not change from period to period. Positive numbers enter as logarithms, 0
  and 1 as they are, words as dummies without the first. Features that say the same thing are named.
- `--base-period P` sets level 1 there; a fixed-base index compares with it. Levels have 15 significant digits in CSV
  and JSON.
- `--detail` adds items, matched items, coverage by number and by value. For chained output also how many periods a link
  spans, and the drift: the chain led back to the first period (`circle`, 1 without drift; Walsh's identity test)
  and the chain over GEKS of the same formula. For `tdh` the level corrected for the variance of the estimate,
  `exp(delta - Var(delta)/2)`.

## Mistakes are told
"""


def shell(command: str, folder: Path, keep: int | None = None, fails: bool = False) -> str:
    """A block with the command and what it printed; of more than `keep` lines the middle is left out.

    Raises SystemExit where the command fails, or does not although it should: the page would say what is not so.
    """
    binaries = folder / "bin"
    binaries.mkdir(exist_ok=True)
    program = binaries / "rackhour"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m pipelines.cli "$@"\n')
    program.chmod(0o755)
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    outcome = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if bool(outcome.returncode) != fails:
        raise SystemExit(f"{command}: exit {outcome.returncode}\n{outcome.stderr}")
    lines = (outcome.stderr + outcome.stdout).rstrip("\n").split("\n")
    if keep and len(lines) > keep:
        lines = [*lines[: keep // 2], "...", *lines[-(keep - keep // 2) :]]
    return "\n".join(["```", f"$ {command}", *lines, "```"])


def fruit(path: Path) -> None:
    """Turvey's fruit as a table of rows; fruit out of season has none."""
    found = json.loads((ROOT / "tests" / "golden" / "index_turvey.json").read_text(encoding="utf-8"))
    months = [f"{1970 + n // 12}-{n % 12 + 1:02d}" for n in range(len(found["price"][0]))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["month", "fruit", "price", "sold"])
        for n, month in enumerate(months):
            for item, price, quantity in zip(found["item"], found["price"], found["quantity"], strict=True):
                if price[n] is not None:
                    writer.writerow([month, item, price[n], quantity[n]])


OWN = "rackhour index fruit.csv --item-col fruit --period-col month --quantity-col sold"
SEGMENT = "gpu_rental/H100 SXM/on_demand"
EXPORT = f"""rackhour sql "select strftime(month, '%Y-%m') as period, item, price
    from marts.price_panel join marts.price_panel_item using (item)
    where segment = '{SEGMENT}'
        and month between first_month and last_month and price is not null" --format csv > h100.csv"""
FEATURES = """rackhour sql "select strftime(p.month, '%Y-%m') as period, p.item, p.price, i.unit as seller,
        g.memory_gb, g.memory_bandwidth_gb_s as bandwidth, g.peak_bf16_flop_s as flops
    from marts.price_panel p join marts.price_panel_item i using (item) join core.dim_gpu g
        on g.gpu = split_part(p.item, '|', 3)
    where i.segment = 'gpu_rental/all/on_demand' and p.month between i.first_month and i.last_month
        and p.price is not null and g.memory_gb is not null and g.memory_bandwidth_gb_s is not null
        and g.peak_bf16_flop_s is not null" --format csv > gpus.csv"""
HEDONIC = "rackhour index gpus.csv --method tdh --features memory_gb,bandwidth,flops,seller"


def page(folder: Path) -> str:
    """The page, with the output of every command."""
    fruit(folder / "fruit.csv")
    (folder / "bad.csv").write_text("item,period,price\na,2024-01,2.5\na,2024-02,0\nb,2024-01,4\n", encoding="utf-8")
    return "\n".join(
        [
            HEAD,
            "## A table of one's own",
            "",
            "Turvey's fruit (ILO 1979): five fruits over 48 months, peaches and strawberries in season only.",
            "",
            shell("head -4 fruit.csv", folder),
            "",
            shell(f"{OWN} --method geks --format table", folder, keep=9),
            "",
            "The published last value of GEKS-Tornqvist is 1.476020. Over rolling windows nothing is revised as months"
            " come in;\nwhat the choice of splice does is shown by trying another:",
            "",
            shell(f"{OWN} --method geks --window 25 --splice mean | tail -1", folder),
            shell(f"{OWN} --method geks --window 25 --splice movement | tail -1", folder),
            shell(f"{OWN} --method fisher --output chained --detail --format json | tail -11", folder),
            "",
            "Chained, fruit that leaves dear and comes back cheap is never compared across its absence: the drift is"
            " why there\nare multilateral methods.",
            "",
            "## A panel of the release",
            "",
            "`marts.price_panel` holds every price of every month that enters an index, `marts.price_panel_item` the"
            " segments\nit is in. From an export the command gives what `marts.price_index` has, and any other method.",
            "",
            shell(EXPORT, folder),
            "",
            shell("rackhour index h100.csv --method geks --base jevons --detail --format table", folder, keep=9),
            "",
            shell(
                'rackhour sql "select period, index_level from marts.price_index where segment = '
                f"'{SEGMENT}' and method = 'geks_jevons' and window_months = 0 order by period desc limit 2\"",
                folder,
            ),
            "",
            "## Quality held constant",
            "",
            "Features of the GPU beside each price: the index is what a GPU-hour of the same memory, bandwidth and"
            " compute costs.\n`variance_corrected_index` takes out the bias of an estimate's exponential.",
            "",
            shell(FEATURES, folder),
            shell("rackhour index gpus.csv --method tdh --features memory_gb,bandwidth,flops | tail -3", folder),
            shell(f"{HEDONIC} --detail --format table", folder, keep=9),
            "",
            "With features of the machine alone, sellers who enter with other prices for the same machine read as a"
            " change of\nprices; with the seller among the features they do not. Which of them is meant is the first"
            " thing to say of a\nhedonic index.",
            "",
            RULES,
            shell("rackhour index bad.csv --method jevons", folder, fails=True),
            shell("rackhour index bad.csv --method fisher", folder, fails=True),
            shell("rackhour index fruit.csv --method geks", folder, fails=True),
            shell(f"{OWN} --method geks --window 24 --splice half", folder, fails=True),
            "",
        ]
    )


def main() -> None:
    """Write the page."""
    with tempfile.TemporaryDirectory() as folder:
        TARGET.write_text(page(Path(folder)), encoding="utf-8")


if __name__ == "__main__":
    main()
