"""Synthetic core tables for capability frontiers: invented models, scores and prices, shaped as the real tables are."""

from __future__ import annotations

import datetime as dt

import polars as pl

from tests.marts.conftest import read_assumptions

DAYS = [dt.date(2024, month, 1) - dt.timedelta(days=1) for month in range(2, 13)] + [dt.date(2024, 12, 31)]
RULES = {"same_price_pct": 0.5, "jump_multiple": 10.0, "first_days": 7.0, "reversal_days": 30.0}
_TABLES = {
    "dim_model": {"model": pl.String, "weights": pl.String, "reasoning": pl.Boolean, "release_date": pl.Date},
    "fct_benchmark_score": {
        "observation_id": pl.String,
        "source_id": pl.String,
        "benchmark": pl.String,
        "model": pl.String,
        "model_label": pl.String,
        "variant": pl.String,
        "version_match": pl.String,
        "is_self_reported": pl.Boolean,
        "grade": pl.String,
        "scored_on": pl.Date,
        "release_date": pl.Date,
        "valid_to": pl.Date,
        "score": pl.Float64,
        "score_unit": pl.String,
        "test_cases": pl.Int64,
        "run_cost_usd": pl.Float64,
        "price_usd_per_mtok": pl.Float64,
    },
    "fct_token_price": {
        "observation_id": pl.String,
        "source_id": pl.String,
        "provider": pl.String,
        "provider_label": pl.String,
        "model": pl.String,
        "model_label": pl.String,
        "token_kind": pl.String,
        "processing": pl.String,
        "tier": pl.String,
        "region": pl.String,
        "quantisation": pl.String,
        "route": pl.String,
        "snapshot": pl.String,
        "price_usd_per_mtok": pl.Float64,
        "correction_ids": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
        "known_from": pl.Date,
        "known_to": pl.Date,
        "last_observed": pl.Date,
        "grade": pl.String,
    },
    "frontier_threshold": {"series": pl.String, "benchmark": pl.String, "threshold": pl.Float64},
    "token_price_asof": {
        "as_of_date": pl.Date,
        "provider": pl.String,
        "model": pl.String,
        "processing": pl.String,
        "tier": pl.String,
        "input_usd_per_mtok": pl.Float64,
        "output_usd_per_mtok": pl.Float64,
        "last_observed": pl.Date,
        "is_stale": pl.Boolean,
        "observation_ids": pl.List(pl.String),
    },
}


def day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def score(model: str, value: float, released: str | None, **given) -> dict:
    """A score of a version on the benchmark `quiz`; run cost and cases are null unless given."""
    variant = given.get("variant") or "plain"
    return {
        "observation_id": f"score:{model}:{variant}:{value}:{released}",
        "source_id": "hub",
        "benchmark": "quiz",
        "model": model,
        "model_label": model,
        "variant": None,
        "version_match": "only",
        "is_self_reported": False,
        "grade": "A",
        "scored_on": day("2024-12-01"),
        "release_date": day(released),
        "valid_to": None,
        "score": value,
        "score_unit": "pct",
        "test_cases": None,
        "run_cost_usd": None,
        "price_usd_per_mtok": None,
        **given,
    }


def model(name: str, weights: str | None = None, reasoning: bool | None = None) -> dict:
    return {"model": name, "weights": weights, "reasoning": reasoning, "release_date": None}


def sold(name: str, price: float, start: str, end: str | None = None, provider: str = "shop") -> dict:
    """A quote of one price for input and output alike, so that every mix costs as much."""
    return {"model": name, "price": price, "start": day(start), "end": day(end), "provider": provider}


def core(
    scores: list[dict] = (),
    sales: list[dict] = (),
    models: list[dict] = (),
    thresholds: tuple[float, ...] = (50.0,),
    first_look: str = "2023-01-01",
) -> dict[str, pl.DataFrame]:
    """The tables, with sellers first looked at on one day and every score's ladder on `quiz`."""
    facts, quotes = [], []
    for number, sale in enumerate(sales):
        names = {kind: f"price:{number}:{kind}" for kind in ("input", "output")}
        for kind, name in names.items():
            facts.append(
                {
                    "observation_id": name,
                    "source_id": "list",
                    "provider": sale["provider"],
                    "provider_label": sale["provider"],
                    "model": sale["model"],
                    "token_kind": kind,
                    "processing": "standard",
                    "tier": "base",
                    "price_usd_per_mtok": sale["price"],
                    "valid_from": sale["start"],
                    "valid_to": sale["end"],
                    "known_from": sale["start"],
                    "last_observed": sale["start"],
                    "grade": "B",
                }
            )
        quotes += [
            {
                "as_of_date": on,
                "provider": sale["provider"],
                "model": sale["model"],
                "processing": "standard",
                "tier": "base",
                "input_usd_per_mtok": sale["price"],
                "output_usd_per_mtok": sale["price"],
                "last_observed": on,
                "is_stale": False,
                "observation_ids": list(names.values()),
            }
            for on in DAYS
            if sale["start"] <= on and (sale["end"] is None or on < sale["end"])
        ]
    for provider in sorted({sale["provider"] for sale in sales}):
        looked = {"valid_from": day(first_look), "known_from": day(first_look)}
        look = {"source_id": "list", "provider": provider, "model": "old", "processing": "standard", "tier": "base"}
        facts.append({"observation_id": f"look:{provider}", "token_kind": "input", "grade": "B", **look, **looked})
    ladder = [{"series": "observed", "benchmark": "quiz", "threshold": value} for value in thresholds]
    rows = {
        "dim_model": list(models),
        "fct_benchmark_score": list(scores),
        "fct_token_price": facts,
        "frontier_threshold": ladder,
        "token_price_asof": quotes,
    }
    return {
        **{name: pl.DataFrame(rows[name], schema=schema, orient="row") for name, schema in _TABLES.items()},
        "assumption": read_assumptions(),
        "calendar": pl.DataFrame({"as_of_date": DAYS}),
        "rules_index": pl.DataFrame(list(RULES.items()), schema=["rule", "value"], orient="row"),
    }
