"""Recorder of the documents' token price tables, from the ledger of their claims.

A claim's day: the last day of the month or year the document states; documents 000 and 003 state none for these
tables, so they carry the last day of 2025, the latest year whose market figures they quote (000:250, 003:9).
Where the documents contradict each other both figures are recorded, each with its line.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from sources.recorders.runs import shared_folder, write

FOLDER = Path(__file__).parent.parent / "token_prices" / "curated"
METRICS = {
    "input price": "input",
    "API input price": "input",
    "output price": "output",
    "API output price": "output",
    "thinking price": "output_reasoning",
}
PROVIDERS = {
    "000-D2": "fireworks",
    "000-D3": "fireworks",
    "003-DIS-027": "google",
    "003-DIS-028": "openai",
    "GPT-5": "openai",
    "V3.2": "deepseek",
}
UNDATED = dt.date(2025, 12, 31)
ENDS = {"2025-12": dt.date(2025, 12, 31), "2026-02": dt.date(2026, 2, 28)}


def main() -> None:
    """Write the documents' prices."""
    shared = shared_folder(__doc__ or "")
    claims = pl.read_csv(shared / "ledger" / "claims.csv", infer_schema=False)
    rows = []
    for claim in claims.filter(pl.col("metric").is_in(list(METRICS)), pl.col("unit").str.contains("Mtok")).iter_rows(
        named=True
    ):
        provider = next(
            (name for key, name in PROVIDERS.items() if claim["claim_id"].startswith(key) or claim["subject"] == key),
            "anthropic",
        )
        day = ENDS.get(claim["as_of"] or "", dt.date(2026, 2, 28) if claim["claim_id"].startswith("004") else UNDATED)
        rows.append(
            {
                "provider_label": f"document {provider}",
                "model_label": claim["subject"],
                "token_kind": METRICS[claim["metric"]],
                "processing": "standard",
                "tier": "base",
                "price": float(claim["value_low"]),
                "price_unit": "usd_per_mtok",
                "currency": "USD",
                "valid_from": day,
                "valid_to": day + dt.timedelta(days=1),
                "known_from": day,
                "known_basis": "published",
                "last_observed": day,
                "observation_count": 1,
                "grade": "C",
                "citation": f"{claim['claim_id'][:3]}:{claim['seed_line']} ({claim['claim_id']})",
                "note": claim["note"] or None,
            }
        )
    frame = pl.DataFrame(rows).sort("citation", "token_kind")
    write(frame, FOLDER / "document_token_prices.csv")


if __name__ == "__main__":
    main()
