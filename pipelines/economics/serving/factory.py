"""The rack-hour factory: a year of rented racks, the tokens they sell, and how far that is from nothing earned.

Seen from the customer who rents the capacity: every rack-hour of the year is paid for, whatever it is used for. The
whole bill against the revenue is the factory's contribution; revenue less the inference share of the bill is gross
profit. Throughput counts all tokens of a rack (read, cached, written), so that it meets a price per million of all.

Not here: which rent, throughput or share applies; what throughput is possible (roofline.py); the owner's capital.
"""

from __future__ import annotations

import polars as pl

from pipelines.economics.formula import formula
from pipelines.economics.units import HOURS_PER_YEAR, KW_PER_MW, MTOK_PER_HOUR_PER_TOKEN_PER_S, PERCENT, WATTS_PER_KW


@formula(unit="rack", source="M23; document 002:16")
def racks(gpus: pl.Expr, gpus_per_rack: pl.Expr) -> pl.Expr:
    """GPUs over the GPUs of a rack, in whole racks: the last one is rented even if it is not full."""
    return (gpus / gpus_per_rack).ceil()


@formula(unit="rack*hour/year", source="M23; document 002:19")
def rack_hours(racks: pl.Expr) -> pl.Expr:
    """Racks x 8760: what the factory has in a year, and pays for."""
    return racks * HOURS_PER_YEAR


@formula(unit="usd/rack/hour", source="M23; document 002:12")
def cost_usd_per_rack_hour(gpus_per_rack: pl.Expr, rental_usd_per_gpu_hour: pl.Expr) -> pl.Expr:
    """GPUs of a rack x the rent of a GPU-hour."""
    return gpus_per_rack * rental_usd_per_gpu_hour


@formula(unit="usd/year", source="M23; document 002:7,11")
def factory_bill_usd(rack_hours: pl.Expr, cost_usd_per_rack_hour: pl.Expr) -> pl.Expr:
    """Rack-hours x their cost: the year's commitment, the same at any throughput and any share."""
    return rack_hours * cost_usd_per_rack_hour


@formula(unit="rack*hour/year", source="M23; document 002:19")
def inference_rack_hours(rack_hours: pl.Expr, inference_share: pl.Expr) -> pl.Expr:
    """Rack-hours that make paid tokens; the others train, test, wait or improve the model."""
    return rack_hours * inference_share


@formula(unit="rack*hour/year", source="M23; document 002:19")
def allocated_rack_hours(rack_hours: pl.Expr, allocation_share: pl.Expr) -> pl.Expr:
    """Rack-hours of one use of the factory."""
    return rack_hours * allocation_share


@formula(unit="usd/year", source="M23; document 002:19")
def allocated_cost_usd(allocated_rack_hours: pl.Expr, cost_usd_per_rack_hour: pl.Expr) -> pl.Expr:
    """What the rack-hours of one use cost in a year."""
    return allocated_rack_hours * cost_usd_per_rack_hour


@formula(unit="Mtok/rack/hour", source="M23; document 002:5")
def mtok_per_rack_hour(tokens_per_s_per_rack: pl.Expr) -> pl.Expr:
    """Million tokens a rack serves in an hour of inference, sustained."""
    return tokens_per_s_per_rack * MTOK_PER_HOUR_PER_TOKEN_PER_S


@formula(unit="Mtok/year", source="M23; document 002:12")
def inference_mtok(inference_rack_hours: pl.Expr, mtok_per_rack_hour: pl.Expr) -> pl.Expr:
    """Million tokens the factory sells in a year: all that inference makes finds a buyer (002:22 watches that)."""
    return inference_rack_hours * mtok_per_rack_hour


@formula(unit="usd/Mtok", source="M23; document 002:17: list price is not realised revenue")
def realised_price_usd_per_mtok(mix_price_usd_per_mtok: pl.Expr, realised_price_share: pl.Expr) -> pl.Expr:
    """List price of the mix x the share of it that is received after discounts, free use and subscriptions."""
    return mix_price_usd_per_mtok * realised_price_share


@formula(unit="usd/year", source="M23; document 002:12")
def revenue_usd(inference_mtok: pl.Expr, realised_price_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Tokens sold in a year x the price received."""
    return inference_mtok * realised_price_usd_per_mtok


@formula(unit="usd/Mtok", source="M23")
def inference_cost_usd_per_mtok(cost_usd_per_rack_hour: pl.Expr, mtok_per_rack_hour: pl.Expr) -> pl.Expr:
    """Cost of the rack-hours that made a million tokens, those spent on anything else left out."""
    return cost_usd_per_rack_hour / mtok_per_rack_hour


@formula(unit="usd/Mtok", source="M23; document 002:20")
def fixed_cost_usd_per_mtok(inference_cost_usd_per_mtok: pl.Expr, inference_share: pl.Expr) -> pl.Expr:
    """The whole bill over the tokens sold: every rack-hour of the factory is charged to inference."""
    return inference_cost_usd_per_mtok / inference_share


@formula(unit="usd/year", source="M23: revenue less the whole bill, training included")
def factory_contribution_usd(revenue_usd: pl.Expr, factory_bill_usd: pl.Expr) -> pl.Expr:
    """Revenue less the bill of all rack-hours."""
    return revenue_usd - factory_bill_usd


@formula(unit="usd/year", source="M23: revenue less the inference share of the bill")
def gross_profit_usd(revenue_usd: pl.Expr, factory_bill_usd: pl.Expr, inference_share: pl.Expr) -> pl.Expr:
    """Revenue less the bill of the rack-hours that made it; training and research are not charged to it."""
    return revenue_usd - factory_bill_usd * inference_share


@formula(unit="kW/rack", source="document 000:36: 120 kW over 72")
def kw_per_rack(server_w_per_gpu: pl.Expr, gpus_per_rack: pl.Expr) -> pl.Expr:
    """Server draw of a GPU x the GPUs of a rack, where nobody states the rack's."""
    return server_w_per_gpu * gpus_per_rack / WATTS_PER_KW


@formula(unit="MW", source="M23; document 002:4")
def factory_it_mw(racks: pl.Expr, kw_per_rack: pl.Expr) -> pl.Expr:
    """Power of the racks."""
    return racks * kw_per_rack / KW_PER_MW


@formula(unit="MW", source="M23; document 000:31 for the PUE")
def factory_facility_mw(factory_it_mw: pl.Expr, pue: pl.Expr) -> pl.Expr:
    """Power of the racks with cooling and losses."""
    return factory_it_mw * pue


@formula(unit="usd/MW/year", source="M23; document 002:4,6")
def factory_bill_usd_per_it_mw_year(factory_bill_usd: pl.Expr, factory_it_mw: pl.Expr) -> pl.Expr:
    """The year's bill over the MW of the racks."""
    return factory_bill_usd / factory_it_mw


@formula(unit="usd/MW/year", source="M23; document 002:4,6")
def factory_revenue_usd_per_it_mw_year(revenue_usd: pl.Expr, factory_it_mw: pl.Expr) -> pl.Expr:
    """Revenue over the MW of the racks."""
    return revenue_usd / factory_it_mw


@formula(unit="usd/MW/year", source="M23; document 002:4,6")
def factory_revenue_usd_per_facility_mw_year(revenue_usd: pl.Expr, factory_facility_mw: pl.Expr) -> pl.Expr:
    """Revenue over the MW of the racks with cooling and losses."""
    return revenue_usd / factory_facility_mw


@formula(unit="usd/MW/year", source="M23; document 002:4,6")
def contribution_usd_per_it_mw_year(factory_contribution_usd: pl.Expr, factory_it_mw: pl.Expr) -> pl.Expr:
    """Contribution over the MW of the racks."""
    return factory_contribution_usd / factory_it_mw


@formula(unit="usd/MW/year", source="M23; document 002:4,6")
def contribution_usd_per_facility_mw_year(factory_contribution_usd: pl.Expr, factory_facility_mw: pl.Expr) -> pl.Expr:
    """Contribution over the MW of the racks with cooling and losses."""
    return factory_contribution_usd / factory_facility_mw


@formula(unit="1/s", source="M23; document 002:2,22: T*")
def breakeven_tokens_per_s_per_rack(
    cost_usd_per_rack_hour: pl.Expr, realised_price_usd_per_mtok: pl.Expr, inference_share: pl.Expr
) -> pl.Expr:
    """Tokens per second of a rack at which the contribution is zero; below it the factory loses."""
    return cost_usd_per_rack_hour / (MTOK_PER_HOUR_PER_TOKEN_PER_S * realised_price_usd_per_mtok * inference_share)


@formula(unit="1/s", source="M23")
def breakeven_tokens_per_s_per_gpu(breakeven_tokens_per_s_per_rack: pl.Expr, gpus_per_rack: pl.Expr) -> pl.Expr:
    """The same for one GPU of the rack."""
    return breakeven_tokens_per_s_per_rack / gpus_per_rack


@formula(unit="1", source="M23; document 002:2,22: a*")
def breakeven_inference_share(inference_cost_usd_per_mtok: pl.Expr, realised_price_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Share of rack-hours that inference needs for a contribution of zero; above 1 no allocation saves it."""
    return inference_cost_usd_per_mtok / realised_price_usd_per_mtok


@formula(unit="usd/Mtok", source="M23; document 002:2,22: p*")
def breakeven_mix_price_usd_per_mtok(fixed_cost_usd_per_mtok: pl.Expr, realised_price_share: pl.Expr) -> pl.Expr:
    """List price of the mix at which the contribution is zero."""
    return fixed_cost_usd_per_mtok / realised_price_share


@formula(unit="percent", source="M23; document 002:2,22: distance of the falsifiers")
def decline_to_breakeven_pct(fixed_cost_usd_per_mtok: pl.Expr, realised_price_usd_per_mtok: pl.Expr) -> pl.Expr:
    """1 - cost / price of a token, or 1 - bill / revenue: how far throughput, share or price, each alone, may fall.

    One figure for all three, since revenue is their product. Below zero it says by how much of itself each would have
    to rise, with the sign turned. Per token, so that its range does not count the racks on both sides.
    """
    return PERCENT * (1.0 - fixed_cost_usd_per_mtok / realised_price_usd_per_mtok)


@formula(unit="percent", source="M23; document 002:22")
def rent_rise_to_breakeven_pct(fixed_cost_usd_per_mtok: pl.Expr, realised_price_usd_per_mtok: pl.Expr) -> pl.Expr:
    """Price / cost of a token - 1, which is revenue / bill - 1: how far the rent may rise before nothing is left."""
    return PERCENT * (realised_price_usd_per_mtok / fixed_cost_usd_per_mtok - 1.0)


@formula(unit="1/s", source="M23: roofline of decode and prefill in one mix; M10")
def mixed_tokens_per_s_per_rack(
    decode_tokens_per_s: pl.Expr, prefill_tokens_per_s: pl.Expr, input_tokens_per_output_token: pl.Expr
) -> pl.Expr:
    """(1 + R) / (1/D + R/P): all tokens of a rack that reads R input tokens for each it writes; a ceiling."""
    seconds = 1.0 / decode_tokens_per_s + input_tokens_per_output_token / prefill_tokens_per_s
    return (1.0 + input_tokens_per_output_token) / seconds
