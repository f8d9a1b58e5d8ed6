"""What every mart is written with: schema, carried columns, rules, evidence, and rows that several marts stand on.

Not here: marts (pipelines/marts), formulas (pipelines/economics).
"""
