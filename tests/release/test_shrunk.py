"""Lists that show less than half of their rows stand where a person looks: summary and doctor. Synthetic tables."""

from __future__ import annotations

from pipelines.cli import doctor, summary
from tests.release.synthetic_release import opened, publish

TEXT = "all on 2026-11-20: 6 of 80 rows"


def test_the_summary_and_the_doctor_tell_a_list_that_shrank(home):
    accounts = [("openrouter", TEXT), ("litellm", None)]
    publish(home, "source_account (source_id varchar, shrunk_lists varchar)", accounts)
    with opened(home) as connection:
        (told,) = summary._shrunk(connection)
    assert f"openrouter: {TEXT}" in told
    assert "litellm" not in told
    (finding,) = doctor._shrunk(home)
    assert (finding.level, TEXT in finding.what) == ("note", True)
    assert "rackhour refresh --live --only openrouter" in finding.remedy


def test_a_release_of_an_earlier_version_has_nothing_to_say(home):
    publish(home, "source_account (source_id varchar)")
    with opened(home) as connection:
        assert summary._shrunk(connection) == []
    assert doctor._shrunk(home) == []
