"""How predictions are measured: metrics, bootstrap, report."""
