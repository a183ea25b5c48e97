"""The six months of a consent, which no refresh makes longer."""

import calendar
from datetime import datetime, timedelta

MONTHS = 6
WARNED_BEFORE = timedelta(days=14)


def ends_at(consented_at: datetime) -> datetime:
    return before_months(consented_at, -MONTHS)


def before_months(moment: datetime, months: int) -> datetime:
    """The same day and time so many months earlier, later where negative; or that month's last day.

    >>> from datetime import UTC
    >>> before_months(datetime(2026, 8, 31, 9, tzinfo=UTC), 6).isoformat()
    '2026-02-28T09:00:00+00:00'
    >>> before_months(datetime(2026, 8, 31, 9, tzinfo=UTC), -6).isoformat()
    '2027-02-28T09:00:00+00:00'
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last_day))
