-- llm-prices, what is in force, USD per Mtok: one row per spell in which consecutive readings show one figure.
{{ token_price_snapshots('llm_prices_current') }}
