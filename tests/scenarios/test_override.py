"""Changes of inputs: what is written is what happens, and what cannot be is told with the nearest names."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.marts import gpu_hour_margin, revenue_per_mw
from pipelines.scenarios.change import parsed
from pipelines.scenarios.compare import compared, figures, lines, rebuilt
from pipelines.scenarios.errors import ScenarioError
from pipelines.scenarios.files import PACKAGED, overrides_of, written
from pipelines.scenarios.override import applied, override


def schemas(core) -> dict[str, pl.Schema]:
    return {name: table.schema for name, table in core.items()}


def changed(core, *texts: str):
    return applied(core, [override(*text.rsplit("=", 1), schemas(core)) for text in texts])


def utilisation(core) -> tuple[float, float, float]:
    row = core["assumption"].filter(
        (pl.col("assumption_set") == "professional") & (pl.col("parameter") == "utilisation")
    )
    return tuple(row.select("value", "value_low", "value_high").row(0))


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("0.6", (0.6, 0.6, 0.6)),
        ("0.5/0.6/0.65", (0.6, 0.5, 0.65)),
        ("x0.5", (0.35, 0.25, 0.425)),
        ("+0.1", (0.8, 0.6, 0.95)),
        ("-0.1", (0.6, 0.4, 0.75)),
        ("x0.5/0.6/1", (0.42, 0.25, 0.85)),
    ],
)
def test_an_assumption_and_its_ends_change_as_written(core, to, expected):
    assert utilisation(changed(core, f"professional.utilisation={to}")) == pytest.approx(expected)
    assert utilisation(changed(core, f"utilisation={to}")) == pytest.approx(expected)


def test_a_column_changes_where_the_bracket_says_and_nowhere_else(core):
    after = changed(core, "power_price_asof.price_usd_per_kwh[zone=US]=x1.5")["power_price_asof"]
    prices = dict(after.group_by("zone").agg(pl.col("price_usd_per_kwh").unique().first()).iter_rows())
    assert prices == {"US": pytest.approx(0.15), "XX": 0.2}


def test_changes_follow_one_another(core):
    twice = changed(core, "power_price_asof.price_usd_per_kwh=x2", "power_price_asof.price_usd_per_kwh=+0.01")
    assert sorted(set(twice["power_price_asof"]["price_usd_per_kwh"])) == pytest.approx([0.21, 0.41])


@settings(max_examples=30)
@given(times=st.floats(1.5, 50), years=st.floats(0.5, 6))
def test_a_falling_price_is_averaged_over_its_term(times, years):
    steps = 20_000
    mean = sum(times ** -((n + 0.5) * years / steps) for n in range(steps)) / steps
    assert parsed(f"fall:{times}:{years}").base == pytest.approx(mean, rel=1e-4)


def test_a_tenfold_fall_over_three_years_leaves_a_seventh():
    assert parsed("fall:10:3").base == pytest.approx(0.999 / (3 * math.log(10)))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("professional.utilisaton=0.5", "Did you mean: utilisation"),
        ("profesional.utilisation=0.5", "Did you mean: professional"),
        ("power_prices_asof.price_usd_per_kwh=1", "Did you mean: power_price_asof"),
        ("power_price_asof.price_per_kwh=1", "price_usd_per_kwh"),
        ("power_price_asof.price_usd_per_kwh[zone=UX]=1", "Did you mean|There are"),
        ("power_price_asof.price_usd_per_kwh[zne=US]=1", "Did you mean: zone"),
        ("power_price_asof.price_usd_per_kwh[US]=1", "key=value"),
        ("professional.utilisation=lots", "write 0.6 to set it"),
        ("professional.utilisation=x2", "shares end at 1"),
        ("professional.utilisation=0.7/0.6/0.5", "must not fall"),
        ("professional.utilisation:H100=0.5", "subject"),
        ("professional utilisation=0.5", "names no input"),
        ("professional.utilisation=fall:0.5:3", "above 1"),
    ],
)
def test_what_cannot_be_is_told_with_the_nearest_names(core, text, told):
    with pytest.raises(ScenarioError, match=told):
        changed(core, text)


@pytest.mark.parametrize("module", [gpu_hour_margin, revenue_per_mw])
def test_the_same_inputs_make_no_difference(core, module):
    same = [override("professional.utilisation", "x1", schemas(core))]
    base = _all_lines(module, rebuilt(module, core, []))
    told = compared(_all_lines(module, rebuilt(module, core, same)), base)
    assert told.height == base.height
    assert told["difference"].drop_nulls().abs().max() == 0.0


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(times=st.floats(1.01, 4))
def test_dearer_power_costs_its_share_and_no_more(core, times):
    change = [override("power_price_asof.price_usd_per_kwh", f"x{times!r}", schemas(core))]
    on = ["key", "column"]
    base = _all_lines(gpu_hour_margin, rebuilt(gpu_hour_margin, core, []))
    told = compared(_all_lines(gpu_hour_margin, rebuilt(gpu_hour_margin, core, change)), base).sort(on)
    energy = told.filter(pl.col("column") == "electricity_usd_per_gpu_hour")
    total = told.filter(pl.col("column") == "total_cost_usd_per_gpu_hour")
    known = energy["base_value"].is_not_null()
    assert (energy["difference"] - (times - 1) * energy["base_value"]).filter(known).abs().max() < 1e-9
    assert (total["difference"] - energy["difference"]).drop_nulls().abs().max() < 1e-9


def _all_lines(module, table):
    keys = list(module.SCHEMA.key)
    one_day = table.filter(pl.col("as_of_date") == pl.col("as_of_date").max())
    assert not one_day.select(keys).is_duplicated().any()
    return lines(module.SCHEMA.table, module.SCHEMA, one_day, figures(module.SCHEMA))


def test_every_packaged_scenario_meets_what_it_changes(core, every_assumption):
    core = {**core, "assumption": every_assumption}
    known = written()
    assert {"base", "optimistic", "stress_obsolescence", "stress_power", "stress_utilisation", "price_fall_10x"} <= set(
        known
    )
    for name in known:
        applied(core, overrides_of(name, known, schemas(core)))
    assert not overrides_of("base", known, schemas(core))


def test_names_join_parents_first_and_each_once(core):
    known = written()
    names = [one.target for one in overrides_of("document_owned_power+document_bear", known, schemas(core))]
    grid = [one["set"] for one in known["document_grid"].overrides]
    assert names == [*grid, "power_price_asof.price_usd_per_kwh", *names[-2:]]
    assert names[-2:] == ["professional.residual_share", "professional.discount_rate_per_year"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]", "mapping"),
        ("description: x\nextend: base", "Did you mean: extends"),
        ("extends: base", "no description"),
        ("description: x\nextends: bas", "Did you mean: base"),
        ("description: x\noverrides: [{set: professional.pue, to: 1.2, reason: y}]", "says no source"),
        ("description: [", "no YAML"),
    ],
)
def test_a_damaged_file_says_where_and_what(tmp_path, text, told):
    (tmp_path / "own.yml").write_text(text)
    with pytest.raises(ScenarioError, match=told):
        written(tmp_path)


def test_a_file_cannot_take_a_packaged_name(tmp_path):
    (tmp_path / "base.yml").write_text("description: x")
    with pytest.raises(ScenarioError, match="taken"):
        written(tmp_path)


def test_a_circle_is_told(tmp_path, core):
    (tmp_path / "one.yml").write_text("description: x\nextends: two")
    (tmp_path / "two.yml").write_text("description: x\nextends: one")
    with pytest.raises(ScenarioError, match="one -> two -> one"):
        overrides_of("one", written(tmp_path), schemas(core))


def test_packaged_files_are_in_the_package():
    import tomllib

    from tests.conftest import ROOT

    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["sources"]
    assert "*/scenarios/*.yml" in listed
    assert PACKAGED.is_dir()
