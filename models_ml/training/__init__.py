"""The best candidate of each question, refitted for a release."""
