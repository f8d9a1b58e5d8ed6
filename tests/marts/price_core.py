"""Synthetic core tables for the price marts: invented prices in the shapes of the real tables."""

from __future__ import annotations

import datetime as dt

import polars as pl

from tests.marts import capability_core

AS_OF = dt.date(2026, 6, 30)
RULES = {
    "window_months": 25.0,
    "base_period": 0.0,
    "same_price_pct": 0.5,
    "jump_multiple": 10.0,
    "first_days": 7.0,
    "reversal_days": 30.0,
    "small_model_below_b": 15.0,
    "large_model_from_b": 80.0,
}
MODELS = {
    "model": ["m1", "m2"],
    "weights": ["open", "closed"],
    "parameters_b": [8.0, None],
    "active_parameters_b": [None, None],
    "reasoning": [None, None],
    "release_date": [None, None],
}
_MODEL = {
    "model": pl.String,
    "weights": pl.String,
    "parameters_b": pl.Float64,
    "active_parameters_b": pl.Float64,
    "reasoning": pl.Boolean,
    "release_date": pl.Date,
}
_QUARANTINED = {
    "family": pl.String,
    "source_id": pl.String,
    "reason": pl.String,
    "items": pl.Int64,
    "observations": pl.Int64,
    "example": pl.String,
}
_SPELL = {
    "observation_id": pl.String,
    "correction_ids": pl.String,
    "source_id": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "known_from": pl.Date,
    "known_to": pl.Date,
    "last_observed": pl.Date,
    "grade": pl.String,
}
_GPU = {
    "gpu": pl.String,
    "gpu_family": pl.String,
    "vendor": pl.String,
    "peak_bf16_flop_s": pl.Float64,
    "peak_fp8_flop_s": pl.Float64,
    "memory_gb": pl.Float64,
    "memory_bandwidth_gb_s": pl.Float64,
}
_FACTS = {
    "fct_gpu_rental_rate": {
        "provider": pl.String,
        "sku": pl.String,
        "gpu": pl.String,
        "form_factor": pl.String,
        "commitment": pl.String,
        "term_months": pl.Int32,
        "region": pl.String,
        "gpu_count": pl.String,
        "price_usd_per_gpu_hour": pl.Float64,
        "list_currency": pl.String,
        "list_currency_usd": pl.Float64,
        "list_price_per_gpu_hour": pl.Float64,
    },
    "fct_token_price": {
        "observation_id": pl.String,
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
    },
    "fct_power_price": {
        "zone": pl.String,
        "sector": pl.String,
        "interval_start": pl.Date,
        "interval_end": pl.Date,
        "price_usd_per_kwh": pl.Float64,
        "original_price": pl.Float64,
        "original_currency": pl.String,
        "fx_rate": pl.Float64,
        "is_derived": pl.Boolean,
    },
    "fct_colo_rate": {
        "market": pl.String,
        "facility_type": pl.String,
        "size_band": pl.String,
        "rate_type": pl.String,
        "rate_usd_per_kw_month": pl.Float64,
    },
}


def day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def spell(start, end=None, seen=None, **given):
    """When a price held: from, until (exclusive), last seen; the rest as of a source that looks every month."""
    return {
        "source_id": "monthly",
        "valid_from": day(start),
        "valid_to": day(end),
        "known_from": day(start),
        "known_to": None,
        "last_observed": day(seen or end or start),
        "grade": "B",
        **given,
    }


def rent(provider, price, start, end=None, seen=None, **given):
    item = {
        "provider": provider,
        "sku": "8x",
        "gpu": "H100 SXM",
        "form_factor": "SXM",
        "commitment": "on_demand",
        "region": "us",
        "gpu_count": "8",
        "price_usd_per_gpu_hour": price,
        "list_currency": "USD",
    }
    return {**item, **spell(start, end, seen), **given}


def token(model, price, start, end=None, seen=None, **given):
    item = {
        "provider": "seller",
        "provider_label": "seller",
        "model": model,
        "model_label": model,
        "token_kind": "output",
        "processing": "standard",
        "tier": "base",
        "region": "unspecified",
        "quantisation": "unspecified",
        "route": "standard",
        "snapshot": "unspecified",
        "price_usd_per_mtok": price,
    }
    return {**item, **spell(start, end, seen), **given}


def power(zone, price, month, **given):
    start = day(month)
    end = (start.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    item = {
        "zone": zone,
        "sector": "industrial",
        "interval_start": start,
        "interval_end": end,
        "price_usd_per_kwh": price,
        "original_price": price,
        "original_currency": "USD",
        "is_derived": False,
    }
    return {**item, **spell(month, seen=month), **given}


def colo(market, rate, start, end, **given):
    item = {
        "market": market,
        "facility_type": "wholesale",
        "size_band": "250_500_kw",
        "rate_type": "asking",
        "rate_usd_per_kw_month": rate,
    }
    return {**item, **spell(start, end, seen=start), **given}


def core(settings: dict[str, float] | None = None, **rows: list[dict]) -> dict[str, pl.DataFrame]:
    """The tables the marts read, with these rows: core(fct_gpu_rental_rate=[rent(...), ...])."""
    made = {name: pl.DataFrame(rows.get(name, []), schema={**own, **_SPELL}) for name, own in _FACTS.items()}
    return {
        **capability_core.core(),
        **made,
        "calendar": pl.DataFrame({"as_of_date": [dt.date(2026, 5, 31), AS_OF]}),
        "dim_gpu": pl.DataFrame(rows.get("dim_gpu", []), schema=_GPU),
        "dim_model": pl.DataFrame(MODELS, schema=_MODEL),
        "dim_provider": pl.DataFrame({"provider": ["seller", "router"], "tier": ["lab", "reseller"]}),
        "dim_source": pl.DataFrame(
            {"source_id": ["monthly", "weekly"], "cadence_days": [31, 7], "standing": [1, 2], "family": [None, None]}
        ),
        "quarantined_price": pl.DataFrame(schema=_QUARANTINED),
        "region_group": pl.DataFrame(
            {"region": ["us-east-1", "eu-west-1"], "region_group": ["north_america", "europe"]}
        ),
        "rules": pl.DataFrame({"rule": ["stale_cadence_multiple"], "value": [2.0]}),
        "rules_index": pl.DataFrame(
            list({**RULES, **(settings or {})}.items()), schema=["rule", "value"], orient="row"
        ),
    }
