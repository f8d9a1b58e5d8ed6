"""What families and sources declare of themselves: items, figures, units, shapes. Not here: what staging does."""

from __future__ import annotations

import pytest

from pipelines.warehouse import family_views
from sources import registry
from sources.contract import Contract, Observation
from sources.errors import SourceError
from sources.gpu_rental.contract import CONTRACTS, PRICE_UNITS
from sources.registry import all_sources
from tests.sources.test_client import SYNTHETIC


def test_every_live_list_declares_what_names_an_item_and_what_the_figure_is():
    for spec in all_sources().values():
        if spec.shape == "snapshots":
            contract = spec.load_contract()
            assert contract.item, f"{spec.family}/{spec.contract} declares no item"
            assert contract.figure, f"{spec.family}/{spec.contract} declares no figure"
            assert not set(contract.item) & set(contract.figure)


def test_an_item_that_is_no_column_is_refused():
    with pytest.raises(ValueError, match="no column gpu_name"):
        Contract(Observation, item=("gpu_name",))


def test_every_unit_of_a_rent_is_the_familys_or_is_converted_to_one():
    contract = CONTRACTS["observation"]
    converted = {unit.name for unit in contract.price_units}
    assert {unit.to for unit in contract.price_units} <= set(PRICE_UNITS) - converted
    # GPUs without their machine have no price per hour of a whole GPU: labelled gives them none.
    assert set(PRICE_UNITS) - converted == {
        "usd_per_gpu_hour",
        "usd_per_instance_hour",
        "usd_per_gpus_without_machine_hour",
    }


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"shape": "snapshots", "payloads": "replace"}, "shape snapshots with payloads replace"),
        ({"shape": "records", "payloads": "append"}, "shape records with payloads append"),
        ({"shape": "records", "contract": "capture"}, "shape records with contract capture"),
        ({"shape": "runs"}, "no source synthetic_captures holds its captures"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused_by_name(entry, message):
    stated = {"payloads": "replace", "contract": "observation", **entry}
    spec = registry.SourceSpec(**{**SYNTHETIC, "source_id": "synthetic", **stated})
    with pytest.raises(SourceError, match=message):
        registry._check_shape(spec, {spec.source_id: spec})


def test_every_source_but_calendars_is_in_one_view_of_its_family_or_in_its_own():
    shared = [spec.source_id for view in family_views.shared_views() for spec in view.specs]
    own = [s.source_id for s in all_sources().values() if s.staging == "own" and s.shape != "captures"]
    calendars = [s.source_id for s in all_sources().values() if s.shape == "captures"]
    assert sorted([*shared, *own, *calendars]) == sorted(all_sources())
