"""A synthetic publisher, added to a copy of the tree as CONTRIBUTING says: entry, module, crosswalk row.

It lists one offer; its price in US cents for eight GPUs rises on the last of three days. Invented, and named so.
Not here: what becomes of its rows (test_new_publisher.py, test_whole_release.py).
"""

from __future__ import annotations

from pathlib import Path

from tests.recipe.tree import append, run

SOURCE = "synthetic_cloud"
ENTRY = "sources/gpu_rental/source.yml"
MODULE = f"sources/gpu_rental/{SOURCE}.py"
CROSSWALK = "dbt_project/seeds/xwalk_rental_provider.csv"
FILES = {ENTRY, MODULE, CROSSWALK}
"""The whole recipe for a publisher."""

_ENTRY = """
  synthetic_cloud:
    title: Synthetic price list of this test
    publisher: nobody (synthetic)
    licence: none
    cadence_days: 1
    grade: A
    unit: US cents per instance-hour
    known_basis: first_seen
    connector: synthetic_cloud
    live: https://synthetic.invalid
    shape: snapshots
    payloads: append
"""
_MODULE = '''"""Synthetic: a list of offers, cents per instance-hour. Not here: anything real."""

from collections.abc import Iterator

import polars as pl

from sources.client import Client
from sources.gpu_rental import list_rows
from sources.payload import Payload
from sources.registry import SourceSpec


def fetch_live(spec: SourceSpec, client: Client) -> Iterator[Payload]:
    """The list of today."""
    yield client.get("/offers", kind="json").payload(spec.source_id)


def parse(payload: Payload) -> pl.DataFrame:
    """One row per offer."""
    return list_rows.numbered(payload, list_rows.document(payload), grade="A")
'''
_ROW = "synthetic cloud,synthetic_cloud,Synthetic Cloud,neocloud\n"

OFFER = {
    "provider_label": "Synthetic Cloud",
    "gpu_label": "H100",
    "gpu_memory_gb": 80,
    "gpu_count": 8,
    "sku_label": "s8",
    "commitment": "on_demand",
    "price_unit": "usc_per_instance_hour",
    "price": 1600,
}
_LAND = f"""
import json, sys
from pathlib import Path
from pipelines.home.places import Home
from pipelines.landing import intake
from sources.payload import Payload
from sources.registry import all_sources

home = Home(Path(sys.argv[1]))
home.ensure()
days = {{"2026-11-01": 1600, "2026-11-02": 1600, "2026-11-05": 2000}}
payloads = []
for day, cents in days.items():
    content = json.dumps([{{**{OFFER!r}, "price": cents, "note": day}}]).encode()
    payloads.append(Payload("synthetic_cloud", "synthetic", content, "application/json", day))
intake.land_payloads(all_sources()["synthetic_cloud"], home, payloads)
"""


def add_entry_and_module(tree: Path) -> None:
    """The first two files of the recipe."""
    append(tree, ENTRY, _ENTRY)
    (tree / MODULE).write_text(_MODULE, encoding="utf-8")


def map_its_name(tree: Path) -> None:
    """The third: who "Synthetic Cloud" is."""
    append(tree, CROSSWALK, _ROW)


def land_three_days(tree: Path, home: Path) -> None:
    """Its lists of three days, landed in the home: 16, 16 and 20 USD an hour for eight GPUs."""
    run(tree, "-c", _LAND, str(home))
