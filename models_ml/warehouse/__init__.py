"""The warehouse: built by dbt, read, exported for serving."""
