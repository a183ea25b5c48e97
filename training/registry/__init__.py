"""MLflow: runs, versions, aliases, the gate before a promotion."""
