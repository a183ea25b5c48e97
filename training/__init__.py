"""From exported plays to published models. The only room that knows Lightning, MLflow and DVC."""
