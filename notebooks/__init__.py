"""Numbered notebooks, one question each, and what runs and shows them."""
