-- llm-prices with its own days, USD per Mtok: a dated figure keeps its day, one that a reading drops is restated.
{{ token_price_snapshots('llm_prices_historical') }}
