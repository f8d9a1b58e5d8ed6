"""The panels read as indices: the committed files are what the recorder writes; a euro list gives one euro price."""

from __future__ import annotations

import polars as pl
import pytest

from sources.recorders import gpu_panels
from sources.registry import all_sources


@pytest.mark.shared
@pytest.mark.parametrize("source_id", gpu_panels.PANELS)
def test_the_committed_files_are_what_the_recorder_writes(shared, source_id, tmp_path):
    path = tmp_path / f"{source_id}.csv"
    gpu_panels.record(gpu_panels.PANELS[source_id](shared)).write_csv(path)
    assert path.read_bytes() == (gpu_panels.FOLDER / path.name).read_bytes()


def test_every_row_passes_its_contract():
    for source_id in gpu_panels.PANELS:
        spec = all_sources()[source_id]
        rows = pl.read_csv(gpu_panels.FOLDER / f"{source_id}.csv", infer_schema=False)
        assert spec.load_contract().validate(rows, source_id).rejected.is_empty()


def test_a_list_in_euro_hardly_moves_in_euro():
    """The tracker's dollar price over the central bank's rate of the business day before is one euro price an offer.

    One reading apart: on Monday 2026-08-17 the tracker had that day's own rate already.
    """
    rows = pl.read_csv(gpu_panels.FOLDER / "gpu_panel_h100_sxm_on_demand.csv").filter(list_currency="EUR")
    euro = rows.with_columns(euro=pl.col("price") / pl.col("fx_rate"))
    off = euro.filter((pl.col("euro") / pl.col("euro").median().over("gpu_count") - 1).abs() > 2e-5)
    assert off["valid_from"].to_list() == ["2026-08-17"]
    assert (off["euro"] * off["fx_rate"] / 1.1593 - 3.3099).abs().max() < 1e-4
    assert (euro["price"].max() / euro.filter(gpu_count=2)["price"].min()) > 1.029, "the dollar price moved by 2.9%"
