"""A small synthetic core: invented prices in the shapes of the real tables, for tests of the marts alone.

Only the assumptions are real: they are read from the curated files, so that the documents' rows can be replayed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[2]
DAYS = [dt.date(2025, 12, 31), dt.date(2026, 1, 31)]
Core = dict[str, pl.DataFrame]


def read_assumptions() -> pl.DataFrame:
    """core.assumption as dbt makes it of the curated files: an empty subject is an empty text, not null."""
    files = sorted((ROOT / "sources" / "assumptions" / "curated").glob("*.csv"))
    rows = pl.concat([pl.read_csv(path, infer_schema=False) for path in files])
    return rows.with_columns(
        pl.col("value", "value_low", "value_high").cast(pl.Float64),
        pl.col("subject").fill_null(""),
        pl.col("valid_from").str.to_date(),
    )


def headline(gpu: str, commitment: str, tier: str, price: float, providers: int = 4) -> list[dict]:
    return [
        {
            "as_of_date": day,
            "gpu": gpu,
            "commitment": commitment,
            "provider_tier": tier,
            "price_usd_per_gpu_hour": price,
            "price_usd_per_gpu_hour_low": price * 0.8,
            "price_usd_per_gpu_hour_high": price * 1.5,
            "quote_p10_usd_per_gpu_hour": price * 0.9,
            "quote_p50_usd_per_gpu_hour": price * 1.1,
            "quote_p90_usd_per_gpu_hour": price * 1.35,
            "quote_count": 3 * providers,
            "provider_count": providers,
            "newest_observed": day,
            "age_days": 0,
            "is_stale": False,
            "is_indicative": providers < 3,
        }
        for day in DAYS
    ]


def throughput(model: str, scenario: str, published: dt.date, tokens: float, precision: str, submissions: int) -> dict:
    return {
        "round": f"synthetic {published:%Y-%m}",
        "gpu": "H100 SXM",
        "model": model,
        "scenario": scenario,
        "precision": precision,
        "submission_count": submissions,
        "output_tokens_per_s_per_gpu": tokens,
        "output_tokens_per_s_per_gpu_low": tokens * 0.9,
        "output_tokens_per_s_per_gpu_high": tokens * 1.1,
        "input_tokens_per_s_per_gpu": None,
        "known_from": published,
    }


def token_price(provider: str, model: str, read: float | None, written: float, stale: bool = False) -> list[dict]:
    return [
        {
            "as_of_date": day,
            "provider": provider,
            "model": model,
            "processing": "standard",
            "tier": "base",
            "input_usd_per_mtok": read,
            "cached_input_usd_per_mtok": None,
            "output_usd_per_mtok": written,
            "last_observed": day,
            "age_days": 80 if stale else 0,
            "is_stale": stale,
        }
        for day in DAYS
    ]


def places() -> Core:
    markets = [
        ("us_average", "US", "us_primary", 0.10, 184.0, "unknown"),
        ("synthetic_included", "XX", "synthetic_space", 0.20, 300.0, "yes"),
        ("synthetic_no_space", "XX", None, 0.20, None, "unknown"),
    ]
    power = [
        {
            "as_of_date": day,
            "zone": zone,
            "sector": "commercial",
            "price_usd_per_kwh": price,
            "age_days": 40,
            "is_stale": False,
        }
        for day in DAYS
        for zone, price in {"US": 0.10, "XX": 0.20}.items()
    ]
    space = [
        {
            "as_of_date": day,
            "market": name,
            "rate_usd_per_kw_month": rate,
            "rate_usd_per_kw_month_low": None,
            "rate_usd_per_kw_month_high": rate * 1.1,
            "power_included": included,
            "age_days": 200,
            "is_stale": True,
            "grade": "B",
        }
        for day in DAYS
        for _, _, name, _, rate, included in markets
        if name
    ]
    return {
        "dim_market": pl.DataFrame(
            [{"market": m[0], "power_zone": m[1], "power_sector": "commercial", "colo_market": m[2]} for m in markets]
        ),
        "power_price_asof": pl.DataFrame(power),
        "colo_rate_asof": pl.DataFrame(space, schema_overrides={"rate_usd_per_kw_month_low": pl.Float64}),
    }


def gpus() -> pl.DataFrame:
    def gpu(name: str, server: float | None, site: float | None, price: float | None) -> dict:
        return {
            "gpu": name,
            "server_w_per_gpu": server,
            "server_w_per_gpu_low": server and server * 0.7,
            "server_w_per_gpu_high": server,
            "all_in_w_per_gpu": site,
            "purchase_price_usd": price,
            "purchase_price_usd_low": price and price * 0.9,
            "purchase_price_usd_high": price and price * 1.1,
        }

    rows = [
        gpu("H100 SXM", 1275.0, 1730.0, 28_000.0),
        gpu("B300", 1812.5, 2170.0, None),
        gpu("MI300X", None, 1790.0, 15_000.0),
    ]
    return pl.DataFrame(rows, schema_overrides={c: pl.Float64 for c in rows[0] if c != "gpu"})


@pytest.fixture
def core() -> Core:
    """Two days, three GPUs (one whole, one without a price, one without server watts), two markets with a cost."""
    return {
        "calendar": pl.DataFrame({"as_of_date": DAYS}),
        "assumption": read_assumptions(),
        "dim_gpu": gpus(),
        **places(),
        "headline_rate": pl.DataFrame(
            [
                *headline("H100 SXM", "on_demand", "all", 3.0),
                *headline("H100 SXM", "on_demand", "hyperscaler", 6.0, providers=2),
                *headline("H100 SXM", "reserved_1y", "all", 2.0),
                *headline("H100 SXM", "community", "all", 1.5),
                *headline("B300", "on_demand", "all", 6.0),
                *headline("MI300X", "on_demand", "all", 2.5),
            ]
        ),
        "throughput_median": pl.DataFrame(
            [
                throughput("synthetic-8b", "Server", dt.date(2025, 9, 9), 5000.0, "fp8", 3),
                throughput("synthetic-8b", "Server", dt.date(2025, 9, 9), 9000.0, "fp4", 1),
                throughput("synthetic-8b", "Server", dt.date(2026, 1, 15), 6000.0, "fp8", 2),
                throughput("synthetic-8b", "Server", dt.date(2026, 4, 30), 99_999.0, "fp8", 9),
            ],
            schema_overrides={"input_tokens_per_s_per_gpu": pl.Float64},
        ),
        "throughput_profile": pl.DataFrame(
            [
                {
                    "throughput_profile": "document_optimised",
                    "gpu": "H100 SXM",
                    "model": "synthetic-70b",
                    "round": "document 000",
                    "precision": "not stated",
                    "submission_count": 1,
                    "output_tokens_per_s_per_gpu": 1200.0,
                    "output_tokens_per_s_per_gpu_low": 1200.0,
                    "output_tokens_per_s_per_gpu_high": 1200.0,
                    "input_tokens_per_s_per_gpu": 8000.0,
                    "valid_from": DAYS[0],
                }
            ]
        ),
        "token_price_asof": pl.DataFrame(
            [
                *token_price("synthetic_a", "synthetic-8b", 0.05, 0.10),
                *token_price("synthetic_b", "synthetic-8b", None, 0.30),
                *token_price("synthetic_c", "synthetic-8b", 9.0, 9.0, stale=True),
                *token_price("synthetic_a", "synthetic-70b", 0.30, 0.90),
                *token_price("synthetic_a", "unmeasured", 1.0, 2.0),
            ],
            schema_overrides={"cached_input_usd_per_mtok": pl.Float64},
        ),
    }


@pytest.fixture
def enumeration() -> pl.DataFrame:
    """Every value the seeds list, and the profiles that core adds to them."""
    lists = [
        pl.read_csv(path, infer_schema=False) for path in sorted((ROOT / "dbt_project" / "seeds").glob("enumeration_*"))
    ]
    profiles = ["mlperf_server/synthetic-8b", "document_optimised/synthetic-70b", "document_optimised/llama-3.1-70b"]
    added = pl.DataFrame(
        {"column_name": "throughput_profile", "value": profiles, "description": "as core.enumeration adds them"}
    )
    return pl.concat([*[one.select("column_name", "value", "description") for one in lists], added])


@pytest.fixture
def replay() -> Callable[[str, pl.DataFrame], list[str]]:
    """The cells of tests/golden/as_published.csv that a mart does not reproduce, each told in a line."""

    def failures(mart: str, table: pl.DataFrame) -> list[str]:
        golden = pl.read_csv(ROOT / "tests" / "golden" / "as_published.csv", infer_schema=False)
        told = []
        for cell in golden.filter(pl.col("mart") == mart).iter_rows(named=True):
            where = dict(pair.split("=") for pair in cell["where"].split(";"))
            rows = table.filter(pl.col("reading") == "as_published", *[pl.col(c) == v for c, v in where.items()])
            if rows.height != 1:
                told.append(f"{cell['where']}: {rows.height} rows")
                continue
            ours = rows[cell["column"]].item()
            if ours is None or abs(ours - float(cell["expected"])) > float(cell["tolerance"]) + 1e-12:
                told.append(f"{cell['where']} {cell['column']}: {ours}, not {cell['expected']} ({cell['citation']})")
        return told

    return failures
