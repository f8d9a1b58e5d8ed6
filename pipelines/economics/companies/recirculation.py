"""Money that passes several layers of one stack, and revenue booked with or without the partner's share.

Not here: who paid whom; flows are operands.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import PERCENT


@formula(unit="usd", source="M29; document 003:14: chip maker, cloud and lab each book the dollar")
def layer_flows_usd(chip_flow_usd: pl.Expr, cloud_flow_usd: pl.Expr, end_customer_revenue_usd: pl.Expr) -> pl.Expr:
    """Sum over layers of what each books."""
    return chip_flow_usd + cloud_flow_usd + end_customer_revenue_usd


@formula(unit="percent", source="M29; document 003:14: what flows in from outside the loop")
def external_share_pct(end_customer_revenue_usd: pl.Expr, layer_flows_usd: pl.Expr) -> pl.Expr:
    """End-customer revenue over the sum of layer flows; the rest is the same money seen again."""
    return PERCENT * end_customer_revenue_usd / layer_flows_usd


@formula(unit="percent", source="M29; document 003:33-35: the partner's cut inside revenue and cost alike")
def gross_booked_margin_pct(net_booked_margin_pct: pl.Expr, partner_share: pl.Expr) -> pl.Expr:
    """GM_net x (1 - s): the same profit over a revenue that still holds the partner's share s."""
    return net_booked_margin_pct * (1.0 - partner_share)


@formula(unit="1", source="M29; ledger I-69: the share at which booking alone explains the gap")
def implied_partner_share(net_booked_margin_pct: pl.Expr, observed_gross_booked_margin_pct: pl.Expr) -> pl.Expr:
    """1 - GM_gross / GM_net."""
    return 1.0 - observed_gross_booked_margin_pct / net_booked_margin_pct
