-- OpenRouter's own list, USD per token: one row per spell in which consecutive readings show one figure.
{{ token_price_snapshots('openrouter') }}
