"""Every choice of the headline marts that is not a formula: which rows are built and why. Nothing else decides.

Rules about observations (when a price is stale, when a headline is indicative) are core's: seeds/rules.csv.
Not here: assumed values (core.assumption), what documents print (document_rows.py).
"""

from __future__ import annotations

from pipelines.economics import formula

PROFESSIONAL = formula.PROFESSIONAL
AS_PUBLISHED = formula.AS_PUBLISHED
"""The two readings of a figure (pipelines/economics/formula.py)."""

ILLUSTRATION = "illustration"
"""The documents' form on figures rackhour chose where the documents print none: no document states these results."""

ASSUMPTION_SET = "professional"
"""The set of core.assumption the professional reading runs on; the documents' sets feed as_published alone."""

OWNED_COLO = "owned_colo"
RENTED_HEADLINE = "rented_headline"
"""The two cost stacks on observed prices: GPUs bought and put in rented space, GPUs rented by the hour."""

UNSPECIFIED = "unspecified"
"""A key value where the document leaves the matter open."""

NOT_APPLICABLE = "none"
"""A key value where the matter does not arise: the throughput of a GPU that is let by the hour."""

TAKE_OR_PAY = ("reserved", "reserved_1y", "reserved_3y")
"""Commitments whose customer pays for every hour of the term: their utilisation is 1, not the fleet's."""

BUSINESS_MODEL_OF_COMMITMENT = {
    "on_demand": "rental_on_demand",
    "spot": "rental_spot",
    "reserved_1y": "rental_reserved_1y",
    "reserved_3y": "rental_reserved_3y",
}
"""What a MW can be let as. Community and serverless offers are other people's machines, not a MW of one's own."""

MANAGED_INFERENCE = "managed_inference"
TOKEN_HEADLINE = "token_headline"
"""Price basis of managed inference: the median over providers of the model's list price."""

SERVING_MARKET = "us_average"
"""Where owned GPUs that serve tokens are taken to stand: API prices name no place."""

SERVING_COMMITMENT = "on_demand"
SERVING_RENT_BASIS = "headline_all"
"""What rented GPUs that serve tokens cost: the overall on-demand headline, the dearest of the common terms."""

TOKEN_PROCESSING = ("standard", "batch")
TOKEN_TIER = "base"
"""List prices whose margin is computed. Long-context tiers need throughput at long context, which nobody reports."""

MEGAWATT_TOKEN_PROCESSING = "standard"
"""A MW of managed inference sells at standard list prices; batch is a discount for idle hours."""

OUTPUT_ONLY = "output_only"
OUTPUT_ONLY_TIME_SHARE = 1.0
"""The only blend where input speed is not reported: all tokens per second are output and input is served unpaid, as
MLPerf counts. The margin is then a floor."""

TIME_60_40 = "time_60_40"
"""The documents' blend: 60% of GPU-time on output, the rest on input."""

INPUT_ONLY = "input_only"
INPUT_ONLY_TIME_SHARE = 0.0

CACHED_SHARE_OF_BLENDS = 0.0
"""Only blends without cached input are computed: no source reports how fast a GPU reads from cache."""

BYTES_PER_PARAMETER = {"fp16": 2.0, "fp8": 1.0, "fp4": 0.5, "mxfp4": 0.5}
"""Weights of a measured precision; the few parameters every format keeps wider are left out."""

MW_BASES = {"it": "server_kw_per_gpu", "facility": "facility_kw_per_gpu", "utility": "utility_kw_per_gpu"}
"""What the MW counts, and the watts of a GPU on that basis."""
