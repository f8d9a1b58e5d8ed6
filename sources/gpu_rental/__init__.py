"""GPU rental: list prices by provider, GPU, commitment and region. Not here: canonical names, headline rates."""
