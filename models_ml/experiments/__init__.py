"""Candidates fitted, measured and put on record."""
