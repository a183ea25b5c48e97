"""What the soak has to tell, and whether it kept its limits."""

import statistics
from collections import Counter
from dataclasses import dataclass

from benchmarks.soaking.memory import Growth, Sample, growth
from benchmarks.soaking.place import Running
from benchmarks.soaking.traffic import Answer, Traffic

CALM_AFTER_S = 45.0
MOST_ERRORS, MOST_GROWTH = 0.001, 1.0
BOUNDED_MIB = {"cache": 300}
"""Answers stay for a day, and the oldest give way at 256 MiB (stack/servers.py): it grows until then, and may."""
PLAYED = "SELECT count(*), count(DISTINCT started_at) FROM plays WHERE user_id = %s AND source = 'listenbrainz'"


@dataclass(frozen=True)
class Happened:
    fault: str
    at_s: float
    over_s: float


def report_answers(traffic: Traffic, happened: list[Happened]) -> bool:
    answers = traffic.answers
    asked = len(answers) + traffic.not_asked
    errors = sum(answer.failed for answer in answers) + traffic.not_asked
    stumbled = sum(answer.stumbled for answer in answers)
    calm = [
        answer
        for answer in answers
        if not any(one.at_s <= answer.at_s <= one.over_s + CALM_AFTER_S for one in happened)
    ]
    print(f"{asked:,} questions; {errors} errors in the end, {errors / asked:.3%} (at most {MOST_ERRORS:.1%})")
    print(
        f"{stumbled} had trouble at first, {stumbled / asked:.3%}; {traffic.not_asked} of the errors could not be asked"
    )
    for label, some in (("all", answers), ("away from faults", calm)):
        if len(some) > 100:
            took = [answer.seconds * 1000 for answer in some]
            p99 = statistics.quantiles(took, n=100)[98]
            print(f"{label:18} p50 {statistics.median(took):7.1f} ms   p99 {p99:8.1f} ms   longest {max(took):8.0f} ms")
    for label, told in (("in the end", "last"), ("at first", "first")):
        counted = Counter(getattr(answer, told) for answer in answers)
        print(
            f"{label:12} " + ", ".join(f"{number:,} × {status or 'nobody'}" for status, number in counted.most_common())
        )
    failed = Counter((answer.question, answer.last) for answer in answers if answer.failed)
    for (question, status), number in failed.most_common(10):
        print(f"  {number} × {status or 'nobody'} for {question}")
    return errors <= MOST_ERRORS * asked


def report_course(answers: list[Answer], samples: dict[str, list[Sample]], parts: int = 10) -> None:
    """How it went from part to part: what grows with time shows here before it shows in a mean."""
    ends = max(answer.at_s for answer in answers) / parts
    print(f"\n{'minutes':>12} {'answered':>9} {'p50 ms':>8} {'p99 ms':>8} {'API MiB':>8}")
    for part in range(parts):
        began = part * ends
        took = [answer.seconds * 1000 for answer in answers if began <= answer.at_s < began + ends]
        held = [one.mebibytes for one in samples["api"] if began <= one.at_s < began + ends and one.mebibytes]
        p99 = statistics.quantiles(took, n=100)[98] if len(took) > 1 else 0.0
        memory = f"{statistics.median(held):8.1f}" if held else ""
        span = f"{began / 60:.0f} to {(began + ends) / 60:.0f}"
        print(f"{span:>12} {len(took):9,} {statistics.median(took or [0.0]):8.1f} {p99:8.1f} {memory}")


def report_faults(answers: list[Answer], happened: list[Happened]) -> None:
    print(f"\n{'fault':32} {'felt for':>9} {'asked again':>12} {'errors':>7} {'without a model':>16}")
    ends = [one.at_s for one in happened[1:]] + [float("inf")]
    for one, until in zip(happened, ends, strict=False):
        near = [answer for answer in answers if one.at_s - 30 <= answer.at_s < until]
        troubled = [answer for answer in near if one.at_s <= answer.last_trouble_s < until]
        felt = max((answer.last_trouble_s - one.at_s for answer in troubled), default=0.0)
        plain = [answer.at_s - one.at_s for answer in near if answer.plain and answer.at_s >= one.at_s]
        without = f"{len(plain)} to {max(plain):.0f} s" if plain else "0"
        errors = sum(answer.failed for answer in troubled)
        print(f"{one.fault:32} {felt:7.1f} s {len(troubled):12} {errors:7} {without:>16}")


def report_stores(place: Running, traffic: Traffic, rounds: int) -> bool:
    lost = double = 0
    for person in place.people:
        ((plays, moments),) = place.query(PLAYED, person.id)
        assert isinstance(plays, int)
        assert isinstance(moments, int)
        lost += max(0, traffic.taken.get(person.id, 0) - plays)
        double += plays - moments
    ((left,),) = place.query("SELECT count(*) FROM jobs WHERE state = 'failed' AND kind IN ('import', 'undo_import')")
    taken = sum(traffic.taken.values())
    print(f"\n{taken:,} scrobbles taken: {lost} lost, {double} double")
    print(f"{rounds} imports brought and undone, {left} given up")
    alarms = place.log("watch").count("ALARM")
    print(f"{alarms} alarms of the watch")
    return lost == double == left == 0


def report_memory(samples: dict[str, list[Sample]], settling_s: float) -> bool:
    flat = True
    print(f"\n{'memory of':12} {'MiB':>8} {'% an hour':>22}")
    for name, taken in sorted(samples.items()):
        told: Growth | None = growth(taken, settling_s)
        if told is None:
            print(f"{name:12} {'too little was seen of it':>31}")
            continue
        slope = f"{told.percent_per_hour:+10.2f} ± {told.uncertainty:.2f}"
        print(f"{name:12} {told.mebibytes:8.1f} {slope}   {told.samples} samples")
        bounded = name in BOUNDED_MIB and max(one.mebibytes for one in taken) <= BOUNDED_MIB[name]
        flat = flat and (bounded or told.percent_per_hour - told.uncertainty <= MOST_GROWTH)
    return flat
