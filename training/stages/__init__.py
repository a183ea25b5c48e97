"""The stages of `dvc.yaml`, one module each with `run`: functions of files that `training/paths.py` names."""
