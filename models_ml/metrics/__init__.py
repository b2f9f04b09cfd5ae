"""Measures of predictions, and their uncertainty."""
