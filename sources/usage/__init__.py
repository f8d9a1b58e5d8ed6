"""Usage: how busy machines are, and how many tokens of which kind are used. Not here: what either is worth."""
