"""Which audience will this new film find: the new-film predictors."""
