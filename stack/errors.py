"""What the person at the keyboard is told when something of the stack cannot work."""


class StackError(Exception):
    """One line saying what is wrong and what to do; printed without a traceback."""


class StoppedMeanwhile(StackError):
    """Somebody stopped the stack while it was starting: nothing to try again."""

    def __init__(self) -> None:
        super().__init__("The stack was stopped while it was starting.")
