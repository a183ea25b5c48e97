"""What the habit model learns beside its network: how far to trust it, and what counting says about the next artist."""
