"""Recorder of the documents' token prices, from the ledger of their claims. Every figure keeps its own line.

Days. A price table headed with a month holds in that month; knowledge of it counts from the month's last day. What
a document does not date stands in the period it speaks of: document 000 quotes prices "(2025)" (000:122), document
003 names a model of February 2026 (003:43), and document 004's table of February 2026 (004:143-152) is its latest.

Where the documents contradict each other both figures are recorded, each with a note that names the other line.
Not here: ranges over the whole market (003:9), costs, discounts stated as a percentage (000:124, 004:162, 004:166).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.recorders.runs import shared_folder, write

FILE = Path(__file__).parent.parent / "token_prices" / "curated" / "document_token_prices.csv"
KINDS = {
    "input price": "input",
    "API input price": "input",
    "output price": "output",
    "API output price": "output",
    "thinking price": "output_reasoning",
    "price": "unspecified",
}
# Period of a claim: what its as_of says, else that of its document. First day, first day after, known from.
PERIODS = {
    "2022-late": ("2022-10-01", "2023-01-01", "2025-12-31"),
    "2025": ("2025-01-01", "2026-01-01", "2025-12-31"),
    "2025-12": ("2025-12-01", "2026-01-01", "2025-12-31"),
    "2026-02": ("2026-02-01", "2026-03-01", "2026-02-28"),
}
UNDATED = {"000": "2025", "003": "2026-02", "004": "2026-02"}
# Who charges: first prefix of the claim, or subject, that fits. Document 004 names the seller beside each table.
SELLERS = {
    "000-D3-006": "openai",
    "000-D3-007": "openai",
    "000-D3-013": "fireworks",
    "000-D3-014": "fireworks",
    "000-D3-016": "fireworks",
    "000-D3-017": "fireworks",
    "000-D3-019": "fireworks",
    "000-D3-020": "fireworks",
    "000-D3-022": "fireworks",
    "000-D3-023": "fireworks",
    "000-D": "unnamed",
    "003-DIS-027": "google",
    "003-DIS-028": "openai",
    "GPT-5": "openai",
    "V3.2": "deepseek",
    "004-": "anthropic",
}
NOTES = {
    "004-PRI-004": "004:148 and 004:158 print 5",
    "004-PRI-005": "004:148 and 004:158 print 25",
    "004-API-007": "004:14 prints 15 for Opus 4.5",
    "004-API-008": "004:14 prints 75 for Opus 4.5",
    "004-EXT-001": "004:14 prints 75 for Opus 4.5",
    "000-D3-006": "late 2022; which tokens is not stated",
    "000-D3-007": "which tokens is not stated",
}
UNNAMED = "seller not named (the table follows the Fireworks tiers)"


def record(shared: Path) -> pl.DataFrame:
    """One row per printed price. Raises StopIteration where a claim has no seller above."""
    claims = pl.read_csv(shared / "ledger" / "claims.csv", infer_schema=False)
    prices = claims.filter(pl.col("metric").is_in(list(KINDS)), pl.col("unit") == "USD/Mtok")
    return pl.DataFrame([_row(claim) for claim in prices.iter_rows(named=True)]).sort("citation", "token_kind")


def _row(claim: dict[str, str]) -> dict[str, str | int | float | None]:
    name, subject, document = claim["claim_id"], claim["subject"], claim["claim_id"][:3]
    seller = next(who for key, who in SELLERS.items() if name.startswith(key) or subject == key)
    begin, end, known = PERIODS[claim["as_of"] or UNDATED[document]]
    notes = [NOTES.get(name) or claim["note"], UNNAMED if seller == "unnamed" else None]
    if not claim["as_of"]:
        notes.append("undated; stands in the period its document speaks of")
    return {
        "provider_label": f"document {seller}",
        "model_label": subject,
        "token_kind": KINDS[claim["metric"]],
        "processing": "standard",
        "tier": "base",
        "price": float(claim["value_low"]),
        "price_unit": "usd_per_mtok",
        "currency": "USD",
        "valid_from": begin,
        "valid_to": end,
        "known_from": known,
        "known_basis": "published",
        "last_observed": known,
        "observation_count": 1,
        "grade": "C",
        "citation": f"{document}:{claim['seed_line']} ({name})",
        "note": "; ".join(note for note in notes if note) or None,
    }


def main() -> None:
    """Write the documents' prices."""
    write(record(shared_folder(__doc__ or "")), FILE)


if __name__ == "__main__":
    main()
