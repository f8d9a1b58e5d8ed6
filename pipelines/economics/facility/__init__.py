"""What a data centre costs, earns and saves, and what a megawatt of it holds. Not here: a single GPU-hour."""
