"""Token prices: what APIs charge per million tokens. Not here: canonical model names, indices, blends."""
