"""What several tests share, other than fixtures."""
