"""Where ratings come from: download, files, generated data."""
