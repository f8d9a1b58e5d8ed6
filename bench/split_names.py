"""Models in force under more than one name: counted on a release, by a rule of its own and not by the product's.

A name is reduced to what its maker could have meant by it: words and numbers in alphabetical order, without who sells
it, where, how fast and in which number format. Names that are one after that are one model, or are told apart by a
person in tests/golden/names_judged_apart.csv. With --loose days of versions and words such as instruct, preview and
latest go too: what is left over is for a person to look through, most of it is rightly apart.

    python -m bench.split_names HOME [--loose]

Not here: the names themselves (dbt_project/seeds/model_label_rule.csv, xwalk_model.csv).
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

import duckdb

APART = Path(__file__).parent.parent / "tests" / "golden" / "names_judged_apart.csv"
MAKERS = "ai21 amazon anthropic cohere deepseek google meta minimax mistral moonshotai nvidia openai qwen xai zai"
PLACES = "apac au eu global gov in jp regional us"
FORMATS = "awq bf16 dynamic fp4 fp8 fp16 gguf hf int4 int8 maas mxfp4 nvfp4"
SPEEDS = "basic fast highspeed ultrafast ultraspeed"
LOOSE = "beta chat exp instruct instant it latest preview turbo versatile"
IN_FORCE = """
select distinct priced.model, coalesce(known.lab, '?'), priced.provider
from core.token_price_asof as priced left join core.dim_model as known on priced.model = known.model
where priced.as_of_date = (select max(as_of_date) from core.token_price_asof)
"""


def reduced(name: str, loose: bool = False) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a name says of the model: its words, sizes among them, and its other numbers in their order."""
    text = re.sub(r"(?<!^ft)[:@].*$", "", name.lower().rpartition("/")[2])
    text = re.sub(r"(?<=\d)[p_](?=\d)", ".", re.sub(r"-v1$|(?<![a-z])v(?=\d)", "", text))
    text = re.sub(rf"(?<![a-z0-9])({FORMATS.replace(' ', '|')})(?![a-z0-9])", " ", text)
    parts = re.findall(r"\d+(?:\.\d+)?[bt](?![a-z])|[a-z]+|\d+", text)
    left_out = set(f"databricks fw {MAKERS} {PLACES} {SPEEDS} {LOOSE if loose else ''}".split())
    words = tuple(sorted(part for part in parts if not part.isdigit() and part not in left_out))
    days = {part for part in parts if loose and re.fullmatch(r"\d{4}|20\d{6}", part)}
    return words, tuple(part for part in parts if part.isdigit() and part not in days)


def split_names(home: Path, loose: bool = False) -> list[dict[str, set[str]]]:
    """Groups of names in force on the release's last day that are one when reduced: name, and who sells under it."""
    groups: dict[object, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    with duckdb.connect(str(home / "current" / "rackhour.duckdb"), read_only=True) as release:
        for model, _, provider in release.sql(IN_FORCE).fetchall():
            groups[reduced(model, loose)][model].add(provider)
    return [dict(sorted(names.items())) for _, names in sorted(groups.items(), key=str) if len(names) > 1]


def judged_apart() -> set[frozenset[str]]:
    """Pairs of names a person has found to be two models."""
    with APART.open(encoding="utf-8", newline="") as file:
        return {frozenset((row["name"], row["other"])) for row in csv.DictReader(file)}


def main(arguments: list[str]) -> int:
    """Print how many there are and which; exit 0."""
    home, loose = Path(arguments[0]), "--loose" in arguments
    groups = split_names(home, loose)
    print(f"{len(groups)} groups of {sum(map(len, groups))} names in force")
    for names in groups:
        print("; ".join(f"{name} ({', '.join(sorted(sellers)[:4])})" for name, sellers in names.items()))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
