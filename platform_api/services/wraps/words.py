"""What a link to a wrap says about itself, from what it shows."""

from platform_api.schemas.analysis import Span
from platform_api.schemas.shown_wraps import ShownWrap
from platform_api.utils.wording import MONTHS, counted, listed

NAMES_TOLD = 3


def span_name(span: Span) -> str:
    """ "2024", "May 2024", "17 May 2024", "All time", "3 Jan 2024 – 9 Mar 2024"."""
    first, last = span.first_day, span.last_day
    if span.text == "all":
        return "All time"
    if len(span.text) == 4:
        return str(first.year)
    if len(span.text) == 7:
        return f"{MONTHS[first.month - 1]} {first.year}"
    ends = [f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}" for day in (first, last)]
    return ends[0] if first == last else " – ".join(ends)


def kept_name(wrap: ShownWrap) -> str:
    """The span as far as it was counted: "2026, until 12 Nov" where it still ran; all time always says until when."""
    name, day = span_name(wrap.span), wrap.told_on
    if day is None or (wrap.span.text != "all" and day >= wrap.span.last_day):
        return name
    until = f"{day.day} {MONTHS[day.month - 1][:3]}"
    return f"{name}, until {until} {day.year}" if wrap.span.text == "all" else f"{name}, until {until}"


def title(wrap: ShownWrap) -> str:
    return f"{kept_name(wrap)}, as {wrap.name or 'somebody'} heard it"


def description(wrap: ShownWrap) -> str:
    told = []
    if wrap.amounts and wrap.amounts.minutes:
        told.append(f"{counted(wrap.amounts.minutes, 'minute')} of music.")
    if wrap.top_artists:
        told.append(f"Longest with {listed([item.name for item in wrap.top_artists[:NAMES_TOLD]])}.")
    elif wrap.top_tracks:
        told.append(f"Played most: {wrap.top_tracks[0].name}.")
    return " ".join([*told, "A wrap to play, screen by screen."])
