"""An hour at 70 % of what the machine bears, with a fault every five minutes: `python -m benchmarks.soak`.

Starts a stack of its own (`make up` without the page and MLflow) with small real models, lets eight listeners in,
measures how many of the product's own questions a second it answers at most, and then asks at 70 % of that for
`--minutes`, over loopback, while every `--fault-every` seconds something is killed, restarted or stopped, in turn.
Beside it plays are scrobbled, and a history is imported and undone over and over.

Prints what people were told in the end (errors, the share of questions that had to be asked twice, p50 and p99), how
long each fault was felt, whether anything was lost or double, and how the memory of each part grew. Ends with 1 where a
limit is not kept: errors ≤ 0.1 %, growth of memory ≤ 1 % an hour beyond its uncertainty, nothing lost, nothing double.
An error is what somebody is left with who is as patient as the page and as players are (`soaking/traffic.py`); what
happened at first is told beside it. The one who asks is on this machine, too, and takes its share of it.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.soaking.faults import FAULTS, Fault
from benchmarks.soaking.memory import Sample, held_by
from benchmarks.soaking.place import Running, running
from benchmarks.soaking.report import (
    Happened,
    report_answers,
    report_course,
    report_faults,
    report_memory,
    report_stores,
)
from benchmarks.soaking.traffic import Traffic

NEEDS = "an hour, and the machine to itself"
SHARE = 0.7
AT_ONCE = 8
SAMPLE_EVERY_S = 10.0
LAST_FAULT_BEFORE_END_S = 45.0


async def soak(place: Running, given: argparse.Namespace) -> bool:
    traffic = Traffic(place.address, place.people, given.seed)
    try:
        await traffic.everything_once()
        over = asyncio.Event()
        importing = asyncio.create_task(traffic.imports(over))
        await traffic.as_fast_as_answered(AT_ONCE, given.measure)  # caches as in any hour but the first
        capacity = await traffic.as_fast_as_answered(AT_ONCE, given.measure)
        per_s = SHARE * capacity
        print(
            f"{capacity:.0f} questions/s at most ({AT_ONCE} at once); {per_s:.0f} a second for {given.minutes:g} min\n"
        )
        traffic.begin()
        samples: dict[str, list[Sample]] = defaultdict(list)
        beside = [asyncio.create_task(task) for task in (watch(place, traffic, samples), renew(place))]
        happening = asyncio.create_task(faults(place, traffic, given))
        await traffic.at_rate(per_s, given.minutes * 60)
        happened = await happening
        over.set()
        rounds = await importing
        for task in beside:
            task.cancel()
        for stopped in await asyncio.gather(*beside, return_exceptions=True):
            if isinstance(stopped, Exception):  # what should have run to the end did not
                raise stopped
        kept = report_answers(traffic, happened)
        report_course(traffic.answers, samples)
        report_faults(traffic.answers, happened)
        whole = report_stores(place, traffic, rounds)
        flat = report_memory(samples, given.settling)
        return kept and whole and flat
    finally:
        await traffic.close()


async def watch(place: Running, traffic: Traffic, samples: dict[str, list[Sample]]) -> None:
    while True:
        for name, process in (await asyncio.to_thread(place.supervisor.processes)).items():
            if process.state == "RUNNING":
                held = await asyncio.to_thread(held_by, process.pid)
                samples[name].append(Sample(traffic.now_s, process.pid, held))
        await asyncio.sleep(SAMPLE_EVERY_S)


async def renew(place: Running) -> None:
    while True:
        for person in place.people:
            await asyncio.to_thread(person.renew)
        await asyncio.sleep(30)


async def faults(place: Running, traffic: Traffic, given: argparse.Namespace) -> list[Happened]:
    """One each `fault_every` seconds, the last one early enough to see what becomes of it."""
    happened: list[Happened] = []
    ends = given.minutes * 60 - min(LAST_FAULT_BEFORE_END_S, given.fault_every / 2)
    for number in range(1, 1000):
        at = number * given.fault_every
        if at > ends:
            return happened
        await asyncio.sleep(max(0.0, at - traffic.now_s))
        fault: Fault = FAULTS[(number - 1) % len(FAULTS)]
        began = traffic.now_s
        await asyncio.to_thread(fault.happen, place)
        happened.append(Happened(fault.name, began, traffic.now_s))
    return happened


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--fault-every", type=float, default=300.0, help="seconds")
    parser.add_argument("--measure", type=float, default=20.0, help="seconds; twice, for what it bears at most")
    parser.add_argument(
        "--settling", type=float, default=300.0, help="seconds after a start that do not count for memory"
    )
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tonearm-soak-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        began = time.monotonic()
        with running(folder) as place:
            print(f"up, with {len(place.people)} listeners and two models, after {time.monotonic() - began:.0f} s")
            kept = asyncio.run(soak(place, given))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
