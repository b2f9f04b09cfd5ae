"""Which films will this person like: the new-person predictors."""
