"""Every dbt model, seed and source says what a row of it is."""

from __future__ import annotations

from pipelines.defs import dbt_nodes
from sources.registry import all_sources


def test_every_model_and_seed_has_a_description():
    """A staging view of one source is described by that source's entry in source.yml."""
    described_elsewhere = {f"stg_{spec.family}__{source_id}" for source_id, spec in all_sources().items()}
    bare = [
        node["original_file_path"]
        for node in dbt_nodes.manifest()["nodes"].values()
        if node["resource_type"] in ("model", "seed")
        and not node["description"].strip()
        and node["name"] not in described_elsewhere
    ]
    assert bare == [], "add a line to the yml beside it: first what one row is"


def test_every_landing_table_has_a_description():
    bare = [node["name"] for node in dbt_nodes.manifest()["sources"].values() if not node["description"].strip()]
    assert bare == []
