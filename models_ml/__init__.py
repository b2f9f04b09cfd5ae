"""Learning from the warehouse: features, predictors, evaluation, releases."""
