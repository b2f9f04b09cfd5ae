"""Measured speed: the API under load, and the build."""
