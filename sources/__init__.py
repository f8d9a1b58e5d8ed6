"""What the world says: publishers' payloads turned into contract rows.

Not here: orchestration, databases, canonical names, unit conversion, or any judgment about a figure.
"""
