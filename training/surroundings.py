"""What the commands read from the environment; the running stack writes it to `stack.env`."""

import os


class MissingSetting(Exception):
    """An environment variable is needed. The message names it."""


def required(name: str) -> str:
    """The value of an environment variable. Raises MissingSetting."""
    value = os.environ.get(name)
    if not value:
        raise MissingSetting(f"{name} is not set: start the stack (make up) and run this through make")
    return value
