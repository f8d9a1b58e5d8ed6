"""The reference documents, computed again: their models (M01 and so on), operands, claims and verdicts.

Not here: formulas (economics), the documents' figures themselves (sources/assumptions, sources/claims).
"""
