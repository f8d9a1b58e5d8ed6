"""References to the warehouse: form, newest day, rows in force, nothing of the documents' own."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from pipelines.documents.claims.observed import Reference, observed, parse
from pipelines.mart_kit.schema import MartError

DAYS = [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]
RATES = pl.DataFrame(
    {
        "as_of_date": [DAYS[0], DAYS[1], DAYS[1], DAYS[1], DAYS[1]],
        "gpu": ["H100", "H100", "H100", "H200", "H100"],
        "price": [9.0, 2.0, 4.0, 7.0, 100.0],
        "source_id": ["a", "a", "b", "a", "gpu_rates_documents"],
    }
)


def one(text: str, **tables: pl.DataFrame) -> tuple:
    return observed({"rates": RATES, **tables}, [text]).row(0)[1:]


def test_the_newest_day_alone_counts_and_documents_do_not_confirm_themselves():
    assert one("rates.price[gpu=H100]") == (3.0, 2.0, 4.0, DAYS[1], 2)


def test_a_key_may_name_several_values():
    assert one("core.rates.price[gpu=H100|H200]")[:3] == (4.0, 2.0, 7.0)


def test_without_an_as_of_day_the_rows_in_force_count():
    facts = pl.DataFrame(
        {"price": [1.0, 5.0], "valid_to": [DAYS[0], None], "valid_from": DAYS}, schema_overrides={"valid_to": pl.Date}
    )
    assert one("facts.price", facts=facts) == (5.0, 5.0, 5.0, DAYS[1], 1)


def test_what_no_row_fits_is_unknown():
    assert one("rates.price[gpu=B200]") == (None, None, None, None, 0)


@pytest.mark.parametrize("text", ["rates", "rates.price[gpu]", "nothing.price", "rates.cost", "rates.price[chip=H100]"])
def test_a_reference_to_what_is_not_there_is_a_mistake(text):
    with pytest.raises(MartError):
        one(text)


def test_the_parts_of_a_reference():
    assert parse("marts.spread.usd[a=1;b=x|y]") == Reference("marts.spread", "usd", (("a", ("1",)), ("b", ("x", "y"))))
