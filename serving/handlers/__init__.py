"""One file per model. TorchServe loads it by path and asks that it define exactly one class."""
