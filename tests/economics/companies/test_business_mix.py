"""A mix of businesses lies between its parts."""

from __future__ import annotations

from pipelines.economics.companies import business_mix


def test_a_mix_lies_between_its_parts(evaluate) -> None:
    for whole, expected in ((0.0, 30.0), (1.0, 60.0), (0.5, 45.0)):
        mixed = evaluate(
            business_mix.blended_margin_pct,
            managed_revenue_share=whole,
            managed_margin_pct=60.0,
            rental_margin_pct=30.0,
        )
        assert mixed == expected
