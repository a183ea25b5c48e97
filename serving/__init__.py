"""Everything that TorchServe runs or reads: handlers and their contracts."""
