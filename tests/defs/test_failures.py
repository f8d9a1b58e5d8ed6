"""A failed step told in one line a person can act on."""

import dagster as dg

from pipelines.defs.failures import describe
from pipelines.warehouse.transform import TransformError


def told(home, *assets: dg.AssetsDefinition) -> str | None:
    result = dg.materialize(list(assets), raise_on_error=False)
    return describe(result.all_events, home)


def test_nothing_failed(home):
    @dg.asset
    def fine() -> None: ...

    assert told(home, fine) is None


def test_a_spoken_error_is_passed_on_as_it_is(home):
    @dg.asset
    def broken() -> None:
        raise TransformError("model x in y.sql: no such column. Correct the file named.")

    assert told(home, broken) == "broken: model x in y.sql: no such column. Correct the file named."
    assert not (home.build / "logs").exists()


def test_an_unforeseen_error_keeps_its_traceback_out_of_sight(home):
    @dg.asset
    def broken() -> None:
        {}["missing"]

    text = told(home, broken)
    kept = home.build / "logs" / "broken.txt"
    assert text == f"broken: KeyError: 'missing' This was not foreseen; please report it with {kept}."
    assert "Traceback" not in text
    assert "test_failures.py" in kept.read_text()


def test_a_blocking_check_speaks_for_itself_and_stops_what_follows(home):
    ran = []

    @dg.asset(check_specs=[dg.AssetCheckSpec("contract", asset="first", blocking=True)])
    def first() -> dg.MaterializeResult:
        result = dg.AssetCheckResult(check_name="contract", passed=False, description="3 rows without a price")
        return dg.MaterializeResult(check_results=[result])

    @dg.asset(deps=[first])
    def second() -> None:
        ran.append("second")

    text = told(home, first, second)
    assert text == "first: first breaks contract: 3 rows without a price. Nothing is published until that holds."
    assert ran == []


def test_every_failed_step_has_a_line(home):
    @dg.asset
    def one() -> None:
        raise TransformError("first cause.")

    @dg.asset
    def two() -> None:
        raise TransformError("second cause.")

    assert told(home, one, two) == "one: first cause.\ntwo: second cause."
