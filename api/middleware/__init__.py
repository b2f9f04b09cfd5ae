"""Around every request: observation, metrics, logs, limits, `Host`."""
