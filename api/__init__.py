"""The API over HTTP and its page."""
