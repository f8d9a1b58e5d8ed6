"""Assumptions against the documents: the figure a row records stands on the line it cites."""

from __future__ import annotations

import re

import polars as pl
import pytest

from sources.assumptions.contract import CONTRACTS
from sources.documents import DOCUMENTS
from sources.registry import all_sources

# Rows whose figure is computed from the line, with what the line prints.
DERIVED = {
    ("document_power", "server_w_per_gpu"): "1,275|14.3 kW|120 kW / 72",
    ("document_finance", "maintenance_share_per_year"): "2-5%",
    ("document_per_mw", "price_usd_per_gpu_hour"): r"\$2.20",
    ("document_finance", "purchase_price_stack_a_usd"): r"\$25-30K",
}


@pytest.fixture(scope="module")
def recorded() -> pl.DataFrame:
    spec = all_sources()["assumptions"]
    raw = pl.read_csv(spec.folder / spec.offline, infer_schema=False)
    outcome = CONTRACTS["observation"].validate(raw, "assumptions")
    assert outcome.rejected.is_empty(), outcome.rejected["all_failures"].to_list()
    return outcome.accepted


def lines(shared, citation: str) -> str:
    """The lines a citation like 000:46,201 or 000:193-197 names, joined."""
    document, spans = re.match(r"(\d{3}):([\d,-]+)", citation).groups()
    (path,) = (shared / "seeds").glob(f"{document}_*.txt")
    text = path.read_text(encoding="utf-8").splitlines()
    found = []
    for span in spans.split(","):
        first, _, last = span.partition("-")
        found += text[int(first) - 1 : int(last or first)]
    return "\n".join(found)


def prints(value: float) -> list[str]:
    """The ways a document prints a figure."""
    percent = f"{value * 100:g}%"
    return [f"{value:,g}", f"{value:.2f}", f"{value:,.0f}", f"{value / 1000:g}K", percent, f"{value * 100:g}-"]


@pytest.mark.shared
def test_every_figure_of_the_documents_stands_on_the_line_it_cites(recorded, shared):
    missing = []
    printed_by_them = pl.col("assumption_set").str.starts_with("document_") & (pl.col("publisher") == DOCUMENTS)
    for row in recorded.filter(printed_by_them).iter_rows(named=True):
        text = lines(shared, row["citation"])
        printed = DERIVED.get((row["assumption_set"], row["parameter"]))
        pattern = printed or "|".join(rf"(?<![\d.,]){re.escape(form)}" for form in prints(row["value"]))
        if not re.search(pattern, text):
            missing.append((row["assumption_set"], row["parameter"], row["subject"], row["value"], text[:160]))
    assert not missing, "\n".join(map(str, missing))


def test_choices_say_why_and_state_their_range(recorded):
    choices = recorded.filter(pl.col("assumption_set") == "professional")
    assert choices["note"].str.starts_with("our choice").all()
    assert choices.select(pl.col("value_low", "value_high").is_null().any()).row(0) == (False, False)
    assert set(choices["grade"]) == {"C"}
    assert "without evidence" in choices.filter(pl.col("parameter") == "utilisation")["note"].item()


def test_the_share_no_line_prints_is_ours_and_gives_the_blends_that_are_printed(recorded):
    shared = recorded.filter(parameter="output_time_share", assumption_set="document_serving").row(0, named=True)
    assert shared["publisher"] == "rackhour"
    blends = [shared["value"] * out + (1 - shared["value"]) * into for out, into in ((0.648, 2.16), (3.888, 8.64))]
    assert blends == pytest.approx([1.25, 5.80], abs=0.012)  # 000:97


def test_parameters_end_in_their_unit_and_each_stands_once(recorded):
    assert recorded.select("assumption_set", "parameter", "subject").is_duplicated().sum() == 0
    dollars = recorded.filter(pl.col("unit").str.starts_with("usd"))
    assert dollars["parameter"].str.contains("_usd").all()


@pytest.mark.parametrize("blend", ["input_output_3_1", "input_output_14_1", "cached_agent"])
def test_shares_of_a_blend_add_up(recorded, blend):
    shares = recorded.filter((pl.col("assumption_set") == "blend") & (pl.col("subject") == blend))
    assert shares["value"].sum() == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("value", "seven", "must be a finite number"),
        ("value", "", "not_nullable"),
        ("value_low", "0.9", "base_within_its_range"),
        ("value_high", "0.1", "base_within_its_range"),
        ("parameter", "", "not_nullable"),
        ("unit", "", "not_nullable"),
        ("grade", "D", "isin"),
        ("known_basis", "guessed", "isin"),
        ("citation", "x", "str_length"),
        ("publisher", "", "not_nullable"),
    ],
)
def test_a_row_that_breaks_a_rule_is_rejected_alone(recorded, field, value, rule):
    good = recorded.filter(pl.col("parameter") == "utilisation", pl.col("assumption_set") == "professional")
    good = good.drop("row_number").cast(pl.String)
    outcome = CONTRACTS["observation"].validate(
        pl.concat([good, good.with_columns(pl.lit(value).alias(field))]), "assumptions"
    )
    assert outcome.accepted["row_number"].to_list() == [1]
    assert rule in outcome.rejected["all_failures"].item()
