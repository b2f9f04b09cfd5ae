"""What grows with the data, and how: `python -m benchmarks.scale`."""
