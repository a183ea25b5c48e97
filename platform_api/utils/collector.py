"""How often Python looks for garbage in a process that serves for long."""

import gc

ALLOCATIONS_BETWEEN = 100_000
YOUNGER_BETWEEN = 20


def collect_less_often() -> None:
    """Call it once, when everything that lives as long as the process is loaded: that is not looked at again.

    Looking through it all took 0.2 s, in the middle of somebody's answer; and an import makes millions of short-lived
    rows and no cycles, so that looking for some cost a quarter of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS_BETWEEN, YOUNGER_BETWEEN, YOUNGER_BETWEEN)
