"""Marts about the documents: every model's results, every claim's verdict, every contradiction.

Not here: marts about prices and costs (pipelines/marts).
"""
