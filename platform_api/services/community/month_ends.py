"""The news that a month of somebody's listening is over, or a year."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from platform_api.core.settings import Settings
from platform_api.crud import users
from platform_api.services.analytics.spans import parse_span, previous_span
from platform_api.services.community import notifications
from platform_api.services.inference.client import InferenceClient
from platform_api.utils.clock import utc_now

SETTLES_IN = timedelta(hours=6)
"""What was played until midnight has arrived by then, and nobody is woken."""
NEWS_DAYS = 7
"""Later it is no news: who brings their history on the 20th is not told of the month before."""
DECEMBER = 12


def notice_months_that_ended(session: Session, _: Settings, __: InferenceClient) -> None:
    tell_of_ended_months(session, utc_now())


def tell_of_ended_months(session: Session, now: datetime) -> None:
    """Tells everybody who listened in the month that ended, once, by their own clock. Workers may all ask at once."""
    for name in users.time_zones(session):
        zone = ZoneInfo(name)
        today = (now - SETTLES_IN).astimezone(zone).date()
        month = previous_span(parse_span(f"{today:%Y-%m}", today, None))
        if month is None or today.day > NEWS_DAYS:
            continue
        for user_id in users.claim_ended_month(session, name, month.first_day, month.moments(zone)):
            notifications.tell(session, user_id, "span_over", span=month.text)
            if month.first_day.month == DECEMBER:
                notifications.tell(session, user_id, "span_over", span=f"{month.first_day.year}")
