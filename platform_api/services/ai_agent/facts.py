"""From a wrap to the sheet of facts that a story may tell."""

from collections.abc import Iterator
from datetime import timedelta

from platform_api.schemas.analysis import Numbers
from platform_api.schemas.analysis import Span as SpanShown
from platform_api.schemas.tracks import TrackRef
from platform_api.schemas.wraps import Wrap
from platform_api.services.ai_agent.sheet import Fact, FactSheet
from platform_api.services.wraps.moments import usual_hour
from platform_api.utils.wording import MONTHS, WEEKDAYS, clock_hour, counted, percent, quoted, spoken_date

OPENING, FAVOURITES, RHYTHM, DISCOVERY, ENDINGS = range(5)
TELLING_DIFFERENCE = 0.1
"""A change smaller than a tenth is not worth a sentence."""
STAYED_LISTENS = 2


def fact_sheet(wrap: Wrap) -> FactSheet:
    """What there is to tell; no facts for a span without music."""
    spoken = spoken_span(wrap.span)
    if goes_on(wrap):
        spoken += " so far"
    facts: list[Fact] = []
    if wrap.totals.listens > 0:
        facts += [*_opening(wrap, spoken), *_favourites(wrap), *_rhythm(wrap), *_discovery(wrap)]
        facts += _endings(wrap, spoken)
    return FactSheet(wrap.span.text, wrap.span.first_day, wrap.span.last_day, spoken, tuple(facts), wrap.told_on)


def goes_on(wrap: Wrap) -> bool:
    """Whether there was more to come of the span when it was counted, as there always is of all time."""
    return wrap.span.text == "all" or (wrap.told_on is not None and wrap.told_on <= wrap.span.last_day)


def spoken_span(span: SpanShown) -> str:
    """The span as a sentence holds it: "in 2024", "in March 2024", "on 4 March 2024", "from … to …"."""
    first, last = span.first_day, span.last_day
    if span.text == "all":
        return "in all this time"
    if len(span.text) == 4:
        return f"in {first.year}"
    if len(span.text) == 7:
        return f"in {MONTHS[first.month - 1]} {first.year}"
    return f"on {spoken_date(first)}" if first == last else f"from {spoken_date(first)} to {spoken_date(last)}"


def spoken_compared(span: SpanShown, compared: SpanShown) -> str:
    """What this span is compared with: "in 2023", "in February 2024", "in the 28 days before"; beside a span that still
    runs only its part: "in the same days of 2023"."""
    last = span.first_day - timedelta(days=1)
    days = (span.last_day - span.first_day).days + 1
    if len(span.text) == 4:
        before = f"{last.year}"
    elif len(span.text) == 7:
        before = f"{MONTHS[last.month - 1]} {last.year}"
    elif days == 1:
        return "on the day before"
    else:
        before = f"the {days} days before"
    return f"in the same days of {before}" if compared.last_day < last else f"in {before}"


def _opening(wrap: Wrap, spoken: str) -> Iterator[Fact]:
    totals = wrap.totals
    listens = counted(totals.listens, "listen")
    capital = spoken[0].upper() + spoken[1:]
    yield Fact(
        key="listens",
        label="Listens",
        value=f"{totals.listens:,}",
        sentence=f"{capital} you had {listens}.",
        others=(f"{capital}, music stayed on for {listens}.",),
        paragraph=OPENING,
        measures=(listens,),
        optional=(spoken,),
    )
    hours = totals.minutes // 60
    length = counted(hours, "hour") if hours >= 2 else counted(totals.minutes, "minute")
    if totals.minutes > 0:
        yield Fact(
            key="time",
            label="Time listened",
            value=length,
            sentence=f"That is {length} of music.",
            others=(f"Put end to end, it comes to {length}.", f"It adds up to {length} of listening."),
            paragraph=OPENING,
            measures=(length,),
        )
    if wrap.span.first_day != wrap.span.last_day:
        days = counted(totals.days_active, "day")
        yield Fact(
            key="days",
            label="Days with music",
            value=f"{totals.days_active:,}",
            sentence=f"There was music on {days}.",
            others=(f"You listened on {days}.",),
            paragraph=OPENING,
            measures=(f"on {days}",),
        )
    if totals.previous is not None and totals.previous_span is not None:
        yield from _compared(totals, totals.previous, spoken_compared(wrap.span, totals.previous_span))


def _compared(totals: Numbers, previous: Numbers, before: str) -> Iterator[Fact]:
    if previous.listens == 0:
        return
    change = totals.listens / previous.listens - 1
    if abs(change) < TELLING_DIFFERENCE:
        return
    direction = "more" if change > 0 else "fewer"
    difference = f"{counted(abs(totals.listens - previous.listens), direction + ' listen', direction + ' listens')}"
    yield Fact(
        key="compared",
        looks_back=True,
        label=f"Than {before}",
        value=f"{'+' if change > 0 else '−'}{percent(abs(change))}",
        sentence=f"You had {difference} than {before}.",
        others=(f"Those are {difference} than {before}.",),
        paragraph=OPENING,
        measures=(difference, f"than {before}"),
    )


def _favourites(wrap: Wrap) -> Iterator[Fact]:
    if wrap.top_artists:
        artist = wrap.top_artists[0]
        listens = counted(artist.listens, "listen")
        yield Fact(
            key="top_artist",
            label="Most time with",
            value=artist.name,
            sentence=f"The artist you spent most time with was {artist.name}, with {listens}.",
            others=(f"Nobody kept you company longer than {artist.name}: {listens}.",),
            paragraph=FAVOURITES,
            names=(artist.name,),
            measures=(listens,),
            gist=("artist", "most", "time"),
        )
    if wrap.top_tracks:
        track = wrap.top_tracks[0]
        listens = counted(track.listens, "listen")
        by = f" by {track.artist.name}" if track.artist else ""
        name = f"{quoted(track.name)}{by}"
        yield Fact(
            key="top_track",
            label="Most played track",
            value=name,
            sentence=f"Your most played track was {name}, with {listens}.",
            others=(f"Nothing was put on more often than {name}: {listens}.",),
            paragraph=FAVOURITES,
            names=(name,),
            measures=(listens,),
            gist=("track", "most"),
        )
    totals = wrap.totals
    tracks, artists = counted(totals.tracks, "different track"), counted(totals.artists, "artist")
    yield Fact(
        key="variety",
        label="Different tracks",
        value=f"{totals.tracks:,} by {artists}",
        sentence=f"You heard {tracks} by {artists}.",
        others=(f"In all, it was {tracks} by {artists}.",),
        paragraph=FAVOURITES,
        measures=(tracks, artists),
    )


def _rhythm(wrap: Wrap) -> Iterator[Fact]:
    peak = usual_hour(wrap.clock)
    if peak is not None and wrap.span.first_day != wrap.span.last_day:
        day, hour = WEEKDAYS[peak.weekday], clock_hour(peak.hour)
        yield Fact(
            key="peak_hour",
            label="Favourite hour",
            value=f"{day} at {hour}",
            sentence=f"You listened most on {day}s at {hour}.",
            others=(f"{day}s at {hour} were yours: no other hour had more music.",),
            paragraph=RHYTHM,
            names=(f"{day}s",),
            measures=(hour,),
            gist=("most",),
        )
    if wrap.peak_day is not None and wrap.peak_day.listens > 0 and wrap.totals.days_active > 1:
        day, listens = spoken_date(wrap.peak_day.day), counted(wrap.peak_day.listens, "listen")
        yield Fact(
            key="peak_day",
            label="Fullest day",
            value=f"{day}, {listens}",
            sentence=f"The day with most music was {day}, with {listens}.",
            others=(f"No day had more music than {day}: {listens}.",),
            paragraph=RHYTHM,
            names=(day,),
            measures=(listens,),
            gist=("day", "most"),
        )
    streak = wrap.longest_streak
    if streak is not None and streak.days >= 3:
        first, last = spoken_date(streak.first_day), spoken_date(streak.last_day)
        yield Fact(
            key="streak",
            label="Longest run of days",
            value=counted(streak.days, "day"),
            sentence=f"Your longest run of days with music lasted {streak.days} days, from {first} to {last}.",
            others=(f"From {first} to {last} no day was silent: {streak.days} days in a row.",),
            paragraph=RHYTHM,
            names=(f"from {first} to {last}",),
            measures=(f"{streak.days} days",),
            gist=("longest",),
        )
    if wrap.obsession is not None and wrap.obsession.listens >= 4:
        name, listens = _track(wrap.obsession.track), counted(wrap.obsession.listens, "time")
        day = spoken_date(wrap.obsession.day)
        yield Fact(
            key="obsession",
            label="Most in one day",
            value=f"{wrap.obsession.track.name}, {listens}",
            sentence=f"On {day} you played {name} {listens}.",
            others=(f"{name} had you on {day}: {listens} in one day.",),
            paragraph=RHYTHM,
            names=(day, *_names(wrap.obsession.track)),
            measures=(listens,),
        )


def _discovery(wrap: Wrap) -> Iterator[Fact]:
    if wrap.discovery.count:
        tracks = counted(wrap.discovery.count, "track")
        yield Fact(
            key="discoveries",
            looks_back=True,
            label="Heard for the first time",
            value=tracks,
            sentence=f"You heard {tracks} for the first time.",
            others=(f"{tracks} were new to you." if wrap.discovery.count != 1 else "1 track was new to you.",),
            paragraph=DISCOVERY,
            measures=(tracks,),
            gist=("first", "time"),
        )
    found = next(iter(wrap.discovery.favourites), None)
    if found is not None and found.listens >= STAYED_LISTENS:
        name, listens, day = _track(found.track), counted(found.listens, "listen"), spoken_date(found.day)
        yield Fact(
            key="best_discovery",
            looks_back=True,
            label="The find that stayed",
            value=found.track.name,
            sentence=f"You first heard {name} on {day}, and it stayed for {listens}.",
            others=(f"One of them stayed: {name}, first heard on {day}, {listens} since.",),
            paragraph=DISCOVERY,
            names=(day, *_names(found.track)),
            measures=(listens,),
            gist=("first",),
        )
    comeback = wrap.comeback
    if comeback is not None:
        silent, day = counted(comeback.silent_days, "silent day"), spoken_date(comeback.back_on)
        name = _track(comeback.track) if comeback.track else comeback.artist.name if comeback.artist else ""
        names = _names(comeback.track) if comeback.track else (name,)
        yield Fact(
            key="comeback",
            looks_back=True,
            label="Came back",
            value=comeback.track.name if comeback.track else name,
            sentence=f"After {silent}, {name} came back on {day}.",
            others=(f"{name} had been silent for {counted(comeback.silent_days, 'day')} and came back on {day}.",),
            paragraph=DISCOVERY,
            names=(day, *names),
            measures=(f"after {silent}",),
            gist=("back",),
        )


def _endings(wrap: Wrap, spoken: str) -> Iterator[Fact]:
    if wrap.most_skipped is not None:
        skipped = wrap.most_skipped
        name, often = _track(skipped.track), f"{skipped.skips} of {counted(skipped.plays, 'time')}"
        yield Fact(
            key="most_skipped",
            label="Skipped most",
            value=f"{skipped.track.name}, {often}",
            sentence=f"You skipped {name} {often}.",
            others=(f"{name} had no luck with you: skipped {often}.",),
            paragraph=ENDINGS,
            names=_names(skipped.track),
            measures=(often,),
            gist=("skipped",),
        )
    if wrap.most_finished is not None and wrap.most_finished.finished >= 3:
        finished = wrap.most_finished
        name, often = _track(finished.track), counted(finished.finished, "time")
        yield Fact(
            key="most_finished",
            label="Played until it was over",
            value=f"{finished.track.name}, {often}",
            sentence=f"You let {name} play until it was over {often}.",
            others=(f"{name} was allowed to play until it was over {often}.",),
            paragraph=ENDINGS,
            names=_names(finished.track),
            measures=("until it was over", often),
        )
    if wrap.last_song is not None:
        name = _track(wrap.last_song.track)
        yield Fact(
            key="last_song",
            label="Last song",
            value=wrap.last_song.track.name,
            sentence=f"The last song {spoken} was {name}.",
            others=(f"The last word {spoken} went to {name}.",),
            paragraph=ENDINGS,
            names=_names(wrap.last_song.track),
            # without its "so far" it would be another fact
            measures=(spoken,) if goes_on(wrap) else (),
            gist=("last",),
            optional=() if goes_on(wrap) else (spoken,),
        )


def _track(track: TrackRef) -> str:
    return f"{quoted(track.name)} by {track.artist.name}"


def _names(track: TrackRef) -> tuple[str]:
    return (_track(track),)
