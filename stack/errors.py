"""What the person at the keyboard is told when something of the stack cannot work."""


class StackError(Exception):
    """One line saying what is wrong and what to do; printed without a traceback."""
