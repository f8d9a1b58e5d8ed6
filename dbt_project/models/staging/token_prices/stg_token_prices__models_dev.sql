-- models.dev's list, USD per Mtok: one row per spell in which consecutive readings show one figure.
{{ token_price_snapshots('models_dev') }}
