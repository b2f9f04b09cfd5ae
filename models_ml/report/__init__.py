"""What was measured, as pages, tables and plots."""
