"""Records the documents' colocation rates from the ledger of their claims: by facility type and by market.

Reads `ledger/claims.csv`; writes `colo_rates/curated/document_colo_rates.csv`. Not here: what Crusoe and its
competitors could charge (000:260), which is a supposition and no rate, and costs the documents derive from rates.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.colo_rates.contract import CONTRACTS
from sources.documents import DOCUMENTS
from sources.recorders.runs import shared_folder, write

CURATED = Path(__file__).parents[1] / "colo_rates" / "curated"
# The documents bear no date; their market table is headed 2025 (000:248), so that is the year they speak of, and
# knowledge of them counts from its last day.
YEAR = ("2025-01-01", "2026-01-01")
FIRST_HALF = ("2025-01-01", "2025-07-01")
KNOWN = "2025-12-31"
OPEN_ENDED = "the high end is open (printed with a plus)"
# Claim: market, facility type, rate type, what to know.
CLAIMS = {
    "000-E3-003": ("Unspecified", "wholesale_colocation", "unspecified", "the document says legacy"),
    "000-E3-004": ("Unspecified", "retail_colocation", "unspecified", ""),
    "000-E3-005": ("Unspecified", "ai_optimized", "unspecified", OPEN_ENDED),
    "000-E3-006": ("Unspecified", "hyperscaler_self_build", "effective", ""),
    "000-E3-062": ("US wholesale average", "wholesale_colocation", "unspecified", ""),
    "000-E3-071": (
        "US wholesale average",
        "wholesale_colocation",
        "asking",
        "the document names CBRE H1 2025; CBRE printed 184.06 for H2 2024",
    ),
    "000-E3-063": ("Northern Virginia (Ashburn)", "unspecified", "unspecified", OPEN_ENDED),
    "000-E3-064": ("Silicon Valley", "unspecified", "unspecified", OPEN_ENDED),
    "000-E3-065": ("Phoenix", "unspecified", "unspecified", "printed as about"),
    "000-E3-066": ("Dallas/Texas", "unspecified", "unspecified", ""),
    "000-E3-067": ("Atlanta", "unspecified", "unspecified", ""),
    "000-E3-068": ("AI-optimized high-density", "ai_high_density", "unspecified", OPEN_ENDED),
    "000-E3-069": ("Iceland/Nordics", "unspecified", "unspecified", ""),
    "000-E3-070": ("Singapore", "unspecified", "unspecified", OPEN_ENDED),
}


def rows(shared: Path) -> pl.DataFrame:
    """One row per claim, in the order of CLAIMS. Raises KeyError naming a claim that the ledger lacks."""
    ledger = pl.read_csv(shared / "ledger" / "claims.csv", infer_schema=False).rows_by_key("claim_id", named=True)
    made = []
    for claim_id, (market, facility, rate_type, note) in CLAIMS.items():
        (claim,) = ledger[claim_id]
        if claim["unit"] != "USD/kW-mo":
            raise ValueError(f"claim {claim_id} is in {claim['unit']}, not USD/kW-mo")
        is_range = claim["value_high"] is not None
        period = FIRST_HALF if claim["as_of"] == "2025-H1" else YEAR
        dating = "undated document, counted from the last day of the year it speaks of"
        made.append(
            {
                "publisher_label": DOCUMENTS,
                "market_label": market,
                "facility_type": facility,
                "size_band": "not stated",
                "rate_type": rate_type,
                "price": None if is_range else claim["value_low"],
                "price_low": claim["value_low"] if is_range else None,
                "price_high": claim["value_high"],
                "price_unit": "usd_per_kw_month",
                # Line 215 counts energy into an example rate of 150, line 47 beside the rate: the tables themselves
                # do not say (I-12).
                "power_included": "unknown",
                "currency": "USD",
                "valid_from": period[0],
                "valid_to": period[1],
                "known_from": KNOWN,
                "known_basis": "published",
                "last_observed": KNOWN,
                "observation_count": "1",
                "grade": "C",
                "citation": f"{claim['seed_file'][:3]}:{claim['seed_line']} ({claim_id})",
                "note": "; ".join(text for text in (note, dating) if text),
            }
        )
    return pl.DataFrame(made, infer_schema_length=None).select(list(CONTRACTS["observation"].dtypes))


def main() -> None:
    """Rewrite the file."""
    write(rows(shared_folder(__doc__ or "")), CURATED / "document_colo_rates.csv")


if __name__ == "__main__":
    main()
