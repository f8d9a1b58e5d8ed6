"""The documents' models, one module each: which cases a model is computed for and which figures it gives.

A model names formulas (pipelines/economics) and the operands they take (core.assumption, or observed tables).
Not here: arithmetic, tables of their own (pipelines/marts), and what the documents printed (core.claim).
"""
