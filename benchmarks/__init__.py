"""Load on the API over loopback, beside the plain path: `make bench`."""
