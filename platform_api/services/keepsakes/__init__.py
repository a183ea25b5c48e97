"""What a listener made and said beside their plays: told in an export, judged and brought back by an import."""
