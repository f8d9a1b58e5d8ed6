"""What a document prints, held against what its own operands give and what is observed today.

Not here: the claims and bindings themselves (sources/claims), formulas (pipelines/economics), the two tables
(pipelines/documents/marts/claim_check.py, inconsistency_check.py).
"""
