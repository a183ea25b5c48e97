"""One module per model: its LightningModule and `fit`."""
