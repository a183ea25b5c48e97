"""How a process that serves for long treats its memory: Python's collector, and the heaps of the C library below it."""

import ctypes
import gc

OLDER_EVERY = 20

KEPT_MIB = 256
"""At most so much of what was freed stays in the heap. A process that answered for a million plays holds 310 in all."""
LARGEST_IN_HEAP_MIB = 32
"""The most that glibc allows."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Of mallopt(3), by malloc.h."""


def collect_less_often(allocations: int) -> None:
    """Call it once, when everything that lives as long as the process is loaded: that is never looked at again.

    Looking through all of it takes 0.2 s, in the middle of somebody's answer. `allocations`: new objects between two
    looks at them, which take a millisecond for each thousand.
    """
    gc.collect()
    gc.freeze()
    gc.collect()  # CPython looks at the oldest only when a quarter as much has come as the last look found: now nothing
    gc.set_threshold(allocations, OLDER_EVERY, OLDER_EVERY)


def share_one_heap() -> None:
    """glibc gives threads heaps of their own, eight for each core, and what is free in one serves no other. Dozens of
    threads that Python lets run one at a time need no more than one. Call it before there are threads."""
    _tell_glibc(_ARENA_MAX, 1)


def keep_what_is_freed() -> None:
    """An answer about a million plays takes some 60 MB in columns. glibc returns them, and the kernel clears every page
    anew for the next answer: a fifth of its time, and now and then as much again."""
    _tell_glibc(_MMAP_THRESHOLD, LARGEST_IN_HEAP_MIB << 20)
    _tell_glibc(_TRIM_THRESHOLD, KEPT_MIB << 20)


def _tell_glibc(option: int, value: int) -> None:
    told = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have no such thing
    if told is not None:
        told(option, value)
