"""Records the documents' power prices from the ledger of their claims.

Reads `ledger/claims.csv`; writes `power_prices/curated/document_power_prices.csv`. Not here: electricity per GPU-hour
or per MW that the documents derive from these prices (sources/assumptions).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.power_prices.contract import CONTRACTS
from sources.recorders.runs import shared_folder, write

CURATED = Path(__file__).parents[1] / "power_prices" / "curated"
# Claim: the zone it is about, what to know. Repetitions of a figure (001:326, 001:328) are named, not recorded twice.
CLAIMS = {
    "000-D1-125": ("Grid", "the documents' default; repeated as a tile for Northern Virginia at 001:328"),
    "000-D1-126": ("Crusoe", "the documents' default; repeated as a tile at 001:326"),
    "000-D1-036": ("Crusoe stranded energy", "range of stranded energy"),
    "000-D1-037": ("Northern Virginia grid", "range of the grid in Northern Virginia"),
    "000-D2-077": ("Grid range", "a second range of the grid, which the document sets beside the first"),
}
# The documents bear no date; their market tables are headed 2025 (000:248), so that is the year they speak of, and
# knowledge of them counts from its last day.
YEAR = ("2025-01-01", "2026-01-01")
KNOWN = "2025-12-31"


def rows(shared: Path) -> pl.DataFrame:
    """One row per claim, in the order of CLAIMS. Raises KeyError naming a claim that the ledger lacks."""
    ledger = pl.read_csv(shared / "ledger" / "claims.csv", infer_schema=False).rows_by_key("claim_id", named=True)
    made = []
    for claim_id, (zone, note) in CLAIMS.items():
        (claim,) = ledger[claim_id]
        if claim["unit"] != "USD/kWh":
            raise ValueError(f"claim {claim_id} is in {claim['unit']}, not USD/kWh")
        is_range = claim["value_high"] is not None
        made.append(
            {
                "zone_label": zone,
                "sector": "unspecified",
                "interval_start": YEAR[0],
                "interval_end": YEAR[1],
                "price": None if is_range else claim["value_low"],
                "price_low": claim["value_low"] if is_range else None,
                "price_high": claim["value_high"],
                "price_unit": "usd_per_kwh",
                "currency": "USD",
                "valid_from": YEAR[0],
                "valid_to": YEAR[1],
                "known_from": KNOWN,
                "known_basis": "published",
                "last_observed": KNOWN,
                "observation_count": "1",
                "grade": "C",
                "citation": f"{claim['seed_file'][:3]}:{claim['seed_line']} ({claim_id})",
                "note": f"{note}; undated document, counted from the last day of the year it speaks of",
            }
        )
    columns = [name for name in CONTRACTS["observation"].dtypes if name in made[0]]
    return pl.DataFrame(made, infer_schema_length=None).select(columns)


def main() -> None:
    """Rewrite the file."""
    write(rows(shared_folder(__doc__ or "")), CURATED / "document_power_prices.csv")


if __name__ == "__main__":
    main()
