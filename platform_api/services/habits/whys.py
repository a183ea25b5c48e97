"""Why a day was unusual and what a week is like, in sentences made of counted facts."""

from collections.abc import Mapping, Sequence

from platform_api.crud.habits import LATEST_DAYS, RECENT_DAYS, ArtistFacts, Candidate
from platform_api.services.habits.days import DayFacts, HourShare
from platform_api.utils.wording import WEEKDAYS, clock_hour, counted, listed, percent, spoken_date, times

MOST_SENTENCES = 2


def why_surprising(facts: DayFacts, unusual_hours: Sequence[int] = (), missing_hours: Sequence[int] = ()) -> str:
    """At most two sentences, the most telling first. Hours that the day's own plays do not confirm are dropped."""
    said = [
        sentence
        for sentence in (
            _volume(facts),
            _unusual(facts, unusual_hours),
            _missing(facts, missing_hours),
            _one_artist(facts),
            _new_tracks(facts),
        )
        if sentence is not None
    ]
    return " ".join(said[:MOST_SENTENCES]) or _plain(facts)


def _volume(facts: DayFacts) -> str | None:
    usual, weekday = facts.usual_listens, WEEKDAYS[facts.day.weekday()]
    if usual is None:
        return None
    about = counted(round(usual), "listen")
    if facts.listens == 0:
        return f"A silent {weekday}, where you usually have about {about}." if usual >= 1 else None
    if facts.listens >= max(2 * usual, usual + 8):
        usually = f"about {round(usual):,}" if usual >= 1 else "hardly any"
        return f"{counted(facts.listens, 'listen')}, where a {weekday} usually has {usually}."
    if facts.listens <= usual / 2 and usual >= 6:
        return f"Only {counted(facts.listens, 'listen')}, where a {weekday} usually has about {round(usual):,}."
    return None


def _unusual(facts: DayFacts, hours: Sequence[int]) -> str | None:
    confirmed = sorted(set(hours) & set(facts.hours))[:3]
    if not confirmed:
        return None
    return f"You listened at {listed([clock_hour(hour) for hour in confirmed])}, when it is usually quiet."


def _missing(facts: DayFacts, hours: Sequence[int]) -> str | None:
    confirmed = sorted(set(hours) - set(facts.hours))[:3]
    if not confirmed or facts.listens == 0:
        return None
    return f"Nothing at {listed([clock_hour(hour) for hour in confirmed])}, when you usually listen."


def _one_artist(facts: DayFacts) -> str | None:
    if facts.top_artist is None or facts.top_artist_listens < max(8, facts.listens / 2):
        return None
    return f"{facts.top_artist_listens:,} of {counted(facts.listens, 'listen')} went to {facts.top_artist}."


def _new_tracks(facts: DayFacts) -> str | None:
    if facts.new_tracks < max(5, facts.listens / 4):
        return None
    return f"You heard {counted(facts.new_tracks, 'track')} for the first time."


def _plain(facts: DayFacts) -> str:
    return f"{counted(facts.listens, 'listen')} at hours that are not like other {WEEKDAYS[facts.day.weekday()]}s."


def why_skipped(candidate: Candidate) -> str | None:
    """What became of a track's recent plays; None where it was never skipped."""
    if not candidate.skips:
        return None
    if candidate.plays == 1:
        return f"You skipped it when it last played, within the latest {RECENT_DAYS} days of your history."
    known = "" if candidate.told == candidate.plays else ", of those that tell it"
    return f"You skipped it {times(candidate.skips)} in its latest {counted(candidate.told, 'play')}{known}."


def why_next(artist: ArtistFacts, hour: int) -> str:
    """What the latest weeks say of an artist; `hour` is the hour that was counted around."""
    weeks = f"{LATEST_DAYS // 7} weeks"
    if not artist.listens or artist.last_day is None:
        return f"Nothing listened to in {weeks}."
    heard = f"{counted(artist.listens, 'listen')} in {weeks}"
    if artist.around_hour > 1 and artist.around_hour >= artist.listens / 4:
        return f"{heard}, {artist.around_hour:,} of them around {clock_hour(hour)}."
    return f"{heard}, the last on {spoken_date(artist.last_day)}."


def why_due(visits: int, usual_days: int, silent_days: int) -> str:
    """
    >>> why_due(8, 40, 55)
    'You came back to it 7 times, after some 40 days as a rule. Now it has been 55.'
    """
    came = f"You came back to it {times(visits - 1)}, after some {usual_days} days as a rule."
    return f"{came} Now it has been {silent_days}."


def routine_and_phases(listens: Mapping[str, int], months: int) -> str:
    """From the listens of the latest months by what they were.

    >>> routine_and_phases({"routine": 60, "phase": 25, "new": 10, "visit": 5}, 6)
    '60 % of what you heard in the last 6 months was routine. 25 % belonged to a phase, 10 % to artists new to you.'
    """
    everything = sum(listens.values())
    if not everything:
        return "There is no past yet to tell routine from phases by: it takes twelve weeks."
    routine, phase, new = (listens[kind] / everything for kind in ("routine", "phase", "new"))
    when = "in the last month" if months == 1 else f"in the last {months} months"
    said = f"{percent(routine)} of what you heard {when} was routine."
    fresh = percent(new) if new else "nothing"
    if not phase:
        return f"{said} No artist took over; {fresh} went to artists new to you."
    return f"{said} {percent(phase)} belonged to a phase, {fresh} to artists new to you."


def routine(hours: Sequence[HourShare]) -> str:
    """The week in a sentence or two, from how often each of its hours had music."""
    likely = sorted(hours, key=lambda each: (-each.share, each.weekday, each.hour))
    if not likely or likely[0].share == 0:
        return "There is no week of music to look at yet."
    first = likely[0]
    if first.share < 0.25:
        return "Your weeks have no fixed hours: no single hour has music in more than a quarter of them."
    sentences = [
        f"Music is most likely on {WEEKDAYS[first.weekday]}s at {clock_hour(first.hour)}: "
        f"it played then in {percent(first.share)} of recent weeks."
    ]
    totals = [sum(each.share for each in hours if each.weekday == weekday) for weekday in range(7)]
    quietest = min(range(7), key=lambda weekday: totals[weekday])
    knows_every_day = len({each.weekday for each in hours}) == 7
    if knows_every_day and totals[quietest] <= 0.6 * max(totals):
        sentences.append(f"{WEEKDAYS[quietest]}s are the quietest.")
    return " ".join(sentences)
