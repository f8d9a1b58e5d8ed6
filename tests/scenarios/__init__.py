"""Scenarios and what they change."""
