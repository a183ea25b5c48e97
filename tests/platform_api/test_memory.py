"""What is freed stays with a process that serves, and a listener's history goes when nobody holds it."""

import gc
import os
import subprocess
import sys
import weakref
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from platform_api.crud.grooves import LISTEN_BIT, Month
from platform_api.services.analytics.history import _RECORD, unpacked

MONTH = date(2024, 3, 1)
FAULTS = """
import resource, threading
import numpy as np
{told}

def answer():
    columns = [np.ones(1_000_000) for _ in range(20)]

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    thread = threading.Thread(target=answer)
    thread.start()
    thread.join()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

for _ in range(3):
    faults()
print(faults())
"""
TOLD = "from platform_api.utils import memory; memory.share_one_heap(); memory.keep_what_is_freed()"


def faults_of_later_answers(told: str) -> int:
    """Pages that the kernel had to hand out, in a process of its own."""
    command = [sys.executable, "-c", FAULTS.format(told=told)]
    environment = {**os.environ, "NUMPY_MADVISE_HUGEPAGE": "0"}
    return int(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(not hasattr(os, "confstr") or "CS_GNU_LIBC_VERSION" not in os.confstr_names, reason="glibc only")
def test_memory_of_one_answer_serves_the_next() -> None:
    assert faults_of_later_answers("") > 1000
    assert faults_of_later_answers(TOLD) < 200


@pytest.mark.parametrize("kind", [0, 1], ids=["songs alone", "episodes alone"])
def test_a_history_goes_with_its_last_holder(kind: int) -> None:
    """Without waiting for the collector, which looks seldom: a history of years is large."""
    records = np.zeros(100, _RECORD)
    records["ms"] = np.arange(100) * 60_000 - 2**31
    records["facts"] = kind | 1 << LISTEN_BIT
    history = unpacked([Month(MONTH, records.tobytes())], ZoneInfo("Europe/Prague"))
    of_month = history.between(date(2024, 2, 1), date(2024, 4, 30))
    assert of_month is history
    assert (len(history.songs.listens), len(history.spoken.listens)) == ((100, 0) if kind == 0 else (0, 100))
    assert history.between(MONTH, MONTH) is history.between(MONTH, MONTH)
    gone = weakref.ref(history)
    gc.disable()
    try:
        del history, of_month
        assert gone() is None
    finally:
        gc.enable()
