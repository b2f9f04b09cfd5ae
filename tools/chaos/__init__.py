"""What is done to Plateia on purpose, to see that it holds."""
