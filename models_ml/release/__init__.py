"""Releases: what is published, how it is signed, stored and loaded."""
