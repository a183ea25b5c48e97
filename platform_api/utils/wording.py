"""Numbers, dates and lists as a sentence says them, in English."""

from collections.abc import Sequence
from datetime import date

NO_BREAK = "\N{NO-BREAK SPACE}"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """
    >>> counted(1, "listen"), counted(1200, "listen"), counted(2, "day with music", "days with music")
    ('1 listen', '1,200 listens', '2 days with music')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def times(number: int) -> str:
    """
    >>> times(1), times(2), times(1500)
    ('once', 'twice', '1,500 times')
    """
    return {1: "once", 2: "twice"}.get(number, f"{number:,} times")


def spoken_date(day: date) -> str:
    """
    >>> spoken_date(date(2024, 3, 4))
    '4 March 2024'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def listed(words: Sequence[str]) -> str:
    """
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def quoted(title: str) -> str:
    """
    >>> quoted("Salt")
    '“Salt”'
    """
    return f"“{title}”"


def clock_hour(hour: int) -> str:
    """
    >>> clock_hour(7), clock_hour(22)
    ('7:00', '22:00')
    """
    return f"{hour}:00"


def percent(share: float) -> str:
    r"""Number and sign stay on one line.

    >>> percent(0.256), percent(0.004)
    ('26\xa0%', 'less than 1\xa0%')
    """
    return f"{share:.0%}".replace("%", NO_BREAK + "%") if share >= 0.01 else f"less than 1{NO_BREAK}%"
