"""Measuring a bundle through its predictor, beside plain baselines, on a later span than it was trained on."""
