"""What stops a command with one line for the person who gave it. Light to import: `__main__` names them all."""


class TrainingError(Exception):
    """Something that a person can put right; the message says how."""


class MissingSetting(TrainingError):
    """An environment variable is needed."""


class ExportError(TrainingError):
    """Nothing was exported."""


class RegistryError(TrainingError):
    """MLflow is away, or does not know what was asked for."""


class GateClosed(TrainingError):
    """The challenger may be worse than the champion. `--force` promotes it all the same and says so in a tag."""


class DeploymentError(TrainingError):
    """Some champions do not serve; each line says of which model and why. The others do."""
