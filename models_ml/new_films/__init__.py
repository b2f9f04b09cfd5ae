"""Films nobody has rated, for a person: what both predictors believe."""
