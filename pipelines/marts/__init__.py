"""One module per mart: the question it answers, its grain, its inputs, the rows, the figures named.

Not here: arithmetic (pipelines/economics), reading or writing tables, orchestration.
"""
