"""What TorchServe is started with."""
