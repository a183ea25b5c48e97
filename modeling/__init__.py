"""Networks, pre-processing and predictors: one place for training, evaluation and serving.

Imports nothing else of ours, so that these sources can travel inside a served archive.
"""
