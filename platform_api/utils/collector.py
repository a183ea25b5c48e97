"""How often Python looks for garbage in a process that serves for long."""

import gc

OLDER_EVERY = 20


def collect_less_often(allocations: int) -> None:
    """Call it once, when everything that lives as long as the process is loaded: that is never looked at again.

    Looking through all of it takes 0.2 s, in the middle of somebody's answer. `allocations`: new objects between two
    looks at them, which take a millisecond for each thousand.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # CPython looks at the oldest only when a quarter as much has come as the last look found: now nothing
    gc.set_threshold(allocations, OLDER_EVERY, OLDER_EVERY)
