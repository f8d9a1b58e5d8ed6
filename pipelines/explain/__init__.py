"""How a figure came about: the trace of a mart's own code, read back as a tree down to what somebody stated.

Not here: formulas, marts, and a second description of either.
"""
