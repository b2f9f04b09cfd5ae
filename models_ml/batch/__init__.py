"""The two methods for whole files: `predict` and `audience`."""
