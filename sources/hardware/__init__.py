"""Hardware: what chips, servers and racks draw, hold, compute and cost. Not here: which of two figures is chosen."""
