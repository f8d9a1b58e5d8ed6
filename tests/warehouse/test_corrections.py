"""A user's own corrections seen by the doctor, the fingerprint and a refresh. Every entry is synthetic."""

from __future__ import annotations

import duckdb

from pipelines.cli.doctor import examine
from pipelines.home.build import Build
from pipelines.home.fingerprint import fingerprint
from sources import corrections


def test_a_file_that_is_not_valid_is_broken_and_named(home):
    home.corrections.mkdir()
    (home.corrections / "gpu_rental.yml").write_text("corrections: [{id: half}]", encoding="utf-8")
    text, healthy = examine(home)
    assert not healthy
    assert "corrections/gpu_rental.yml is not valid" in text


def test_an_id_of_the_package_cannot_be_taken(home):
    home.corrections.mkdir()
    (home.corrections / "gpu_rental.yml").write_text(
        """corrections:
  - {id: gcosts-a2-ultragpu-at-the-40-gb-chip, source_id: gpu_rates_gcosts, match: {provider_label: gcp},
     action: release, reason: a synthetic release, decided_on: 2026-11-20, decided_by: test}""",
        encoding="utf-8",
    )
    text, healthy = examine(home)
    assert not healthy
    assert "ids stand twice: gcosts-a2-ultragpu-at-the-40-gb-chip" in text


def test_a_changed_correction_is_a_new_release(home):
    before = fingerprint(Build(home=home))
    home.corrections.mkdir()
    (home.corrections / "gpu_rental.yml").write_text("corrections: []", encoding="utf-8")
    assert fingerprint(Build(home=home)) != before


def test_the_doctor_counts_what_corrections_change(released_home):
    from pipelines.home.places import Home

    text, _ = examine(Home(released_home))
    acting = corrections.packaged()
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as db:
        changed = db.sql("select count(*) from quarantine.corrected_row").fetchall()[0][0]
    assert changed > 40
    assert f"{len(acting)} corrections (0 of them your own) changed {changed} rows" in text
