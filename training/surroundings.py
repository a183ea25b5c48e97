"""What the commands read from the environment; the running stack writes it to `stack.env`."""

import os

from training.errors import MissingSetting


def required(name: str) -> str:
    """The value of an environment variable. Raises MissingSetting."""
    value = os.environ.get(name)
    if not value:
        raise MissingSetting(f"{name} is not set: start the stack (make up) and run this through make")
    return value
